/** A connector comes in; what is known of a request that was never sent goes out, for the failure rules to judge an answer to it. */
import type { AuthMethod, Connector, Method } from '../definition/connector.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { type Answered, findFailure } from '../response/failure-rules.ts';
import type { WireResponse } from '../wire.ts';

/** Every setting has a value that is like no other text. */
export function anySettings(connector: Connector): ResolvedSettings {
  const values = Object.fromEntries(
    Object.values(connector.settings).map((setting) => [
      setting.key,
      { setting, value: `the-value-of-${setting.key}`, source: 'account' } as const,
    ]),
  );
  return { connector, values, hosts: {}, environment: '' };
}

export const exchangesToken = ({ kind }: AuthMethod): boolean =>
  kind === 'client-credentials' || kind === 'login';

/** A request to the token endpoint, or of a method. */
export function answeredBy(
  connector: Connector,
  method: Method | undefined,
  more: Partial<Answered> = {},
): Answered {
  const token = connector.auth.find(exchangesToken);
  const tokenHost = token && 'host' in token ? token.host : '';
  return {
    at: method ? 'call' : 'token',
    host: method?.host ?? tokenHost,
    ...(method && { method }),
    settings: anySettings(connector),
    requestBytes: 0,
    tokenAgeSeconds: 0,
    fixed: token === undefined,
    ...more,
  };
}

/** An answer as it comes over the wire. */
export function responseOf(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  const isText = typeof body === 'string';
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...Object.fromEntries(lower) },
    body: body === undefined ? '' : isText ? body : JSON.stringify(body),
  };
}

/** The index of the rule that decides; undefined when none does. */
export function decidingRule(
  connector: Connector,
  response: WireResponse,
  answered: Answered,
): number | undefined {
  const numbered = connector.failures.map((rule, index) => ({ ...rule, hint: String(index) }));
  const hint = findFailure({ ...connector, failures: numbered }, response, answered)?.hint;
  return hint !== undefined && /^\d+$/.test(hint) ? Number(hint) : undefined;
}
