/** Verb, path and query of a request that no method describes come in; a method made for this one request goes out. */
import type { Connector, Method, Parameter, Verb } from '../definition/connector.ts';
import { parseTemplate, placeholderNames } from '../definition/template.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { redactText } from '../secret.ts';
import { type RawBody, rawBody, rawBodyProblems } from './raw-body.ts';

export const verbs: readonly Verb[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** A request in the caller's own words, to one of the connector's hosts. */
export interface RawRequest extends RawBody {
  readonly verb: Verb;
  /** Begins with a slash; `{{settings}}` that are not secret may stand in it. What else is special must be percent-encoded. */
  readonly path: string;
  /** Name of one of the connector's hosts; that of most methods when absent. */
  readonly host?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;
}

/** The key under which such requests stand in the log. */
export const RAW_KEY = 'request';

/**
 * Makes the method. The host must be the connector's and the path a plain one, so that the request cannot leave the
 * hosts of the definition. Throws `arguments.invalid` with all problems.
 */
export function buildRawMethod(connector: Connector, request: RawRequest): Method {
  const like = Object.values(connector.methods)[0];
  const host = request.host ?? like?.host ?? '';
  const { template, problems: faults } = parseTemplate(request.path);
  const problems: InputProblem[] = [
    ...faults.map(({ message }) => ({ path: 'path', message })),
    ...placeholderProblems(connector, placeholderNames(template)),
    ...pathProblems(request.path),
  ];
  if (!verbs.includes(request.verb))
    problems.push({ path: 'verb', message: `must be one of ${verbs.join(', ')}` });
  if (!hostNames(connector).includes(host))
    problems.push({ path: 'host', message: `is none of ${hostNames(connector).join(', ')}` });
  if (request.query && Object.hasOwn(request.query, 'body'))
    problems.push({ path: 'query.body', message: 'cannot be called body' });
  if (request.body !== undefined && request.verb === 'GET')
    problems.push({ path: 'body', message: 'does not go with GET' });
  else problems.push(...rawBodyProblems(connector, request, host));
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    throw new FishplateError('arguments.invalid', `request: ${list}`, { problems });
  }
  const body = rawBody(connector, request, host);
  const readOnly = request.verb === 'GET';
  return {
    key: RAW_KEY,
    id: 0,
    uuid: '',
    name: 'Request',
    category: 'Requests',
    description: "A request of the caller's own.",
    verb: request.verb,
    host,
    path: template,
    headers: like?.headers ?? {},
    ...(like?.settingHeaders && { settingHeaders: like.settingHeaders }),
    parameters: Object.fromEntries(
      Object.keys(request.query ?? {}).map((name) => [name, rawParameter(name, like)]),
    ),
    ...(body && { body }),
    limits: usualLimits(connector, host),
    idempotent: request.verb !== 'POST' && request.verb !== 'PATCH',
    ...(connector.idempotencyKey && !readOnly && { idempotencyKey: connector.idempotencyKey }),
    readOnly,
    deprecated: false,
    beta: false,
    sensitive: [],
  };
}

/** What most methods of a host count against: nothing tells which of them the request is like. */
function usualLimits(connector: Connector, host: string): readonly string[] {
  const sets = new Map<string, { readonly limits: readonly string[]; methods: number }>();
  for (const method of Object.values(connector.methods)) {
    if (method.host !== host) continue;
    const key = method.limits.join();
    const set = sets.get(key) ?? { limits: method.limits, methods: 0 };
    set.methods++;
    sets.set(key, set);
  }
  return [...sets.values()].sort((a, b) => b.methods - a.methods)[0]?.limits ?? [];
}

/** Lists are written as the connector's other methods write them. */
function rawParameter(name: string, like: Method | undefined): Parameter {
  const arrays =
    Object.values(like?.parameters ?? {}).find((parameter) => parameter.in === 'query')?.arrays ?? 'comma';
  return { name, id: 0, in: 'query', required: false, description: '', schema: true, arrays };
}

const hostNames = (connector: Connector) =>
  Object.keys(Object.values(connector.environments.named)[0]?.hosts ?? {});

function placeholderProblems(connector: Connector, names: readonly string[]): InputProblem[] {
  return names.flatMap((name): InputProblem[] => {
    const setting = Object.hasOwn(connector.settings, name) ? connector.settings[name] : undefined;
    if (!setting)
      return [{ path: 'path', message: `names {{${name}}}, which is no setting of ${connector.title}` }];
    return setting.secret ? [{ path: 'path', message: `cannot hold the secret {{${name}}}` }] : [];
  });
}

function pathProblems(path: string): InputProblem[] {
  const plain = path.replace(/\{\{[^}]*\}\}/g, 'x');
  if (!plain.startsWith('/')) return [{ path: 'path', message: 'must begin with a slash' }];
  if (/[?#]/.test(plain))
    return [{ path: 'path', message: 'must not hold a query or fragment: give query instead' }];
  const climbs = plain.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (climbs || plain.includes('//') || plain.includes('\\'))
    return [{ path: 'path', message: 'must be plain: no empty or dotted segments, no backslash' }];
  // RFC 3986 section 3.3: what may stand in a path as it is, or percent-encoded.
  return /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/.test(plain)
    ? []
    : [{ path: 'path', message: 'holds characters that must be percent-encoded' }];
}

/** Paths are kept, in the call log and the audit, where secrets have no place. Throws `arguments.invalid`. */
export function assertNoSecret(path: string, secrets: readonly string[]): void {
  if (redactText(path, secrets) === path) return;
  const message = 'holds a secret of the installation, and paths are logged';
  throw new FishplateError('arguments.invalid', `request: path ${message}`, {
    problems: [{ path: 'path', message }],
  });
}
