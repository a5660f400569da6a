import { describe, expect, it } from 'vitest';
import { formOf, readRows, writeFile } from '../../src/sandbox/file-content.ts';

const read = (type: string, text: string) => readRows({ type, bytes: Buffer.from(text) });
const write = (format: string, content: unknown) => {
  const { type, bytes } = writeFile(format, content);
  return [type, Buffer.from(bytes).toString()];
};

describe('a file cannot be read', () => {
  it('when it is not of its type', () => {
    expect(read('application/json', '{"a": 1}')).toBeUndefined();
    expect(read('application/json', '[1')).toBeUndefined();
    expect(read('application/jsonl', '{"a": 1}\n{"a"')).toBeUndefined();
    expect(read('text/csv', '')).toBeUndefined();
  });
});

describe('files', () => {
  it('have the form that a media type, a file name or a short name says', () => {
    const forms = [
      'text/csv; charset=utf-8',
      'prices.CSV',
      'csv',
      'application/jsonl',
      'rows.jsonl',
      'text/json',
      'x',
    ];
    expect(forms.map(formOf)).toEqual(['csv', 'csv', 'csv', 'jsonl', 'jsonl', 'json', 'json']);
  });

  it('are written and read again', () => {
    const rows = [
      { name: 'Acme, "Ltd"\nLondon', size: -2.5 },
      { name: '', size: 0, code: '012' },
    ];
    for (const format of ['csv', 'json', 'jsonl']) {
      const { type, bytes } = writeFile(format, rows);
      const full = format === 'csv' ? [{ ...rows[0], code: '' }, rows[1]] : rows;
      expect([format, readRows({ type, bytes })]).toEqual([format, full]);
    }
  });

  it('are CSV with a head, quotes where they are needed, and JSON within cells', () => {
    expect(
      write('csv', [
        { a: 1, b: { c: 'x' } },
        { a: null, d: true },
      ]),
    ).toEqual(['text/csv', 'a,b,d\r\n1,"{""c"":""x""}",\r\n,,true\r\n']);
  });

  it('hold a single value as JSON, whatever form was asked for', () => {
    expect(write('csv', { a: 1 })).toEqual(['application/json', '{"a":1}']);
  });

  it('are read with empty lines, line feeds and missing cells', () => {
    expect(read('text/csv', 'a,b\n\n1\n"x ""y""",2')).toEqual([
      { a: 1, b: '' },
      { a: 'x "y"', b: 2 },
    ]);
    expect(read('application/jsonl', '{"a":1}\n\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
  });
});
