/** Catalogues and connectors come in; every page that follows from them, by its path, goes out. */
import { buildGuideTables } from './docs-guide.js';
import { fill, table } from './docs-markdown.js';
import { buildMethodsPage } from './docs-methods.js';

/** See docs-pages.d.ts. Pages that people write are read, and only what stands between their markers is replaced. */
export function buildPages({ errorCatalogue, problemCatalogue, connectors, readPage }) {
  const errors = fillAll(readPage('docs/errors.md'), {
    errors: errorsTable(errorCatalogue),
    problems: problemsTable(problemCatalogue),
  });
  const pages = connectors.flatMap(({ folder, connector, source }) => {
    const categories = categoriesOf(connector, source);
    const guide = `${folder}/README.md`;
    return [
      [guide, fillAll(readPage(guide), buildGuideTables(connector, categories))],
      [`${folder}/METHODS.md`, buildMethodsPage(connector, categories)],
    ];
  });
  return new Map([['docs/errors.md', errors], ...pages]);
}

const fillAll = (page, parts) =>
  Object.entries(parts).reduce((text, [name, content]) => fill(text, name, content), page);

const errorsTable = (catalogue) =>
  table(
    ['Code', 'Category', 'What happened', 'What to do'],
    Object.entries(catalogue).map(([code, { category, meaning, hint }]) => [
      `\`${code}\``,
      category,
      meaning,
      hint,
    ]),
  );

const problemsTable = (catalogue) =>
  table(
    ['Code', 'What is wrong'],
    Object.entries(catalogue).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );

/** Files of methods in the order of their names, with what a compiled connector no longer knows of them. */
const categoriesOf = ({ methods }, { files }) =>
  files
    .filter(({ kind }) => kind === 'methods')
    .map(({ path, data }) => ({
      name: data.category,
      description: data.description ?? '',
      file: path,
      methods: Object.keys(data.methods).map((name) => methods[`${data.key}.${name}`]),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
