/** The fault tables of docs/reliability.md come in; what in them is not so comes out as a list of complaints, which must be empty. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from '../src/config.ts';
import { problemCatalogue } from '../src/definition/problem.ts';
import { errorCatalogue } from '../src/errors.ts';

const page = readFileSync('docs/reliability.md', 'utf8');
const header = ['Fault', 'What a caller sees', 'What is guaranteed', 'The test that proves it'];

const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(file, 'utf8');

/** Tests that several stores share stand in files of their own, which are run by those that import them. */
const isRun = (file: string, through: readonly string[] = []): boolean =>
  file.endsWith('.test.ts') ||
  tests.some(
    (other) =>
      !through.includes(other) &&
      textOf(other).includes(`/${basename(file)}'`) &&
      isRun(other, [...through, file]),
  );

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

interface Section {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The tables of a page, by the headings that they stand under. */
const tablesOf = (text: string): Section[] =>
  text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      name: part.split('\n')[0] ?? '',
      lines: part.split('\n').filter((line) => line.startsWith('|')),
    }));

/** How many tests or groups of a file have a title that begins so. */
const countTitles = (file: string, title: string): number => {
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [...textOf(file).matchAll(new RegExp(`(?:\\b(?:describe|it|test)|\\))\\(\\s*['"\`]${literal}`, 'g'))]
    .length;
};

/** What is wrong with the last cell of a row: `` `file` "title"; "another title of it" ``. */
function faultsOfReferences(cell: string): string[] {
  if (!/^`[^`]+` "[^"]+"(?:; (?:`[^`]+` )?"[^"]+")*$/.test(cell)) return [`cannot be read: ${cell}`];
  let file = '';
  return [...cell.matchAll(/(?:`([^`]+)` )?"([^"]+)"/g)].flatMap(([, named, title = '']) => {
    file = named ?? file;
    if (!existsSync(file)) return [`no file ${file}`];
    if (!isRun(file)) return [`${file} is not run`];
    const count = countTitles(file, title);
    return count === 1 ? [] : [`${count} titles in ${file} begin with "${title}"`];
  });
}

function faultsOfRow(line: string): string[] {
  const cells = cellsOf(line);
  if (cells.length !== header.length) return [`${cells.length} cells: ${line}`];
  if (cells.includes('')) return [`an empty cell: ${line}`];
  return faultsOfReferences(cells.at(-1) ?? '');
}

/** What is wrong with a table: its head, and each of its rows. */
function faultsOf({ name, lines: [head = '', rule = '', ...rows] }: Section): string[] {
  const faults = [
    ...(cellsOf(head).join() === header.join() ? [] : [`the head is ${head}`]),
    ...(rule === '|---|---|---|---|' ? [] : [`the rule is ${rule}`]),
    ...(rows.length > 0 ? [] : ['no rows']),
  ];
  return [...faults, ...rows.flatMap(faultsOfRow)].map((fault) => `${name}: ${fault}`);
}

const tables = tablesOf(page).filter(({ lines }) => lines.length > 0);

describe('a fault table is refused', () => {
  const here = '`test/reliability.test.ts`';
  const proof = `${here} "for %s"`;
  it.each([
    ['three columns', `| a | b | ${proof} |`, '3 cells'],
    ['five columns', `| a | b | c | d | ${proof} |`, '5 cells'],
    ['an empty cell', `| a | | c | ${proof} |`, 'an empty cell'],
    ['no test', '| a | b | c | - |', 'cannot be read'],
    ['a file that is not there', '| a | b | c | `test/nowhere.test.ts` "x" |', 'no file'],
    ['a file that nothing runs', '| a | b | c | `vitest.config.ts` "x" |', 'is not run'],
    ['a title that is not there', `| a | b | c | ${here} "is no title" |`, '0 titles'],
    ['a title that several have', '| a | b | c | `test/transport/axios-server.test.ts` "is" |', 'titles in'],
    ['a second title that is not there', `| a | b | c | ${proof}; "is no title" |`, '0 titles'],
  ])('for %s', (_, line, fault) => {
    expect(faultsOfRow(line)).toEqual([expect.stringContaining(fault)]);
  });

  it('but not for a row that is in order', () => {
    expect(faultsOfRow(`| a | b | c | ${proof}; "but not for" |`)).toEqual([]);
  });

  it('when its head or its rows are missing', () => {
    expect(faultsOf({ name: 'x', lines: [] })).toHaveLength(3);
  });
});

describe('the fault tables', () => {
  it('are there for everything that is promised', () => {
    expect(tables.map(({ name }) => name)).toEqual([
      'Tokens',
      'Sending and retries',
      'Idempotency keys',
      'Limits',
      'Rotation of credentials',
      'Rotation of the encryption key',
      'Transport and outbound safety',
      'Callers and inbound safety',
      'Definitions',
      'Secrets',
      'Log, metrics, shutdown',
    ]);
  });

  it.each(tables.map((table) => [table.name, table] as const))(
    'have four full columns, and a test in each row that is there: %s',
    (_, table) => {
      expect(faultsOf(table)).toEqual([]);
    },
  );

  it('name only codes and variables that exist', () => {
    const families = new Set(
      Object.keys({ ...errorCatalogue, ...problemCatalogue }).map((code) => code.split('.')[0]),
    );
    const codes = [...page.matchAll(/`([a-z]+\.[a-z-]+)`/g)]
      .map(([, code = '']) => code)
      .filter((code) => families.has(code.split('.')[0]));
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter((code) => !(code in errorCatalogue) && !(code in problemCatalogue))).toEqual([
      'vendor.status',
    ]);
    const named = [...page.matchAll(/FISHPLATE_[A-Z_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !(name in variables))).toEqual([]);
  });
});
