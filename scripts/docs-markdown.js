/** Rows and texts come in, Markdown goes out: tables, links to headings, generated parts between markers. */

/** A table; cells may hold line breaks and bars. Columns that are empty in every row are left out. */
export function table(head, rows) {
  if (rows.length === 0) return 'None.';
  const kept = head.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''));
  const line = (cells) => `| ${cells.filter((_, index) => kept[index]).join(' | ')} |`;
  const rule = line(head.map(() => '---')).replaceAll(' ', '');
  return [line(head), rule, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

const cell = (text) => String(text).replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();

/** A link to a heading of the same page or of `page`, as GitHub names headings. */
export const linkTo = (heading, page = '') => `[${heading}](${page}#${anchorOf(heading)})`;

const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** Names and values as code, with commas between them. */
export const codes = (texts) => texts.map((text) => `\`${text}\``).join(', ');

/** A compiled template with its placeholders as `{name}`. */
export const templateText = (template, rename = (name) => name) =>
  template.map((part) => (typeof part === 'string' ? part : `{${rename(part.name)}}`)).join('');

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`; throws when the page has no such place. */
export function fill(page, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start === -1 || end < start) throw new Error(`the page has no ${open} ... ${close}`);
  return `${page.slice(0, start + open.length)}\n\n${content}\n\n${page.slice(end)}`;
}
