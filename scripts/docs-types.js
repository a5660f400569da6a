/** The types of a connector come in; their texts where they are mentioned, and a section for each, go out. */
import { fieldsOf, nameOf, typeText, withTarget } from './docs-fields.js';
import { codes, table } from './docs-markdown.js';

/** The types that were mentioned get a section each, and so do those that they mention. */
export function createTypeList(known) {
  const mentioned = new Set();
  const text = (schema) => typeText(known, schema, (name) => mentioned.add(name));
  const shared = sharedBases(known);
  const section = (name) => {
    const bases = (known[name].allOf ?? []).filter(({ $ref }) => $ref).map(nameOf);
    const base = bases.find((candidate) => shared.has(candidate));
    const inherited = new Set(base ? fieldsOf(known, known[base]).fields.map((field) => field.name) : []);
    const { fields: all, variants } = fieldsOf(known, known[name]);
    const fields = all.filter((field) => !inherited.has(field.name));
    const values = known[name].enum;
    return [
      `### ${name}`,
      known[name].description ?? '',
      values ? `One of ${codes(values)}.` : '',
      variants.length === 0 ? '' : `Either ${variants.map(text).join(' or ')}.`,
      base ? `The fields of ${text({ $ref: base })}, and:` : '',
      fields.length === 0 ? '' : fieldsTable('Field', fields, { known, text }),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  };
  const sections = () => {
    const written = new Map();
    // A set's iterator also visits what is put in while it runs.
    for (const name of mentioned) written.set(name, section(name));
    return [...written].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, markdown]) => markdown);
  };
  return { known, text, sections };
}

/** Types that so many others are made of that their fields are not repeated in each. */
function sharedBases(known) {
  const bases = Object.values(known).flatMap(({ allOf }) =>
    (allOf ?? []).filter(({ $ref }) => $ref).map(nameOf),
  );
  return new Set(bases.filter((name) => bases.filter((other) => other === name).length > 20));
}

/** A table of fields; `types` as `createTypeList` makes it. */
export function fieldsTable(title, fields, types) {
  const rows = fields.map(({ name, schema, required }) => [
    `\`${name}\``,
    types.text(schema),
    required ? 'yes' : '',
    detailText(withTarget(types.known, schema).description ?? '', schema),
  ]);
  return table([title, 'Type', 'Required', 'Description'], rows);
}

/** A description with what else helps to give a value. */
export function detailText(description, { default: usual, examples = [], deprecated, lookup, items }) {
  const example = examples.map(exampleText).find((text) => text.length <= 60);
  const choice = lookup ?? items?.lookup;
  return [
    deprecated ? 'Deprecated.' : '',
    description,
    usual === undefined ? '' : `Default: \`${JSON.stringify(usual)}\`.`,
    example === undefined ? '' : `Example: \`${example}\`.`,
    choice === undefined ? '' : `Lookup: \`${choice}\`.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const exampleText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
