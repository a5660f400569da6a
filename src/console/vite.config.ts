/** The console's sources come in; its page, scripts and styles go out, to be served at `/console/`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** For `npx vite -c src/console/vite.config.ts`: the API of a harness that runs beside it. */
const API = process.env.FISHPLATE_URL ?? 'http://127.0.0.1:8787';

/**
 * Together they compress better than one by one: what pages share, and the libraries below it. The form library, which few
 * pages need, is loaded with those.
 */
function manualChunks(id: string): string | undefined {
  if (/node_modules\/(?:@mantine|@floating-ui|@tabler|@tanstack|react|react-dom|react-router)\//.test(id))
    return 'base';
  return undefined;
}

/** A component whose styles nobody listed in mantine.css would be there, and look like nothing. */
function failWithoutStyles(): Plugin {
  const listed = readFileSync(here('mantine.css'), 'utf8');
  return {
    name: 'styles-of-components',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((one) =>
        one.type === 'chunk' ? Object.entries(one.modules) : [],
      );
      for (const [id, { renderedLength }] of modules) {
        if (renderedLength === 0) continue;
        const name = /@mantine\/core\/.*\/(\w+)\.module\.mjs$/.exec(id)?.[1];
        if (name !== undefined && !listed.includes(`/${name}.css'`))
          this.error(`mantine.css lacks ${name}.css, which ${id} needs`);
      }
    },
  };
}

export default defineConfig({
  root: here('.'),
  base: '/console/',
  esbuild: { jsx: 'automatic' },
  resolve: {
    alias: [
      // Definitions describe themselves in plain text; the form library would bring a Markdown parser for them.
      { find: /^markdown-to-jsx.*$/, replacement: here('form/plain-text.tsx') },
      // Browsers resolve references themselves.
      { find: /^fast-uri$/, replacement: here('form/uri.ts') },
      // Of the form library: what no form here uses, or the theme replaces, stays out.
      { find: './components/fields/index.js', replacement: here('form/core-fields.ts') },
      { find: './components/templates/index.js', replacement: here('form/core-templates.ts') },
      { find: './components/widgets/index.js', replacement: here('form/core-widgets.ts') },
      { find: /^\.{1,2}\/deepEquals\.js$/, replacement: here('form/deep-equals.ts') },
    ],
  },
  plugins: [failWithoutStyles()],
  server: { proxy: { '/v1.0': { target: API } } },
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    // The policy allows images from data:, and neither scripts nor styles in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // Slower than the usual one, and what it makes is 10 KB smaller.
    minify: 'terser',
    // test/e2e/bundle.test.ts measures, gzipped and over all.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      // Only the form library's own test bed wants it, and that is shaken off - by leave of the next line.
      external: ['@rjsf/validator-ajv8'],
      treeshake: { moduleSideEffects: (id) => !id.includes('@rjsf/') },
      output: { manualChunks },
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
