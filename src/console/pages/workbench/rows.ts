/** Rows of an answer come in; columns, cells and CSV go out. Pure. */

export const MOST_COLUMNS = 30;

/** What people look for first. */
const FIRST = ['name', 'title', 'code', 'id', 'status', 'state', 'type'];
/** What they look for last. */
const LAST = /^(?:version|dt|created|updated|modified|last)/i;

/** Names of fields, those of most use first; of rows that are no objects there is one without a name. */
export function columnsOf(rows: readonly unknown[]): string[] {
  const names = new Map<string, { isGroup: boolean }>();
  for (const row of rows.slice(0, 200)) {
    if (!isRecord(row)) continue;
    for (const [name, value] of Object.entries(row)) {
      const isGroup = typeof value === 'object' && value !== null;
      names.set(name, { isGroup: isGroup || names.get(name)?.isGroup === true });
    }
  }
  if (names.size === 0) return [''];
  const rank = (name: string): number => {
    const first = FIRST.indexOf(name.toLowerCase());
    if (first >= 0) return first;
    if (names.get(name)?.isGroup) return 200;
    return LAST.test(name) ? 300 : 100;
  };
  return [...names.keys()].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_COLUMNS);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const cellOf = (row: unknown, column: string): unknown => {
  if (column === '') return row;
  return isRecord(row) && Object.hasOwn(row, column) ? row[column] : undefined;
};

/** Texts as they are, anything else as JSON; empty for what is not there. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * RFC 4180, with every column. Texts that a spreadsheet would take for a formula begin with an apostrophe, as OWASP
 * advises ("CSV Injection").
 */
export function toCsv(rows: readonly unknown[]): string {
  const columns = [...new Set(rows.flatMap((row) => (isRecord(row) ? Object.keys(row) : [''])))];
  const line = (texts: readonly string[]) => texts.map(quote).join(',');
  return [
    line(columns.map((name) => (name === '' ? 'value' : name))),
    ...rows.map((row) => line(columns.map((column) => guarded(cellOf(row, column))))),
  ].join('\r\n');
}

const guarded = (value: unknown) =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : textOf(value);

const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
