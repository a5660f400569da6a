import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPages } from '../scripts/docs-pages.js';
import { loadConnectorOrThrow } from '../src/definition/load.ts';
import { problemCatalogue } from '../src/definition/problem.ts';
import { loadSource } from '../src/definition/source.ts';
import { errorCatalogue } from '../src/errors.ts';

const readPage = (path: string) => readFileSync(path, 'utf8');
const folders = readdirSync('connector').map((name) => `connector/${name}`);
const connectors = await Promise.all(
  folders.map(async (folder) => ({
    folder,
    connector: await loadConnectorOrThrow(folder),
    source: await loadSource(folder),
  })),
);
const current = buildPages({ errorCatalogue, problemCatalogue, connectors, readPage });

const written = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs').map((name) => `docs/${name}`),
  ...folders.flatMap((folder) => [`${folder}/README.md`, `${folder}/METHODS.md`]),
];

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
  [...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutCode = (page: string) => page.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

describe('the pages that follow from the code', () => {
  it.each([...current.keys()])('%s is what `npm run docs` writes', (path) => {
    expect(readPage(path) === current.get(path), 'run `npm run docs` and keep what it writes').toBe(true);
  });

  it('cannot be made from a page without its markers', () => {
    const pages = { errorCatalogue, problemCatalogue, connectors: [], readPage: () => '# Errors' };
    expect(() => buildPages(pages)).toThrow('<!-- errors -->');
  });

  it('change when a code of an error changes', () => {
    const changed = { 'some.code': { category: 'input', meaning: 'New | old', hint: 'Look.' } };
    const pages = buildPages({ errorCatalogue: changed, problemCatalogue, connectors: [], readPage });
    expect(pages.get('docs/errors.md')).toContain('| `some.code` | input | New \\| old | Look. |');
  });
});

describe('the documentation', () => {
  it.each(written)('%s leads only to files and headings that exist', (path) => {
    const links = [...withoutCode(readPage(path)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readPage(target)).includes(anchor);
    });
    expect([...new Set(broken.map(([link]) => link))]).toEqual([]);
  });

  it.each(written)('%s has no two headings of one name, which links could not tell apart', (path) => {
    const anchors = anchorsOf(readPage(path).replace(/^```[\s\S]*?^```$/gm, ''));
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  it('begins with a README of less than 8 KB', () => {
    expect(Buffer.byteLength(readPage('README.md'))).toBeLessThan(8192);
  });
});
