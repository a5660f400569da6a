/** The sources of the command come in; they go out as a few files with what they depend on, because a thousand take a second to load. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative } from 'node:path';

/** Relative to the package: the sources, where the compiler puts them, and where the bundle goes. */
const SOURCES = 'src';
const COMPILED = 'dist';
export const BUNDLE = 'dist/bundle';

/**
 * The database is compiled for the machine it is installed on. What collects traces registers itself with the copy that it
 * shares with us, and not with one that is older than ours.
 */
const external = ['better-sqlite3', '@opentelemetry/api'];

/**
 * Writes `dist/bundle/main.js` and the chunks that it loads when a command wants them. The library stays as the compiler
 * made it: what it depends on is its user's as well.
 *
 * @param {string} root Absolute path of the package.
 * @returns {Promise<readonly string[]>} Absolute paths of the files that went into the bundle.
 */
export async function bundleCommand(root) {
  const { metafile } = await findEsbuild().build({
    absWorkingDir: root,
    entryPoints: [`${SOURCES}/cli/main.ts`],
    outdir: BUNDLE,
    chunkNames: '[hash]',
    ...{ bundle: true, splitting: true, metafile: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', external },
    // Names stay, for the traces of errors.
    ...{ minifySyntax: true, minifyWhitespace: true },
    // The notices of all of them are in one file beside it.
    legalComments: 'none',
    // What is CommonJS in there asks for the modules of Node.js.
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
    plugins: [keepPlaces(root), leaveOut],
  });
  return Object.keys(metafile.inputs)
    .filter((name) => !name.includes(':'))
    .map((name) => `${root}/${name}`);
}

/** Vite brings it. */
function findEsbuild() {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('vite/package.json'))('esbuild');
}

/** Modules that look for files beside themselves find them from where the compiler would have put the module. */
const keepPlaces = (root) => ({
  name: 'keep places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = relative(`${root}/${SOURCES}`, path).replace(/\.ts$/, '.js');
      const fromBundle = relative(`${root}/${BUNDLE}`, `${root}/${COMPILED}/${place}`);
      const url = `new URL(${JSON.stringify(fromBundle)}, import.meta.url)`;
      return { loader: 'ts', contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) };
    }),
});

/** Half of the bundle would be what none of our ways through these packages leads to; all of it would be parsed at every start. */
const leaveOut = {
  name: 'leave out',
  setup: ({ onResolve, onLoad }) => {
    // Its index loads fetch, caches, mocks and web sockets. A name that is missing here stops the build.
    onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'left-out',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /^undici$/, namespace: 'left-out' }, ({ pluginData: resolveDir }) => ({
      resolveDir,
      contents: `export { default as Agent } from 'undici/lib/dispatcher/agent.js';
        export { default as buildConnector } from 'undici/lib/core/connect.js';`,
    }));
    // What axios sends here is text that is ready to be sent; it knows itself what to do where there is no such class.
    onLoad({ filter: /[\\/]form-data[\\/]lib[\\/]form_data\.js$/ }, () => ({
      contents: 'module.exports = null;',
    }));
    // As text it is read several times as fast as in the middle of a program.
    onLoad({ filter: /mime-db[\\/]db\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});` };
    });
    // Tables of East Asian encodings. Bodies are read as bytes, forms as UTF-8 or Latin 1 only.
    onLoad({ filter: /iconv-lite[\\/]encodings[\\/]dbcs-data\.js$/ }, () => ({ contents: '' }));
  },
};
