import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemCatalogue } from '../src/definition/problem.ts';
import { errorCatalogue } from '../src/errors.ts';

const errorsPage = readFileSync('docs/errors.md', 'utf8');
const rows = [...errorsPage.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| (.*) \|$/gm)].map(
  (match) => [match[1] ?? '', match[2] ?? ''] as const,
);

describe('docs/errors.md', () => {
  it('has one row for every code of running code, as the catalogue has it', () => {
    const expected = Object.entries(errorCatalogue).map(([code, { category, meaning, hint }]) => [
      code,
      `${category} | ${meaning} | ${hint}`,
    ]);
    expect(rows.filter(([code]) => Object.hasOwn(errorCatalogue, code))).toEqual(expected);
  });

  it('has one row for every code of a definition problem, as the catalogue has it', () => {
    expect(rows.filter(([code]) => code.startsWith('definition.'))).toEqual(Object.entries(problemCatalogue));
  });

  it('has no row for a code that does not exist', () => {
    const codes = new Set([...Object.keys(errorCatalogue), ...Object.keys(problemCatalogue)]);
    expect(rows.map(([code]) => code).filter((code) => !codes.has(code))).toEqual([]);
  });
});
