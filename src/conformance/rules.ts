/** The failure rules of a connector come in; for each an answer is made that it describes, and rules that never decide are noted. */
import type { BodyCondition, Connector, FailureCondition, Method } from '../definition/connector.ts';
import { withValueAt } from '../definition/value-at.ts';
import type { Answered } from '../response/failure-rules.ts';
import { answeredBy, decidingRule, exchangesToken, responseOf } from './answered.ts';
import type { Places } from './places.ts';
import type { Findings } from './report.ts';

/** One answer that a rule describes. */
interface Variant {
  readonly method: Method | undefined;
  readonly status: number;
  readonly text: string | undefined;
  readonly header: string | undefined;
  /** Values of the body's conditions, in their order. */
  readonly values: readonly unknown[];
}

/** Statuses that stand for all that a rule without any may see. */
const USUAL = [400, 401, 403, 404, 409, 412, 413, 418, 422, 429, 500, 502, 503];
const MOST_VARIANTS = 5_000;

/** Looks at every rule. */
export function checkRules(connector: Connector, findings: Findings, places: Places): void {
  for (const [index, { when, means }] of connector.failures.entries()) {
    const subject = `failures[${index}] (${means})`;
    findings.checked('failures', subject);
    const at = places.connector('failures', index);
    const winners = variantsOf(connector, when).map((variant) => ({
      variant,
      winner: decide(connector, when, variant),
    }));
    if (!winners.some(({ winner }) => winner === index)) {
      const [first] = winners;
      findings.fail('failures', {
        ...{ subject, at },
        expected: 'to decide on some answer',
        came: first ? describeWinner(connector, first.winner) : nothingFits(when),
        mend: 'Rules are tried in order: put the narrower one first, or take this one out.',
      });
      continue;
    }
    for (const status of when.status ?? [])
      if (
        typeof status === 'number' &&
        !winners.some(({ variant, winner }) => winner === index && variant.status === status)
      ) {
        const other = winners.find(({ variant }) => variant.status === status);
        findings.warn('failures', {
          ...{ subject, at },
          expected: `to decide on some answer of status ${status}`,
          came: other ? describeWinner(connector, other.winner) : 'no such answer can come',
          mend: `Take ${status} out of this rule, or put it before the other.`,
        });
      }
  }
}

function describeWinner({ failures }: Connector, winner: number | undefined): string {
  if (winner === undefined) return 'no rule decides: an answer of 200 needs a condition on body or header';
  return `failures[${winner}] (${failures[winner]?.means}) decides before it, every time`;
}

const nothingFits = ({ at }: FailureCondition) =>
  at === 'token' ? 'no auth method requests a token' : 'no method of the connector fits the conditions';

/** An answer that a rule decides on. */
export interface DecidedAnswer {
  /** Undefined: the answer of the token endpoint. */
  readonly method: Method | undefined;
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Every answer that the rule of this index decides on, as far as the answer alone tells: not those that ask for the request or the token. */
export function answersOf(connector: Connector, index: number): DecidedAnswer[] {
  const when = connector.failures[index]?.when;
  if (!when || when.requestBytesOver !== undefined || when.tokenOlderThanSeconds !== undefined || when.claim)
    return [];
  return variantsOf(connector, when)
    .filter((variant) => decide(connector, when, variant) === index)
    .map((variant) => ({ method: variant.method, status: variant.status, ...answerOf(when, variant) }));
}

function answerOf(when: FailureCondition, { text, header, values }: Variant) {
  const body = (when.body ?? []).reduce<unknown>(
    (made, { path }, index) => withValueAt(made, path, values[index]),
    // A name that no rule looks for.
    text === undefined ? {} : { '~': text },
  );
  return { body, headers: when.header ? { [when.header.name]: header ?? 'sample' } : {} };
}

function decide(connector: Connector, when: FailureCondition, variant: Variant): number | undefined {
  const { method, status } = variant;
  const { body, headers } = answerOf(when, variant);
  const more: Partial<Answered> = {
    ...(when.requestBytesOver !== undefined && { requestBytes: when.requestBytesOver + 1 }),
    ...(when.tokenOlderThanSeconds !== undefined && { tokenAgeSeconds: when.tokenOlderThanSeconds + 1 }),
    ...(when.claim && { claims: () => ({ [when.claim?.name ?? '']: 'of somebody else' }) }),
  };
  return decidingRule(connector, responseOf(status, body, headers), answeredBy(connector, method, more));
}

function variantsOf(connector: Connector, when: FailureCondition): Variant[] {
  const variants: Variant[] = [];
  for (const method of methodsOf(connector, when))
    for (const status of statusesOf(when))
      for (const text of when.text ?? [undefined])
        for (const header of when.header?.values ?? when.header?.text ?? [undefined])
          for (const values of valuesOf(when.body ?? []))
            if (variants.length < MOST_VARIANTS) variants.push({ method, status, text, header, values });
  return variants;
}

/** Undefined stands for the token request. */
function methodsOf(connector: Connector, { at, host, methods }: FailureCondition): (Method | undefined)[] {
  const named = new Set(connector.failures.flatMap(({ when }) => when.methods ?? []));
  const all = Object.values(connector.methods).filter((method) =>
    methods ? methods.includes(method.key) : host === undefined || method.host === host,
  );
  // Those that some other rule names are not as good an example.
  const plain = all.filter(({ key }) => !named.has(key));
  const oneOfEachHost = plain.filter(
    (method, index) => plain.findIndex((other) => other.host === method.host) === index,
  );
  const calls = methods ? all : oneOfEachHost.length > 0 ? oneOfEachHost : all;
  const token = connector.auth.find(exchangesToken);
  const hasToken =
    token && methods === undefined && (host === undefined || ('host' in token && token.host === host));
  return [...(at === 'token' ? [] : calls), ...(at !== 'call' && hasToken ? [undefined] : [])];
}

function statusesOf({ status, body, header }: FailureCondition): number[] {
  if (!status) return [...USUAL, ...(body || header ? [200] : [])];
  return status.flatMap((each) => {
    if (typeof each === 'number') return [each];
    const digit = Number(each[0]);
    const usual = USUAL.filter((number) => Math.floor(number / 100) === digit);
    return usual.length > 0 ? usual : [digit * 100];
  });
}

/** Every value of each condition, the other conditions at their first. */
function valuesOf(conditions: readonly BodyCondition[]): unknown[][] {
  const firsts = conditions.map(({ values }) => values?.[0] ?? 'sample');
  const others = conditions.flatMap(({ values = [] }, index) =>
    values.slice(1).map((value) => firsts.with(index, value)),
  );
  return [firsts, ...others];
}
