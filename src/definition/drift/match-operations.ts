/** A connector and a document's operations come in; which method does which operation goes out. */
import type { Connector, Method } from '../connector.ts';
import type { Operation } from './operations.ts';
import { baseUrlOf, documentPath, pathnameOf } from './target.ts';

export interface Match {
  readonly method: Method;
  readonly operation: Operation;
  /** Whether the paths are equal only together with those of the base URLs. */
  readonly isWithBase: boolean;
}

export interface Matching {
  readonly matches: readonly Match[];
  /** Operations that no method does; the token exchange is none of them. */
  readonly missing: readonly Operation[];
  readonly extra: readonly Method[];
}

/**
 * Matches by verb and path, whatever the placeholders are called; where the base URLs have paths of their own, with these
 * as well. Of what is left, a method and an operation that alone have the same path are matched in spite of their verbs.
 */
export function matchOperations(connector: Connector, operations: readonly Operation[]): Matching {
  const byPath = new Map(operations.map((operation) => [keyOf(operation.verb, operation.path), operation]));
  const pathOfUrl = ({ servers, path }: Operation) => `${pathnameOf(servers[0] ?? '')}${path}`;
  const byUrl = new Map(
    operations.map((operation) => [keyOf(operation.verb, pathOfUrl(operation)), operation]),
  );
  const matches: Match[] = [];
  const extra: Method[] = [];
  for (const method of Object.values(connector.methods)) {
    const path = documentPath(connector, method.path);
    const direct = byPath.get(keyOf(method.verb, path));
    const operation =
      direct ?? byUrl.get(keyOf(method.verb, `${pathnameOf(baseUrlOf(connector, method))}${path}`));
    if (operation) matches.push({ method, operation, isWithBase: direct === undefined });
    else extra.push(method);
  }
  const matched = new Set(matches.map(({ operation }) => operation));
  const tokens = new Set(tokenExchanges(connector));
  const missing = operations.filter(
    (operation) => !matched.has(operation) && !tokens.has(keyOf(operation.verb, operation.path)),
  );
  return matchAcrossVerbs(connector, { matches, missing, extra });
}

function matchAcrossVerbs(connector: Connector, { matches, missing, extra }: Matching): Matching {
  const across = missing.flatMap((operation): Match[] => {
    const hasPath = (path: string) => withoutNames(path) === withoutNames(operation.path);
    const methods = extra.filter((method) => hasPath(documentPath(connector, method.path)));
    const isAlone = missing.filter(({ path }) => hasPath(path)).length === 1;
    return methods[0] && methods.length === 1 && isAlone
      ? [{ method: methods[0], operation, isWithBase: false }]
      : [];
  });
  return {
    matches: [...matches, ...across],
    missing: missing.filter((operation) => !across.some((match) => match.operation === operation)),
    extra: extra.filter((method) => !across.some((match) => match.method === method)),
  };
}

function tokenExchanges(connector: Connector): string[] {
  return connector.auth.flatMap((auth) =>
    auth.kind === 'client-credentials' ? [keyOf('POST', documentPath(connector, auth.path))] : [],
  );
}

const withoutNames = (path: string) => path.replace(/\{[^}]*\}/g, '{}');
const keyOf = (verb: string, path: string) => `${verb} ${withoutNames(path)}`;
