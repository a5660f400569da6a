/** Requests and answers as the vendor's documentation shows them come in; where the definition says otherwise is noted. */
import type { AuthMethod, Connector, Method } from '../definition/connector.ts';
import { formatTemplate, type Template } from '../definition/template.ts';
import { valueAt } from '../definition/value-at.ts';
import { isFishplateError } from '../errors.ts';
import { findFailure } from '../response/failure-rules.ts';
import { readItems, readPage } from '../response/pages.ts';
import { readBody } from '../response/read.ts';
import { createSchemaChecker } from '../schema.ts';
import { answeredBy, exchangesToken, responseOf } from './answered.ts';
import type { Places } from './places.ts';
import { type Fault, type Findings, shown } from './report.ts';
import type { ConformanceScript, Quote } from './script.ts';
import { checkSent } from './sent.ts';

type Say = (fault: Omit<Fault, 'subject'>) => void;

/** Looks at every quote. */
export function checkQuotes(
  connector: Connector,
  given: ConformanceScript,
  findings: Findings,
  places: Places,
): void {
  for (const [index, quote] of (given.quotes ?? []).entries()) {
    const subject = quote.method;
    findings.checked('quotes', subject);
    const at = places.conformance('quotes', index);
    const say: Say = (fault) => findings.fail('quotes', { at, ...fault, subject });
    const method = Object.hasOwn(connector.methods, quote.method)
      ? connector.methods[quote.method]
      : undefined;
    const base =
      quote.request === undefined ? undefined : checkRequest(connector, quote.request, method, places, say);
    const isSent = [quote.arguments, quote.body, quote.requestHeaders].some((part) => part !== undefined);
    const own =
      base ?? (quote.request === undefined && method ? basesOf(connector, method.host)[0] : undefined);
    if (isSent && method && own)
      checkSent(connector, quote, method, own, (fault) => say({ at: places.method(method.key), ...fault }));
    if (quote.answer !== undefined || quote.status !== undefined)
      checkAnswer(connector, quote, method, places, say);
  }
}

function checkRequest(
  connector: Connector,
  request: string,
  method: Method | undefined,
  places: Places,
  say: Say,
): Template | undefined {
  const target = method ?? connector.auth.filter(exchangesToken)[0];
  if (!target || !('host' in target)) return undefined;
  const verb = 'verb' in target ? target.verb : 'POST';
  const [quotedVerb = '', url = ''] = request.split(' ');
  const place = url.replace(/[?#].*$/, '');
  const bases = basesOf(connector, target.host);
  const fitting = bases.find((base) => matches(base, target, place));
  if (verb === quotedVerb && fitting) return fitting;
  const made = bases[0] ? `${verb} ${formatTemplate([...bases[0], ...target.path])}` : verb;
  say({
    expected: `a request as quoted: ${request}`,
    came: made,
    mend: 'Correct verb and path of the method, or the host.',
    at: method ? places.method(method.key, ['path']) : places.connector('auth'),
  });
  return undefined;
}

/** A host in every environment. */
const basesOf = ({ environments: { named, other } }: Connector, host: string): Template[] =>
  [...Object.values(named), ...(other ? [other] : [])].flatMap(({ hosts }) => {
    const base = hosts[host];
    return base ? [base] : [];
  });

/** Stand for placeholders: of one segment, and of several. */
const SEGMENT = '\u0000';
const SEGMENTS = '\u0001';

/** A quote that is no URL speaks of the path alone, from the root of the host. */
function matches(base: Template, target: Method | AuthMethod, place: string): boolean {
  if (!('path' in target)) return false;
  const isLong = (name: string) => 'parameters' in target && target.parameters[name]?.encode === 'path';
  const whole = formatTemplate([...base, ...target.path], (name) => (isLong(name) ? SEGMENTS : SEGMENT));
  const wanted = place.startsWith('/') ? whole.replace(/^https?:\/\/[^/]*/, '') : whole;
  const source = wanted
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(SEGMENTS, '.+')
    .replaceAll(SEGMENT, '[^/]+');
  return new RegExp(`^${source}/?$`).test(place);
}

function checkAnswer(
  connector: Connector,
  { status = 200, answer, headers, means }: Quote,
  method: Method | undefined,
  places: Places,
  say: Say,
): void {
  const response = responseOf(status, answer, headers);
  const meaning = findFailure(connector, response, answeredBy(connector, method))?.meaning;
  if (meaning !== means) {
    say({
      expected: means === undefined ? 'a success' : `vendor.${means}`,
      came: meaning === undefined ? `a success, with ${shown(answer)}` : `vendor.${meaning}`,
      mend: 'Correct the failure rules, or their order.',
      at: places.connector('failures') ?? places.connector('test'),
    });
    return;
  }
  if (means !== undefined) return;
  if (method) checkContent(connector, method, readBody(response), places, say);
  else checkToken(connector, answer, say);
}

function checkContent(connector: Connector, method: Method, answer: unknown, places: Places, say: Say): void {
  const problems =
    method.response === undefined ? [] : createSchemaChecker(connector.types).check(method.response, answer);
  if (problems.length > 0)
    say({
      expected: 'a response schema that the quoted answer satisfies',
      came: problems.map(({ path, message }) => `${path} ${message}`.trim()).join('; '),
      mend: 'The documentation is right until the vendor is seen to differ: correct the schema.',
      at: places.method(method.key, [method.paging ? 'items' : 'response']),
    });
  const { paging } = method;
  if (!paging) return;
  const found = valueAt(answer, paging.items);
  const count = readItems(method, answer).length;
  if (Array.isArray(found) && count > 0) {
    checkNext(method, answer, places, say);
    return;
  }
  say({
    expected: `items at "${paging.items}" of the quoted answer`,
    came: found === undefined ? `nothing there, in ${shown(answer)}` : shown(found),
    mend: `Correct items of the paging style "${paging.style}".`,
    at: places.connector('paging', paging.style) ?? places.method(method.key),
  });
}

/** A quote of a page that has one after it says where that is. */
function checkNext(method: Method, answer: unknown, places: Places, say: Say): void {
  const style = method.paging?.style ?? '';
  try {
    readPage(method, {}, answer);
  } catch (error) {
    if (!isFishplateError(error)) throw error;
    say({
      expected: 'what the next page is asked with, since the quoted answer says that there is one',
      came: error.message,
      mend: `Correct next or more of the paging style "${style}".`,
      at: places.connector('paging', style) ?? places.method(method.key),
    });
  }
}

function checkToken({ auth }: Connector, answer: unknown, say: Say): void {
  const paths = auth.flatMap((each) => {
    if (each.kind === 'client-credentials') return ['access_token'];
    return each.kind === 'login' && 'body' in each.token ? [each.token.body] : [];
  });
  if (paths.length === 0 || paths.some((path) => typeof valueAt(answer, path) === 'string')) return;
  say({ expected: `a token at ${paths.join(' or ')}`, came: shown(answer), mend: 'Correct token in auth.' });
}
