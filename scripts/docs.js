/** The code and the connectors come in; the pages that follow from them are written. Run it after `npm run build`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadConnectorOrThrow } from '../dist/definition/load.js';
import { problemCatalogue } from '../dist/definition/problem.js';
import { loadSource } from '../dist/definition/source.js';
import { errorCatalogue } from '../dist/errors.js';
import { buildPages } from './docs-pages.js';

const placeOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const folders = readdirSync(placeOf('connector')).map((name) => `connector/${name}`);
const connectors = await Promise.all(
  folders.map(async (folder) => ({
    folder,
    connector: await loadConnectorOrThrow(placeOf(folder)),
    source: await loadSource(placeOf(folder)),
  })),
);
const readPage = (path) => readFileSync(placeOf(path), 'utf8');
for (const [path, text] of buildPages({ errorCatalogue, problemCatalogue, connectors, readPage }))
  writeFileSync(placeOf(path), text);
