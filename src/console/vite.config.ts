/** The console's sources come in; its page, scripts and styles go out, to be served at `/console/`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** For `npx vite -c src/console/vite.config.ts`: the API of a harness that runs beside it. */
const API = process.env.FISHPLATE_URL ?? 'http://127.0.0.1:8787';

export default defineConfig({
  root: here('.'),
  base: '/console/',
  esbuild: { jsx: 'automatic' },
  // Definitions describe themselves in plain text; the form library would bring a Markdown parser for them.
  resolve: { alias: [{ find: /^markdown-to-jsx.*$/, replacement: here('form/plain-text.tsx') }] },
  server: { proxy: { '/v1.0': { target: API } } },
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    // The policy allows images from data:, and neither scripts nor styles in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // test/e2e/bundle.test.ts measures, gzipped and over all.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      // Only the form library's own test bed wants it, and that is shaken off - by leave of the next line.
      external: ['@rjsf/validator-ajv8'],
      treeshake: { moduleSideEffects: (id) => !id.includes('@rjsf/') },
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
