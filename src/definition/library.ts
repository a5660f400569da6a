/** Connectors come in; finding them and their methods by name, UUID or integer id goes out. */
import { FishplateError } from '../errors.ts';
import type { Connector, Method } from './connector.ts';
import { didYouMean } from './problem.ts';

/** The connectors at hand, and how they are addressed. */
export interface Library {
  list(): readonly Connector[];
  /**
   * By name, UUID or integer release id; the live release when no version is given, else the newest.
   * Throws `connector.unknown`.
   */
  find(nameOrId: string, version?: string): Connector;
  /** All releases of a name, newest first; empty for an unknown name. */
  releases(name: string): readonly Connector[];
  /** By key, UUID or integer id. Throws `method.unknown` with a near miss as hint. */
  method(connector: Connector, keyOrId: string): Method;
  /** A method of any connector by integer id. Throws `method.unknown`. */
  methodById(id: number): { connector: Connector; method: Method };
}

/** Creates the library. Two connectors of one name and version are refused with `connector.invalid`. */
export function createLibrary(connectors: readonly Connector[]): Library {
  const byName = new Map<string, Connector[]>();
  for (const connector of connectors) {
    const releases = byName.get(connector.name) ?? [];
    if (releases.some((other) => other.version === connector.version)) {
      throw new FishplateError('connector.invalid', `${connector.name} ${connector.version} is given twice`);
    }
    byName.set(
      connector.name,
      [...releases, connector].sort((a, b) => compareVersions(b.version, a.version)),
    );
  }
  const indexes = new WeakMap<Connector, ReadonlyMap<string, Method>>();
  const indexOf = (connector: Connector) => {
    let index = indexes.get(connector);
    if (!index) {
      index = new Map(
        Object.values(connector.methods).flatMap((method) =>
          [method.key, method.uuid, String(method.id)].map((name) => [name, method] as const),
        ),
      );
      indexes.set(connector, index);
    }
    return index;
  };
  const releases = (name: string): readonly Connector[] =>
    byName.get(name) ?? [...byName.values()].find((list) => list[0]?.uuid === name.toLowerCase()) ?? [];

  return {
    list: () => connectors,
    releases,
    find: (nameOrId, version) => {
      const byId = connectors.find((connector) => String(connector.id) === nameOrId);
      const candidates = byId ? [byId] : releases(nameOrId);
      const found =
        version === undefined
          ? (candidates.find((connector) => connector.status === 'live') ?? candidates[0])
          : candidates.find((connector) => connector.version === version);
      if (found) return found;
      const name = version === undefined ? nameOrId : `${nameOrId} ${version}`;
      const known = [...byName.keys()];
      const hint = didYouMean(nameOrId, known) ?? `The connectors are: ${known.join(', ') || 'none'}.`;
      throw new FishplateError('connector.unknown', `there is no connector "${name}"`, { hint });
    },
    method: (connector, keyOrId) => {
      // UUIDs are the same in capitals, keys are not.
      const name = /^[\da-f-]{36}$/i.test(keyOrId) ? keyOrId.toLowerCase() : keyOrId;
      const found = indexOf(connector).get(name);
      if (found) return found;
      const hint = didYouMean(keyOrId, Object.keys(connector.methods));
      throw new FishplateError(
        'method.unknown',
        `${connector.name} has no method "${keyOrId}"`,
        hint === undefined ? {} : { hint },
      );
    },
    methodById: (id) => {
      for (const connector of connectors) {
        const method = indexOf(connector).get(String(id));
        if (method) return { connector, method };
      }
      throw new FishplateError('method.unknown', `no connector has a method of id ${id}`);
    },
  };
}

function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
