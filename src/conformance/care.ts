/** A connector and its folder come in; what a careful author would add is noted as warnings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector, Method } from '../definition/connector.ts';
import { FORM_TYPE } from '../request/form.ts';
import type { Plan } from '../sandbox/plan.ts';
import { idleParameters } from '../sandbox/plan-fields.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import type { Places } from './places.ts';
import type { Findings } from './report.ts';
import type { ConformanceScript } from './script.ts';

/** The tables of a README that `npm run docs` fills in. */
const MARKERS = ['coverage', 'settings', 'names', 'environments', 'limits', 'categories'];

interface Look {
  readonly folder: string;
  readonly connector: Connector;
  readonly given: ConformanceScript;
  readonly findings: Findings;
  readonly places: Places;
}

/** Empty where there is no such file. */
const readText = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Nothing of this fails: it is advice. */
export function checkCare(look: Look): void {
  checkDocumentation(look);
  checkLimits(look);
  checkRepetition(look);
  checkDescriptions(look);
  checkSettings(look);
  checkQuoted(look);
  checkEncoding(look);
}

/** The caller of a list gets from the vendor what the filter says, and from the sandbox everything. */
export function checkIgnored(
  connector: Connector,
  script: SandboxScript,
  collections: Plan['collections'],
  findings: Findings,
  places: Places,
): void {
  checkSeeds(script, findings, places);
  findings.checked('care', 'filters');
  const idle = idleParameters(connector, script, collections);
  if (idle.length === 0) return;
  const names = [...new Set(idle.flatMap(({ parameters }) => parameters))];
  findings.warn('care', {
    ...{ subject: 'filters', at: places.file('sandbox.yaml') },
    expected: 'to be told what the parameters of lists filter by, where their names do not tell',
    came: `nothing, so the sandbox ignores them: ${idle.map(({ method, parameters }) => `${parameters.join(', ')} of ${method}`).join('; ')}`,
    mend: `Say by which field under filters of the collection (filters: { ${names[0]}: the_field }), or that they filter nothing: entities: { filters: { ${names.map((name) => `${/^\w+$/.test(name) ? name : `'${name}'`}: null`).join(', ')} } }`,
  });
}

/** Seeds are put at the top: below an entity there is nobody to say which. */
function checkSeeds(script: SandboxScript, findings: Findings, places: Places): void {
  findings.checked('care', 'seeds');
  const lost = Object.entries(script.collections ?? {}).filter(
    ([name, { seeds = [] }]) => name.includes('*') && seeds.length > 0,
  );
  if (lost.length > 0)
    findings.warn('care', {
      ...{ subject: 'seeds', at: places.file('sandbox.yaml') },
      expected: 'seeds of collections that lie below nothing',
      came: `seeds of ${lost.map(([name]) => name).join(', ')}, which lists of one entity do not have`,
      mend: 'Make them by steps that say what they lie below: start: [{ create: a/*/b, below: [a1], with: { ... } }]. Where the placeholder is a setting that says whose data it is, name it: organisationSetting: accountSid.',
    });
}

function checkDocumentation({ folder, findings, places }: Look): void {
  const subject = 'README.md';
  findings.checked('care', subject);
  const text = readText(join(folder, subject));
  if (text === '') {
    findings.warn('care', {
      ...{ subject, at: places.file(subject) },
      expected:
        'a page for whoever sets the connector up: where the key is made, what it may do, what failures mean',
      came: 'none',
    });
    return;
  }
  const missing = MARKERS.filter((name) => !text.includes(`<!-- ${name} -->`));
  if (missing.length > 0)
    findings.warn('care', {
      ...{ subject, at: places.file(subject) },
      expected: `the markers of the tables that follow from the definition: ${missing.map((name) => `<!-- ${name} --><!-- /${name} -->`).join(' ')}`,
      came: 'a page without them',
    });
}

function checkLimits({ folder, connector, findings, places }: Look): void {
  const methods = Object.values(connector.methods);
  findings.checked('care', 'limits');
  const names = Object.keys(connector.limits);
  // A heading of that name tells why there are none.
  const told = /^#+ Limits/m.test(readText(join(folder, 'README.md')));
  if (names.length === 0 && !told)
    findings.warn('care', {
      ...{ subject: 'limits', at: places.connector('limits') },
      expected: 'the rates that the vendor allows, or a section Limits of README.md that says it names none',
      came: 'no limits',
    });
  for (const name of names)
    if (!methods.some(({ limits }) => limits.includes(name)))
      findings.warn('care', {
        ...{ subject: `limits.${name}`, at: places.connector('limits', name) },
        expected: 'methods that count against it',
        came: 'none: name it in defaults.limits, or in the methods',
      });
  const free = methods.filter(({ limits }) => limits.length === 0);
  // Where most have none, that is how the vendor documents it.
  if (names.length > 0 && free.length > 0 && free.length * 2 < methods.length)
    findings.warn('care', {
      ...{ subject: 'limits', at: places.connector('limits') },
      expected: 'a limit for every method',
      came: `none for ${keysOf(free)}`,
    });
}

function checkRepetition({ connector, findings, places }: Look): void {
  const methods = Object.values(connector.methods);
  findings.checked('care', 'idempotent');
  // What sets a state can be said twice; what adds something rarely can.
  const bold = methods.filter(
    ({ key, verb, idempotent, readOnly, idempotencyKey, body }) =>
      verb === 'POST' &&
      /\.(?:create|add|send|submit)/.test(key) &&
      idempotent &&
      !readOnly &&
      !idempotencyKey &&
      (body?.fill.length ?? 0) === 0,
  );
  if (bold.length > 0)
    findings.warn('care', {
      ...{ subject: 'idempotent', at: places.method(bold[0]?.key ?? '') },
      expected: 'what adds something to be sent twice only where the vendor documents that it does no harm',
      came: `idempotent: true of ${keysOf(bold)}`,
      mend: 'Make sure of it, and say why in the description.',
    });
  // A GET that is not read-only takes things off a queue, say: it is rightly not repeated.
  const shy = methods.filter(
    ({ readOnly, idempotent, warning }) => readOnly && !idempotent && warning === undefined,
  );
  if (shy.length > 0)
    findings.warn('care', {
      ...{ subject: 'idempotent', at: places.method(shy[0]?.key ?? '') },
      expected: 'what changes nothing to be repeated when its answer is lost',
      came: `idempotent: false of ${keysOf(shy)}`,
      mend: 'Set idempotent: true, or readOnly: false where it does change something.',
    });
}

function checkDescriptions({ connector, given, findings, places }: Look): void {
  findings.checked('care', 'response');
  // A vendor that is quoted with an answer of 204 has nothing to describe; what asks for a PDF, say, has no schema.
  const empty = new Set(
    (given.quotes ?? []).flatMap(({ method, status }) => (status === 204 ? [method] : [])),
  );
  const silent = Object.values(connector.methods).filter(
    ({ key, verb, response, headers }) =>
      verb === 'GET' && response === undefined && !empty.has(key) && !asksForFile(headers),
  );
  if (silent.length > 0)
    findings.warn('care', {
      ...{ subject: 'response', at: places.method(silent[0]?.key ?? '') },
      expected: 'a response schema of what reads',
      came: `none of ${keysOf(silent)}`,
      mend: 'Where it answers nothing but a status, quote that in conformance.yaml: { method: ..., status: 204 }.',
    });
}

/** A setting that is asked for and goes nowhere is mostly one whose name was mistyped elsewhere. */
function checkSettings({ connector, findings, places }: Look): void {
  findings.checked('care', 'settings');
  const { settings, types: _, ...rest } = connector;
  const named = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner);
    else named.add(value);
  };
  collect(rest);
  const idle = Object.keys(settings).filter((key) => !named.has(key));
  if (idle.length > 0)
    findings.warn('care', {
      ...{ subject: 'settings', at: places.file('connector.yaml') },
      expected: 'settings that something is made of: a host, a path, a header, auth, a limit',
      came: `${idle.join(', ')}, named nowhere`,
      mend: 'Write {{name}} where the value belongs, or take the setting away.',
    });
}

const asksForFile = (headers: Method['headers']): boolean =>
  Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'accept' && !/json|\*\/\*/.test(value),
  );

/** The sandbox says what the definition says: only a quote shows that it is right. */
function checkQuoted({ connector, given, findings, places }: Look): void {
  findings.checked('care', 'quotes');
  const quoted = new Set(
    (given.quotes ?? [])
      .filter(({ answer, means }) => answer !== undefined && means === undefined)
      .map(({ method }) => connector.methods[method]?.paging?.style),
  );
  const styles = new Map(
    Object.values(connector.methods).flatMap(({ key, paging }) =>
      paging ? [[paging.style, key] as const] : [],
    ),
  );
  for (const [style, key] of styles)
    if (!quoted.has(style))
      findings.warn('care', {
        ...{ subject: `paging.${style}`, at: places.connector('paging', style) },
        expected: `a page as the vendor's documentation shows it, of ${key} say, under quotes in conformance.yaml`,
        came: 'none: nothing but the definition itself says where the items are',
      });
}

/** JSON or a form: definition and sandbox agree on either. */
function checkEncoding({ connector, given, findings, places }: Look): void {
  findings.checked('care', 'bodyEncoding');
  const ways = new Map(
    Object.values(connector.methods).flatMap(({ key, body }) =>
      body ? [[body.encoding, key] as const] : [],
    ),
  );
  for (const { method, body, requestHeaders = {} } of given.quotes ?? []) {
    const encoding = connector.methods[method]?.body?.encoding;
    const names = Object.keys(requestHeaders).map((name) => name.toLowerCase());
    const shows =
      names.includes('content-type') || typeof body === (encoding === 'json' ? 'object' : 'string');
    if (encoding && shows) ways.delete(encoding);
  }
  for (const [encoding, key] of ways)
    findings.warn('care', {
      ...{ subject: 'bodyEncoding', at: places.method(key) },
      expected: `a request as the vendor's documentation shows it, with its body or its Content-Type, of ${key} say, under quotes in conformance.yaml`,
      came: `none: nothing but the definition itself says that the vendor takes ${encoding === 'json' ? 'JSON' : 'forms'}`,
      mend: `Add one, such as requestHeaders: { Content-Type: ${encoding === 'json' ? 'application/json' : FORM_TYPE} }.`,
    });
}

const MOST_NAMED = 5;

function keysOf(methods: readonly Method[]): string {
  const keys = methods.slice(0, MOST_NAMED).map(({ key }) => key);
  const more = methods.length - keys.length;
  return `${keys.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
