/** A connector comes in; the tables of its README.md, by the names of their markers, go out. */
import { codes, table, templateText } from './docs-markdown.js';
import { categoriesTable } from './docs-methods.js';

export function buildGuideTables(connector, categories) {
  return {
    settings: settingsTable(connector),
    names: namesTable(connector),
    environments: environmentsTable(connector),
    limits: limitsTable(connector),
    coverage: coverageText(connector, categories),
    categories: categoriesTable(categories, 'METHODS.md'),
  };
}

const levels = { console: 'console', account: 'account', either: 'console or account' };

function settingsTable({ settings }) {
  const rows = Object.values(settings).map((setting) => [
    setting.label,
    `\`${setting.key}\``,
    levels[setting.level],
    setting.default !== undefined ? `\`${setting.default}\` unless given` : setting.required ? 'yes' : '',
    setting.secret ? 'yes' : '',
    valueText(setting),
  ]);
  return table(['Setting', 'Key', 'Given by', 'Required', 'Secret', 'Meaning'], rows);
}

function valueText({ description, choices, open, patternHint }) {
  const listed = (choices ?? []).map(({ value, label }) => `\`${value}\` (${label})`).join(', ');
  const values = listed === '' ? '' : open ? `Such as ${listed}.` : `One of ${listed}.`;
  const form = patternHint === undefined ? '' : `Form: ${patternHint}.`;
  return [description, values, form].filter((part) => part !== '').join(' ');
}

/** The names that a pasted text may call a setting by, besides its key and its label. */
function namesTable({ settings }) {
  const rows = Object.values(settings)
    .map(({ label, aliases, vendorName }) => [label, [...(vendorName ? [vendorName] : []), ...aliases]])
    .filter(([, names]) => names.length > 0);
  return table(
    ['Setting', 'Names in a pasted text'],
    rows.map(([label, names]) => [label, codes([...new Set(names)])]),
  );
}

function environmentsTable({ environments: { setting, named, other } }) {
  const all = [
    ...Object.entries(named).map(([value, environment]) => [`\`${value}\``, environment]),
    ...(other ? [[`any other \`${setting}\``, other]] : []),
  ];
  const hosts = [...new Set(all.flatMap(([, environment]) => Object.keys(environment.hosts)))];
  const rows = all.map(([value, { label, hosts: urls }]) => [
    value,
    label,
    ...hosts.map((host) => `\`${templateText(urls[host])}\``),
  ]);
  return table(['Environment', 'Name', ...hosts.map((host) => `Host \`${host}\``)], rows);
}

function limitsTable({ limits, methods }) {
  const rows = Object.entries(limits).map(([name, { description, requests, perSeconds, burst }]) => [
    `\`${name}\``,
    `${requests.toLocaleString('en')} in ${perSeconds === 1 ? 'a second' : `${perSeconds.toLocaleString('en')} seconds`}`,
    burst ?? '',
    Object.values(methods).filter((method) => method.limits.includes(name)).length,
    description,
  ]);
  return table(['Limit', 'Requests', 'At once', 'Methods', 'Meaning'], rows);
}

function coverageText({ methods }, categories) {
  const all = Object.values(methods);
  const beta = all.filter(({ beta }) => beta);
  const deprecated = all.filter((method) => method.deprecated);
  const withBeta = categories.filter((category) => category.methods.some((method) => method.beta));
  return [
    `${all.length} methods in ${categories.length} categories: ${countsOf(all)}.`,
    ...(beta.length === 0
      ? []
      : [`${beta.length} are marked beta, all in ${withBeta.map(({ name }) => name).join(', ')}.`]),
    ...(deprecated.length === 0 ? [] : [`Deprecated: ${codes(deprecated.map(({ key }) => key))}.`]),
  ].join('\n');
}

function countsOf(methods) {
  const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const count = (verb) => methods.filter((method) => method.verb === verb).length;
  return verbs
    .filter((verb) => count(verb) > 0)
    .map((verb) => `${count(verb)} ${verb}`)
    .join(', ');
}
