import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAst } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtConsole } from './built-console.ts';

const MOST_BYTES = 400_000;
/** Of what is loaded before the first page is seen. */
const MOST_FIRST_BYTES = 260_000;

/** Of the statements, not of the text: a column may be called "from". */
const importsOf = (code: string): string[] =>
  parseAst(code).body.flatMap((node) =>
    'source' in node && node.source ? [String((node.source as { value?: unknown }).value)] : [],
  );

describe('the built console', () => {
  let folder = '';
  const page = () => readFileSync(join(folder, 'index.html'), 'utf8');
  const assets = () => readdirSync(join(folder, 'assets'));
  const textOf = (name: string) => readFileSync(join(folder, 'assets', name), 'utf8');
  const bytesOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + gzipSync(textOf(name)).length, 0);
  const scripts = () => assets().filter((name) => name.endsWith('.js'));

  beforeAll(async () => {
    folder = await builtConsole();
  }, 120_000);

  it('stays below 400 KB gzipped, and what is loaded first below 260 KB', () => {
    const sizes = assets().map((name) => `${bytesOf([name])} ${name}`);
    expect(bytesOf(assets()), sizes.join('\n')).toBeLessThan(MOST_BYTES);
    const first = assets().filter((name) => page().includes(name));
    expect(bytesOf(first), first.join('\n')).toBeLessThan(MOST_FIRST_BYTES);
  });

  it('loads nothing from elsewhere and writes nothing into the page that its policy forbids', () => {
    expect(page()).not.toMatch(/(?:src|href)="(?!\/console\/)/);
    expect(page()).not.toMatch(/<style|<script(?![^>]* src=)| style=| on\w+=/);
    expect(page()).toContain('<meta name="nonce" content="__NONCE__" />');
  });

  it('makes no code from text, and needs no module that is not in it', () => {
    for (const name of scripts()) {
      expect(textOf(name).match(/new Function\(|[^\w.]eval\(/), name).toBeNull();
      expect(
        importsOf(textOf(name)).filter((source) => !source.startsWith('./')),
        name,
      ).toEqual([]);
      expect(textOf(name).match(/\bimport\(["'`](?!\.\/)/), name).toBeNull();
    }
  });

  it('has a chunk of its own for each page', () => {
    for (const name of ['library', 'setup', 'sign-in'])
      expect(
        scripts().some((file) => file.startsWith(`${name}-`)),
        name,
      ).toBe(true);
  });
});
