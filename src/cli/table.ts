/** Rows of texts come in, an aligned table goes out. */

/** Columns are as wide as their widest text; the last one is not padded. No rows, no table. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head.map((text) => text.toUpperCase()), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
