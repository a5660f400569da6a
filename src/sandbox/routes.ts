/** A connector's methods and token endpoints come in, a table goes out that finds the one a verb and path ask for. */
import type { Connector, Method, TokenAuth } from '../definition/connector.ts';
import type { Template } from '../definition/template.ts';

/** What lies at a path: a method, or a token endpoint. */
export type Target =
  | { readonly kind: 'method'; readonly method: Method }
  | { readonly kind: 'token'; readonly auths: readonly TokenAuth[] };

export interface RouteMatch {
  readonly target: Target;
  /** Placeholder -> decoded text of the path. */
  readonly values: Readonly<Record<string, string>>;
}

export interface RouteAnswer {
  readonly found?: RouteMatch;
  /** When nothing was found: the verbs that the path has on this port; none when there is no such path. */
  readonly verbs: readonly string[];
}

export interface Routes {
  /** `hosts`: the host names that the port stands for; undefined: all. */
  find(verb: string, path: string, hosts: readonly string[] | undefined): RouteAnswer;
}

interface Route {
  readonly verb: string;
  readonly host: string;
  readonly target: Target;
  readonly expression: RegExp;
  readonly names: readonly string[];
  /** Sorts literal segments before placeholders. */
  readonly rank: string;
}

/** Builds the table. A path with a literal segment (`users/me`) goes before one with a placeholder (`users/{{id}}`). */
export function createRoutes(connector: Connector): Routes {
  const routes: Route[] = [];
  const add = (verb: string, host: string, path: Template, target: Target) =>
    routes.push({ verb, host, target, ...readPath([...basePath(connector, host), ...path], target) });
  for (const method of Object.values(connector.methods))
    add(method.verb, method.host, method.path, { kind: 'method', method });
  for (const auths of tokenEndpoints(connector)) {
    const [{ host, path }] = auths;
    add(verbOf(auths[0]), host, path, { kind: 'token', auths });
  }
  routes.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return {
    find: (verb, path, hosts) => {
      const verbs = new Set<string>();
      for (const route of routes) {
        if (hosts && !hosts.includes(route.host)) continue;
        const values = matchPath(route, path);
        if (!values) continue;
        if (route.verb === verb) return { found: { target: route.target, values }, verbs: [] };
        verbs.add(route.verb);
      }
      return { verbs: [...verbs].sort() };
    },
  };
}

const verbOf = (auth: TokenAuth) => (auth.kind === 'login' ? auth.verb : 'POST');

/** The auth methods that exchange, those of one endpoint together. */
function tokenEndpoints({ auth }: Connector): [TokenAuth, ...TokenAuth[]][] {
  const endpoints = new Map<string, [TokenAuth, ...TokenAuth[]]>();
  for (const each of auth) {
    if (each.kind !== 'client-credentials' && each.kind !== 'login') continue;
    const place = JSON.stringify([verbOf(each), each.host, each.path]);
    const known = endpoints.get(place);
    if (known) known.push(each);
    else endpoints.set(place, [each]);
  }
  return [...endpoints.values()];
}

/** The environment that is played: the first that is named, or else the one for any other name. */
export function playedHosts(connector: Connector): Readonly<Record<string, Template>> {
  const [first] = Object.values(connector.environments.named);
  return (first ?? connector.environments.other)?.hosts ?? {};
}

/** The path part of a host's base URL, which stands before the path of each method. */
export function basePath(connector: Connector, host: string): Template {
  const base = playedHosts(connector)[host] ?? [];
  const path: Template[number][] = [];
  let slashes = 0;
  for (const part of base) {
    if (typeof part !== 'string') {
      if (slashes > 2) path.push(part);
      continue;
    }
    let rest = '';
    for (const char of part) {
      if (char === '/') slashes++;
      if (slashes > 2) rest += char;
    }
    if (rest !== '') path.push(rest);
  }
  return path;
}

function readPath(template: Template, target: Target): Pick<Route, 'expression' | 'names' | 'rank'> {
  const names: string[] = [];
  let source = '';
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      source += part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      text += part;
    } else {
      names.push(part.name);
      const isLong = target.kind === 'method' && target.method.parameters[part.name]?.encode === 'path';
      source += isLong ? '([^/]+(?:/[^/]+)*)' : '([^/]+)';
      text += '\u0000';
    }
  }
  const rank = text
    .split('/')
    .map((segment) => (segment.includes('\u0000') ? '2' : '1'))
    .join('');
  return { expression: new RegExp(`^${source}$`), names, rank };
}

function matchPath(route: Route, path: string): Record<string, string> | undefined {
  const match = route.expression.exec(path);
  if (!match) return undefined;
  const values: Record<string, string> = {};
  for (const [index, name] of route.names.entries()) {
    const text = decode(match[index + 1] ?? '');
    if (text === undefined || (values[name] !== undefined && values[name] !== text)) return undefined;
    values[name] = text;
  }
  return values;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
