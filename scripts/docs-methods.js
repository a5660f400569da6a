/** A connector comes in; its method reference, one page of Markdown, goes out. */
import { fieldsOf } from './docs-fields.js';
import { codes, linkTo, table, templateText } from './docs-markdown.js';
import { createTypeList, detailText, fieldsTable } from './docs-types.js';

/** What most methods have in common is said once, at the top. */
export function buildMethodsPage(connector, categories) {
  const methods = Object.values(connector.methods);
  const usual = {
    host: mostCommon(methods.map(({ host }) => host)),
    limits: mostCommon(methods.map(limitsText)),
  };
  const types = createTypeList(connector.types);
  const sections = categories.map((category) => categorySection({ connector, usual, types }, category));
  return `${[
    `# ${connector.title}: methods`,
    introduction(connector, usual),
    '## Contents',
    categoriesTable(categories),
    ...sections,
    ...uploadsSection(connector),
    '## Types',
    'What bodies and answers are made of, by name.',
    ...types.sections(),
  ].join('\n\n')}\n`;
}

/** Categories as a table; `page` is where their sections are, when that is another page. */
export function categoriesTable(categories, page = '') {
  const rows = categories.map(({ name, description, methods }) => [
    linkTo(name, page),
    methods.length,
    description,
  ]);
  return table(['Category', 'Methods', 'About'], rows);
}

function introduction({ title, version, methods, settings }, usual) {
  const all = Object.values(methods);
  const filled = Object.values(settings)
    .filter(({ vendorName }) => vendorName)
    .map(
      ({ label, vendorName }) =>
        ` \`{${vendorName}}\` is filled with the setting ${label}, not with each call.`,
    );
  const limits = usual.limits === '' ? '' : ` and counts against the limit ${usual.limits}`;
  return `All ${all.length} methods of the connector, release ${version}. \`npm run docs\` writes this page from the definition in this
folder; [README.md](README.md) tells how to set ${title} up and what to beware of.

- A method is called by its key, such as \`${all[0]?.key}\`: in the CLI, in the library and over HTTP.
- Paths stand as ${title} writes them.${filled.join('')}
- Unless something else is said, a method is sent to the host \`${usual.host}\`${limits}.
- *Read only* methods change nothing and may be repeated. Of the others, *idempotent* ones may be repeated too.
- Methods with pages take \`--all\` in the CLI and \`pages\` in the library, which go on until the last page.
- In the column Type, numbers in brackets bound a text's length, a number's value or a list's length. *Lookup* names the
  list from which the value can be chosen by name.
- Secrets in clear are masked in previews; bodies and answers are not logged.`;
}

function categorySection(context, { name, description, file, methods }) {
  const sections = methods.map((method, index) => methodSection(context, method, methods.slice(0, index)));
  const about = `${description} Defined in [${file}](${file}).`.trim();
  return [`## ${name}`, about, ...sections].join('\n\n');
}

function methodSection(context, method, earlier) {
  const { connector, types } = context;
  const path = templateText(method.path, (name) => pathName(connector, method, name));
  const marks = marksOf(context, method).map((mark) => ` - ${mark}`);
  return [
    `### ${method.name}`,
    `\`${method.key}\` - \`${method.verb} ${path}\`${marks.join('')}`,
    method.description,
    ...(method.warning === undefined ? [] : [`**Warning:** ${method.warning}`]),
    ...parametersTable(method, types),
    ...bodyPart(method, earlier, types),
    notesOf(method, types).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const pathName = ({ settings }, { parameters }, name) =>
  Object.hasOwn(parameters, name) ? name : (settings[name]?.vendorName ?? name);

function marksOf({ usual }, method) {
  const { readOnly, idempotent, beta, deprecated, host } = method;
  return [
    ...(readOnly ? ['*read only*'] : []),
    ...(idempotent && !readOnly ? ['*idempotent*'] : []),
    ...(readOnly && !idempotent ? ['*not to be repeated*'] : []),
    ...(beta ? ['**beta**'] : []),
    ...(deprecated ? ['**deprecated**'] : []),
    ...(host === usual.host ? [] : [`host \`${host}\``]),
    ...(limitsText(method) === usual.limits ? [] : [`limits ${limitsText(method)}`]),
  ];
}

const limitsText = ({ limits }) => codes(limits);

function parametersTable({ parameters, paging }, types) {
  const shown = Object.values(parameters).filter(
    ({ name }) => name !== paging?.parameter && name !== paging?.size,
  );
  if (shown.length === 0) return [];
  const rows = shown.map(({ name, in: where, schema, required, description, lookup }) => [
    `\`${name}\``,
    where,
    types.text(schema),
    required ? 'yes' : '',
    detailText(description, { ...schema, lookup }),
  ]);
  return [table(['Parameter', 'In', 'Type', 'Required', 'Description'], rows)];
}

function bodyPart({ body }, earlier, types) {
  if (!body) return [];
  const { fields, variants } = fieldsOf(types.known, body.schema);
  const model = variants.length > 0 ? undefined : findModel(fields, earlier, types);
  const further = model ? fields.filter(({ name }) => !model.names.has(name)) : fields;
  const parts = [
    ...(variants.length > 0 ? [variants.map(types.text).join(' or ')] : []),
    ...(model ? [`the fields of ${linkTo(model.method.name)}`] : []),
    ...(fields.length + variants.length === 0 ? [types.text(body.schema)] : []),
  ];
  const and = further.length > 0 ? ', and:' : '.';
  const lead = [
    parts.length === 0 ? '' : `Body: ${parts.join(' ')}${and}`,
    body.required ? '' : 'The body may be left out.',
    body.closed ? '' : 'Further fields may be given.',
  ].filter((part) => part !== '');
  return [
    ...(lead.length === 0 ? [] : [lead.join(' ')]),
    ...(further.length === 0 ? [] : [fieldsTable('Body field', further, types)]),
  ];
}

/** An earlier method of the category whose body has nothing but fields that are among these, so that they stand once. */
function findModel(fields, earlier, types) {
  const texts = new Set(fields.map((field) => JSON.stringify(field)));
  return earlier
    .filter(({ body }) => body)
    .map((method) => ({ method, ...fieldsOf(types.known, method.body.schema) }))
    .filter(({ fields: theirs, variants }) => theirs.length > 2 && variants.length === 0)
    .filter(({ fields: theirs }) => theirs.every((field) => texts.has(JSON.stringify(field))))
    .map(({ method, fields: theirs }) => ({ method, names: new Set(theirs.map(({ name }) => name)) }))
    .sort((a, b) => b.names.size - a.names.size)[0];
}

const fillText = (value) =>
  typeof value === 'object' ? 'the same each time' : value === 'now' ? 'the time' : 'a UUID';

function notesOf(method, types) {
  const { body, batch, reads, sensitive } = method;
  const filled = (body?.fill ?? []).map(({ path, value }) => `\`${path}\` (${fillText(value)})`);
  return [
    ...(filled.length === 0
      ? []
      : [`- Given a value before the first attempt when left out: ${filled.join(', ')}.`]),
    ...(batch === undefined ? [] : [`- ${batchText(batch)}`]),
    ...(reads === undefined ? [] : [`- Can merge: the fields given are laid over what \`${reads}\` reads.`]),
    ...(method.paging ? [`- Pages: ${pagingText(method, types)}.`] : []),
    `- Answer: ${answerText(method, types)}.`,
    ...(sensitive.length === 0 ? [] : [`- Holds secrets in clear: ${codes(sensitive)}.`]),
  ];
}

function batchText({ items, maximum, maximumBytes, strict }) {
  const size = `${maximum.toLocaleString('en')} items and ${maximumBytes.toLocaleString('en')} bytes`;
  const check = strict
    ? ` A strict call first looks each \`${strict.field}\` up by \`${strict.method}\`.`
    : '';
  return `A long list of \`${items}\` is sent in several requests of at most ${size}.${check}`;
}

function pagingText({ paging, parameters }, types) {
  const describe = (name) => `\`${name}\` ${types.text(parameters[name].schema)}`;
  const names = [paging.parameter, ...(paging.size === undefined ? [] : [paging.size])];
  return `${names.map(describe).join(' and ')}, in the query`;
}

function answerText({ response, paging }, types) {
  if (response === undefined) return 'empty';
  if (!paging) return types.text(response);
  const items = paging.items.split('.').reduce((schema, name) => schema?.properties?.[name], response);
  return items?.items === undefined ? types.text(response) : `pages of ${types.text(items.items)}`;
}

/** What the connector takes as files, each in three steps. */
function uploadsSection({ uploads = {} }) {
  const rows = Object.entries(uploads).map(([key, upload]) => [
    `\`${key}\``,
    upload.description,
    codes(upload.contentTypes),
    `${upload.maximumBytes.toLocaleString('en')} bytes`,
    `\`${upload.request}\` gives a URL, good for ${upload.urlLifetimeSeconds} seconds; PUT the file there, to a host
    like ${codes(upload.hosts)}; \`${upload.poll.method}\` until its \`${upload.poll.status}\` is
    ${codes(upload.poll.done)} or ${codes(upload.poll.failed)}`,
  ]);
  if (rows.length === 0) return [];
  return [
    '## Uploads',
    'Files. An upload (`fishplate upload`, the same over HTTP and in the library) takes all steps at once, and sends no credentials to the URL.',
    table(['Upload', 'About', 'Content types', 'At most', 'Steps'], rows),
  ];
}

function mostCommon(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
