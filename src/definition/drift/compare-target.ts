/** A matched method and operation come in; how verb, host and path of their requests differ goes out. */
import type { Connector } from '../connector.ts';
import type { Finding } from './difference.ts';
import type { Match } from './match-operations.ts';
import { baseUrlOf, documentPath, pathnameOf } from './target.ts';

/** Compares where a request goes; the host is that of the default environment. */
export function compareTarget(connector: Connector, match: Match): Finding[] {
  return [...compareVerb(match), ...compareHost(connector, match), ...comparePath(connector, match)];
}

function compareVerb({ method, operation }: Match): Finding[] {
  if (method.verb === operation.verb) return [];
  return [{ where: 'verb', path: '', what: 'verb', expected: operation.verb, actual: method.verb }];
}

/** Servers without a host of their own say nothing: they are where the document was found. */
function compareHost(connector: Connector, { method, operation, isWithBase }: Match): Finding[] {
  const compared = (url: string) => {
    const whole = url.replace(/\/+$/, '');
    return isWithBase ? whole.slice(0, whole.length - pathnameOf(whole).length) : whole;
  };
  const own = compared(baseUrlOf(connector, method));
  const servers = operation.servers.filter((url) => /^[a-z][a-z0-9+.-]*:\/\//i.test(url)).map(compared);
  const pattern = new RegExp(
    `^${own
      .split(/\{[^}]*\}/)
      .map(escapeRegExp)
      .join('[^/]+')}$`,
    'i',
  );
  if (servers.length === 0 || servers.some((url) => pattern.test(url))) return [];
  const expected = servers.length === 1 ? servers[0] : servers;
  return [{ where: 'host', path: method.host, what: 'url', expected, actual: own }];
}

const escapeRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function comparePath(connector: Connector, { method, operation }: Match): Finding[] {
  const own = namesIn(documentPath(connector, method.path));
  return namesIn(operation.path).flatMap((name, index): Finding[] =>
    own[index] === name
      ? []
      : [{ where: 'path', path: name, what: 'name', expected: name, actual: own[index] ?? null }],
  );
}

/** The names of the placeholders, in order. */
export const namesIn = (path: string): string[] =>
  [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
