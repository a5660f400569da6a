import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSource, parseSourceFile } from '../../src/definition/source.ts';

const parse = (text: string) => parseSourceFile('methods/x.yaml', 'methods', text);
const codesOf = (text: string) => parse(text).problems.map(({ code }) => code);

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('a file of a definition', () => {
  it.each<[string, string, string]>([
    ['a tab for indentation', 'a:\n\tb: 1', 'definition.yaml-syntax'],
    ['an unclosed quote', 'a: "b', 'definition.yaml-syntax'],
    ['an unclosed list', 'a: [1, 2', 'definition.yaml-syntax'],
    ['a second document', 'a: 1\n---\nb: 2', 'definition.yaml-syntax'],
    ['a tag that nobody knows', 'a: !secret b', 'definition.yaml-syntax'],
    ['a tag of another language', 'a: !!js/function "x"', 'definition.yaml-syntax'],
    ['a key twice', 'a: 1\nb: 2\na: 3', 'definition.duplicate-key'],
    [
      'a number and its text for keys, which are one key of an object',
      '1: a\n"1": b',
      'definition.duplicate-key',
    ],
    ['__proto__ for a key', 'a: { __proto__: { x: 1 } }', 'definition.forbidden-key'],
    ['constructor for a key, in quotes', '"constructor": 1', 'definition.forbidden-key'],
    ['prototype for a key', 'a:\n  - prototype: 1', 'definition.forbidden-key'],
    ['an alias', 'a: &x { b: 1 }\nc: *x', 'definition.alias'],
  ])('is refused with %s', (_, text, code) => {
    expect(codesOf(text)).toContain(code);
    expect(parse(text).file.data).toBeUndefined();
  });

  it.each([
    ['a tag for bytes', 'a: !!binary aGVsbG8='],
    ['a tag for dates', 'a: !!timestamp 2026-01-01'],
    ['a tag for a set', 'a: !!set { b, c }'],
    ['a tag for an ordered map, whose keys no schema would see', 'a: !!omap [ b: 1 ]'],
  ])('is refused with %s', (_, text) => expect(codesOf(text)).toEqual(['definition.yaml-syntax']));

  it.each([
    ['brackets', `a: ${'['.repeat(100_000)}`, 'column 104'],
    ['braces, closed ones', `a: ${'{ b: '.repeat(5_000)}1${' }'.repeat(5_000)}`, 'column 504'],
    ['items of items', `a:\n${'- '.repeat(5_000)}x`, 'line 2'],
    [
      'indentation',
      Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
      'line 202',
    ],
  ])('is refused with too many %s within each other, before they are parsed', (_, text, place) => {
    const { file, problems } = parse(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'definition.yaml-syntax',
      message: 'this is nested more than 100 levels deep',
    });
    expect(`line ${problems[0]?.line}, column ${problems[0]?.column}`).toContain(place);
    expect(file.data).toBeUndefined();
  });

  it('may hold brackets and wide lines in its texts', () => {
    const text = `a: |\n  ${'['.repeat(300)}\n  ${' '.repeat(300)}- x\nb: "${'{'.repeat(300)}"\nc: x ${'['.repeat(300)}\n`;
    expect(codesOf(text)).toEqual([]);
  });

  it('is refused before an alias can blow it up', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 12; level++) {
      const [name, before] = ['bcdefghijklm'[level], 'abcdefghijkl'[level]];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    expect(new Set(codesOf(bomb.join('\n')))).toEqual(new Set(['definition.alias']));
  });

  it('reads YAML 1.2: yes and on are words, 0o17 is a number, << is a key like any other', () => {
    expect(parse('a: yes\nb: on\nc: 0o17\nd: 012\n"<<": x').file.data).toEqual({
      a: 'yes',
      b: 'on',
      c: 15,
      d: 12,
      '<<': 'x',
    });
  });

  it('knows where everything stands, and the nearest parent of what is not there', () => {
    const { file } = parse('a:\n  - b: 1\n    "c/d": { e: 2 }\n');
    expect(file.position(['a'])).toEqual({ line: 2, column: 3 });
    expect(file.position(['a'], 'key')).toEqual({ line: 1, column: 1 });
    expect(file.position(['a', 0, 'c/d', 'e'])).toEqual({ line: 3, column: 17 });
    expect(file.position(['a', 0, 'b'], 'key')).toEqual({ line: 2, column: 5 });
    expect(file.position(['a', 0, 'nothing', 'here'])).toEqual(file.position(['a', 0]));
    expect(file.position(['a', 7, 'x'])).toEqual(file.position(['a']));
    expect(file.position([])).toEqual({ line: 1, column: 1 });
  });

  it('may be empty: that is for its schema to refuse', () => {
    expect(parse('').problems).toEqual([]);
    expect(parse('').file.data).toBeNull();
    expect(parse('').file.position(['a'])).toEqual({ line: 1, column: 1 });
  });
});

describe('a folder', () => {
  it('is told what it lacks', async () => {
    const { problems, files } = await loadSource(folderOf({ 'methods/a.yaml': 'a: 1' }));
    expect(problems).toMatchObject([{ code: 'definition.not-found', file: 'connector.yaml' }]);
    expect(files).toEqual([]);
  });

  it('that is a file is no connector', async () => {
    const { problems } = await loadSource(join(folderOf({ 'connector.yaml': 'a: 1' }), 'connector.yaml'));
    expect(problems).toMatchObject([{ code: 'definition.not-found' }]);
  });

  it('gives its files in one order everywhere, by role, and leaves others alone', async () => {
    const { files, problems, assets } = await loadSource(
      folderOf({
        'methods/b.yaml': 'b: 1',
        'methods/a.yml': 'a: 1',
        'types/t.yaml': 't: 1',
        'connector.yaml': 'name: x',
        'icon.svg': '<svg/>',
        'README.md': 'not ours',
        'methods/notes.txt': 'not ours',
        'methods/deeper/c.yaml': 'not: ours',
      }),
    );
    expect(problems).toEqual([]);
    expect(files.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'connector connector.yaml',
      'methods methods/a.yml',
      'methods methods/b.yaml',
      'types types/t.yaml',
    ]);
    expect(Object.keys(assets)).toEqual(['icon.svg']);
  });

  it('has the problems of all its files', async () => {
    const { problems } = await loadSource(
      folderOf({ 'connector.yaml': 'a: [', 'types/t.yaml': 'a: 1\na: 2' }),
    );
    expect(problems.map(({ file }) => file)).toEqual(['connector.yaml', 'types/t.yaml']);
  });
});
