/** Rows come in, the content of a file goes out; and the other way round. CSV is that of RFC 4180. */
import { isObject } from './dotted.ts';
import type { Row } from './rows.ts';

export interface FileContent {
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

type Form = 'csv' | 'json' | 'jsonl';

const mediaTypes: Readonly<Record<Form, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonl',
};

/** The form that a media type or the end of a file name stands for; JSON for all others. */
export function formOf(name: string): Form {
  const bare = name.split(';')[0]?.trim().toLowerCase() ?? '';
  const end = bare.split(/[./]/).at(-1);
  return end === 'csv' || end === 'jsonl' ? end : 'json';
}

/** Writes rows; a single value that is no list is written as it is, in JSON. */
export function writeFile(format: string, content: unknown): FileContent {
  const form = formOf(format);
  const text = Array.isArray(content) ? writeRows(form, content.filter(isObject)) : JSON.stringify(content);
  return { type: mediaTypes[Array.isArray(content) ? form : 'json'], bytes: Buffer.from(text) };
}

function writeRows(form: Form, rows: readonly Row[]): string {
  if (form === 'json') return JSON.stringify(rows);
  if (form === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => writeCell(row[column])));
  return [columns.map(writeCell), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function writeCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a file; undefined when it is not of its type. Cells that are numbers in JSON become numbers. */
export function readRows({ type, bytes }: FileContent): readonly unknown[] | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const form = formOf(type);
  if (form === 'csv') return readCsv(text);
  try {
    if (form === 'json') {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value : undefined;
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

function readCsv(text: string): Row[] | undefined {
  const [head, ...lines] = splitCsv(text);
  if (!head) return undefined;
  return lines.map((cells) =>
    Object.fromEntries(head.map((column, at) => [column, readCell(cells[at] ?? '')])),
  );
}

const readCell = (text: string) => (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : text);

/** Cells are plain or in double quotes; a doubled quote within stands for one. */
function splitCsv(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') lines.push(cells);
    cells = [];
  }
  return lines;
}
