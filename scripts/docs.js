// Writes the pages that follow from the code: docs/errors.md. Run it after `npm run build`; tests compare the result.
import { readFileSync, writeFileSync } from 'node:fs';
import { problemCatalogue } from '../dist/definition/problem.js';
import { errorCatalogue } from '../dist/errors.js';

const page = new URL('../docs/errors.md', import.meta.url);
const rows = (entries) => entries.map(([code, text]) => `| \`${code}\` | ${text} |`).join('\n');

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fill(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(open) + open.length;
  return `${text.slice(0, start)}\n\n${content}\n\n${text.slice(text.indexOf(close))}`;
}

let text = readFileSync(page, 'utf8');
const running = Object.entries(errorCatalogue).map(([code, { category, meaning, hint }]) => [
  code,
  `${category} | ${meaning} | ${hint}`,
]);
text = fill(
  text,
  'errors',
  `| Code | Category | What happened | What to do |\n|---|---|---|---|\n${rows(running)}`,
);
text = fill(
  text,
  'problems',
  `| Code | What is wrong |\n|---|---|\n${rows(Object.entries(problemCatalogue))}`,
);
writeFileSync(page, text);
