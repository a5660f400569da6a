/** A connector comes in; how its vendor tags the versions of entities (RFC 9110 section 8.8.3) goes out. */
import { createHash } from 'node:crypto';
import type { Connector } from '../definition/connector.ts';
import type { Call } from './call.ts';
import type { Entity } from './collections.ts';
import { Refusal } from './refusal.ts';

export interface Tags {
  /** The field in which entities carry their tag; undefined when none does. */
  readonly field?: string;
  /** The tag of a stored entity. */
  of(entity: Entity): string;
  /** Throws the refusals missingTag and staleTag for a call that must name the version it changes. */
  check(call: Call, stored: Entity): void;
  /** The headers of an answer with one entity. */
  headers(stored: Entity): Readonly<Record<string, string>>;
}

export function createTags(connector: Pick<Connector, 'methods'>): Tags {
  const rules = Object.values(connector.methods).flatMap(({ etag }) => etag ?? []);
  const field = rules.find(({ path }) => path !== undefined && !path.includes('.'))?.path;
  const isInHeader = rules.some(({ path }) => path === undefined);
  const of = (entity: Entity) => {
    const own = Object.entries(entity).filter(([name]) => name !== field);
    return createHash('sha1').update(JSON.stringify(own)).digest('hex');
  };
  const quoted = (entity: Entity) => (isInHeader ? `"${of(entity)}"` : of(entity));
  return {
    ...(field !== undefined && { field }),
    of,
    check: ({ method, query }, stored) => {
      if (!method.etag) return;
      const name = Object.keys(method.parameters).find((each) => each.toLowerCase() === 'if-match');
      const given = name === undefined ? undefined : query[name];
      if (given === undefined) throw new Refusal('missingTag', 'If-Match is missing: send the current ETag');
      if (given !== quoted(stored) && given !== of(stored) && given !== '*')
        throw new Refusal('staleTag', 'If-Match does not name the current version');
    },
    headers: (stored): Readonly<Record<string, string>> => (isInHeader ? { ETag: quoted(stored) } : {}),
  };
}
