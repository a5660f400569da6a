/** A quoted request comes in; where what the definition would send for it differs is noted. */
import { isDeepStrictEqual } from 'node:util';
import type { Connector, Method } from '../definition/connector.ts';
import { formatTemplate, type Template } from '../definition/template.ts';
import { isFishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { type Arguments, createArgumentChecker } from '../request/arguments.ts';
import { prepareRequest } from '../request/prepare.ts';
import { unfill } from '../sandbox/credentials.ts';
import { anySettings } from './answered.ts';
import { type Fault, shown } from './report.ts';
import type { Quote } from './script.ts';
import { describeError } from './stage.ts';

type Say = (fault: Omit<Fault, 'subject'>) => void;

/** Nothing of it needs a clock: the same ids and times for every quote. */
const still = { now: () => 0, uuid: () => '00000000-0000-4000-8000-000000000000' };

/** Compares URL, headers and body with what the quote's arguments make. Of a quote without them, only whether its body is allowed. */
export function checkSent(
  connector: Connector,
  quote: Quote,
  method: Method,
  base: Template,
  say: Say,
): void {
  const { arguments: args, body, requestHeaders = {} } = quote;
  const checker = createArgumentChecker(connector);
  if (args === undefined) {
    checkEncoding(method, quote, say);
    if (body === undefined || typeof body === 'string') return;
    const problems = checker
      .problems(method, { body })
      .filter(({ path }) => path === 'body' || path.startsWith('body.'));
    if (problems.length > 0)
      say({
        expected: 'a body that the definition allows, as the quoted one',
        came: problems.map(({ path, message }) => `${path} ${message}`).join('; '),
        mend: 'Correct the schema of the body.',
      });
    return;
  }
  const wire = prepare(connector, quote, method, base, args, say);
  if (!wire) return;
  const [, url] = quote.request?.split(' ') ?? [];
  if (url !== undefined) compareUrls(url, wire.url, say);
  for (const [name, value] of Object.entries(requestHeaders)) {
    const own = wire.headers[name.toLowerCase()];
    if (own !== value)
      say({
        expected: `the header ${name}: ${value}`,
        came: own ?? 'no such header',
        mend: 'Correct headers of the method, or of defaults.',
      });
  }
  if (body === undefined) return;
  const sent = readSent(method, wire.body);
  const wanted = typeof body === 'string' ? readSent(method, body) : body;
  if (!isDeepStrictEqual(sent, wanted))
    say({
      expected: `the quoted body: ${shown(wanted)}`,
      came: shown(sent),
      mend: 'Correct body or bodyEncoding of the method, or the arguments of the quote.',
    });
}

/** Without arguments nothing is made that could be compared; JSON and forms are told apart all the same. */
function checkEncoding({ body: own }: Method, { body, requestHeaders = {} }: Quote, say: Say): void {
  const names = Object.keys(requestHeaders);
  const typeName = names.find((name) => name.toLowerCase() === 'content-type');
  const others = names.filter((name) => name !== typeName);
  if (others.length > 0)
    say({
      expected: `arguments beside the quoted header ${others.join(', ')}`,
      came: 'none: what would be sent is not known',
      mend: 'Give the quote arguments: what a caller gives.',
    });
  const type = requestHeaders[typeName ?? ''];
  const quoted = type === undefined ? encodingOf(body) : /json/i.test(type) ? 'json' : 'form';
  if (!own || quoted === undefined || quoted === own.encoding) return;
  say({
    expected: quoted === 'form' ? 'a form, as the quoted request' : 'JSON, as the quoted request',
    came: own.encoding === 'form' ? 'a form' : 'JSON',
    mend: `Give the method bodyEncoding: ${quoted}, or say so in defaults.`,
  });
}

/** Of a body that is shown as fields nothing tells. */
function encodingOf(body: unknown): 'form' | undefined {
  if (typeof body !== 'string') return undefined;
  return /^[^\s={}"]+=/.test(body) ? 'form' : undefined;
}

function prepare(
  connector: Connector,
  { request = '' }: Quote,
  method: Method,
  base: Template,
  args: Arguments,
  say: Say,
) {
  try {
    createArgumentChecker(connector).assert(method, args);
    const settings = settingsIn(connector, request.split(' ')[1] ?? '', method, base);
    return prepareRequest(method, args, settings, still).wire;
  } catch (error) {
    if (!isFishplateError(error)) throw error;
    say({
      expected: `a request made of ${shown(args)}`,
      came: describeError(error),
      mend: 'Correct the arguments of the quote, or the schemas of the method.',
    });
    return undefined;
  }
}

/** What the URL shows of settings - a subdomain, an organisation - they have. */
function settingsIn(connector: Connector, url: string, method: Method, base: Template): ResolvedSettings {
  const settings = anySettings(connector);
  const place = url.replace(/[?#].*$/, '');
  const own = place.startsWith('/') ? withoutOrigin([...base, ...method.path]) : [...base, ...method.path];
  const found = unfill(own, place) ?? {};
  const values = Object.fromEntries(
    Object.entries(settings.values).map(([key, each]) => [
      key,
      found[key] === undefined ? each : { ...each, value: decodeURIComponent(found[key]) },
    ]),
  );
  const host = formatTemplate(base, (name) => found[name] ?? name);
  return { ...settings, values, hosts: { [method.host]: host } };
}

function withoutOrigin(template: Template): Template {
  const text = formatTemplate(template, (name) => `{{${name}}}`).replace(/^https?:\/\/[^/]*/, '');
  return text.split(/(\{\{\w+\}\})/).flatMap((part) => {
    const name = /^\{\{(\w+)\}\}$/.exec(part)?.[1];
    return part === '' ? [] : [name === undefined ? part : { name }];
  });
}

/** Paths as they stand; the pairs of the query in any order. */
function compareUrls(quoted: string, made: string, say: Say): void {
  const [wanted, own] = [quoted, made].map((text) => new URL(text, 'https://quoted.invalid'));
  const pairs = (url: URL | undefined) => [...(url?.searchParams ?? [])].map((pair) => pair.join('=')).sort();
  const path = (url: URL | undefined) => decodeURIComponent(url?.pathname ?? '').replace(/\/$/, '');
  if (path(wanted) === path(own) && isDeepStrictEqual(pairs(wanted), pairs(own))) return;
  say({
    expected: `the quoted URL: ${quoted}`,
    came: made,
    mend: 'Correct the path or the parameters of the method, or the arguments of the quote.',
  });
}

/** Fields in the order of their names, those of one name as a list in the order that they came. */
function readForm(text: string): Record<string, string | string[]> {
  const form = new URLSearchParams(text);
  const names = [...new Set(form.keys())].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [only = '', ...others] = form.getAll(name);
      return [name, others.length === 0 ? only : [only, ...others]];
    }),
  );
}

function readSent(method: Method, body: string | Uint8Array | undefined): unknown {
  if (body === undefined) return undefined;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  if (method.body?.encoding === 'form') return readForm(text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
