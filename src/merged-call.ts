/** Some fields of an entity come in; the whole entity with these fields changed is sent, on its newest version. */
import type { Connector, Method } from './definition/connector.ts';
import { isFishplateError } from './errors.ts';
import { type Arguments, argumentOf, propertyNames } from './request/arguments.ts';
import type { MethodResult } from './runtime-contract.ts';

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * For vendors whose PUT replaces: reads the entity, lays the caller's fields over it (JSON Merge Patch, RFC 7396: null
 * takes a field away), and sends what the method's body knows of it. A version the vendor keeps comes along with the
 * rest, so when somebody else was faster the vendor refuses; then it is read and merged once more - unless the caller
 * named a version, who wants exactly that one changed. `send` checks arguments before it sends.
 */
export async function callMerged(
  connector: Connector,
  method: Method,
  reader: Method,
  args: Arguments,
  send: (method: Method, args: Arguments) => Promise<MethodResult>,
): Promise<MethodResult> {
  const patch = argumentOf(args, 'body') ?? {};
  const known = new Set(propertyNames(method.body?.schema, connector.types));
  const keys = Object.fromEntries(
    Object.keys(reader.parameters).flatMap((name) =>
      argumentOf(args, name) === undefined ? [] : [[name, args[name]]],
    ),
  );
  const attempt = async (): Promise<MethodResult> => {
    const { body: entity } = await send(reader, keys);
    const kept = isMapping(entity)
      ? Object.fromEntries(Object.entries(entity).filter(([name]) => known.has(name)))
      : {};
    return send(method, { ...args, body: mergePatch(kept, patch) });
  };
  return attempt().catch((error: unknown) => {
    const namesVersion = isMapping(patch) && Object.keys(patch).some((name) => name === 'version');
    if (!isFishplateError(error, 'vendor.conflict') || namesVersion) throw error;
    return attempt();
  });
}

/** JSON Merge Patch (RFC 7396 section 2). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const merged: Mapping = isMapping(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}
