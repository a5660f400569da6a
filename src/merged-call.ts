/** Some fields of an entity come in; the whole entity with these fields changed is sent, on its newest version. */
import type { Connector, Method } from './definition/connector.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import { type ArgumentChecker, type Arguments, argumentOf } from './request/arguments.ts';
import { partsOf, propertyNames } from './request/property-names.ts';
import type { MethodResult } from './runtime-contract.ts';
import { argumentsFor, callTagged, lacksTag, tagOf, withTag } from './tagged-call.ts';

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * For vendors whose PUT replaces: reads the entity, lays the caller's fields over it (JSON Merge Patch, RFC 7396: null
 * takes a field away), and sends what the method's body knows of it, at every depth. A version the vendor keeps comes
 * along with the rest, so when somebody else was faster the vendor refuses; then it is read and merged once more -
 * unless the caller named a version, who wants exactly that one changed. `send` checks arguments before it sends.
 */
export async function callMerged(
  connector: Connector,
  method: Method,
  reader: Method,
  args: Arguments,
  unknownFields: ArgumentChecker['unknownFields'],
  send: (method: Method, args: Arguments) => Promise<MethodResult>,
): Promise<MethodResult> {
  const patch = argumentOf(args, 'body') ?? {};
  const known = new Set(propertyNames(method.body?.schema, connector.types));
  const takesAny = !method.body?.closed || isOpen(method.body.schema, connector.types);
  const namesTag = method.etag !== undefined && !lacksTag(method, args);
  const attempt = async (): Promise<MethodResult> => {
    const read = await send(reader, argumentsFor(reader, args));
    const entity = entityOf(reader, read, (name) => takesAny || known.has(name));
    const merged = mergePatch(entity, patch);
    const unasked = unknownFields(method, merged).filter((path) => !reaches(patch, path));
    const whole = { ...args, body: unasked.reduce(without, merged) };
    if (!lacksTag(method, args)) return send(method, whole);
    // The tag of what was merged, not of what may have come since.
    return method.etag?.reads === reader.key
      ? send(method, withTag(method, whole, tagOf(method, read)))
      : callTagged(connector, method, whole, send);
  };
  return attempt().catch((error: unknown) => {
    const namesVersion = isMapping(patch) && Object.keys(patch).some((name) => name === 'version');
    if (!isFishplateError(error, 'vendor.conflict') || namesVersion || namesTag) throw error;
    return attempt();
  });
}

/**
 * What the replacing request can take of what was read. Throws `response.unreadable` where that is nothing, though something
 * was answered: laid over nothing, the caller's fields would take all others away.
 */
function entityOf(reader: Method, { body, status }: MethodResult, takes: (name: string) => boolean): Mapping {
  const fields = isMapping(body) ? Object.entries(body) : undefined;
  const kept = fields?.filter(([name]) => takes(name));
  if (kept && (kept.length > 0 || fields?.length === 0)) return Object.fromEntries(kept);
  const what = fields ? 'an object with none of the fields that could be replaced' : 'no object';
  throw new FishplateError(
    'response.unreadable',
    `${reader.key} answered ${status} with ${what}: there is nothing to merge into, and nothing was replaced`,
    { vendor: { status }, outcome: 'not-sent' },
  );
}

/** Whether an object of this schema may have fields that it does not name. */
function isOpen(schema: unknown, types: Connector['types']): boolean {
  const parts = partsOf(schema, types);
  const says = ({ additionalProperties, patternProperties }: Record<string, unknown>) =>
    patternProperties !== undefined || (additionalProperties ?? false) !== false;
  return parts.some(says);
}

/** Whether the caller gave what stands at the path: that is for the check to refuse. */
function reaches(patch: unknown, path: readonly string[]): boolean {
  let value = patch;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as Mapping)[name];
  }
  return true;
}

/** The value without the field at the path. */
function without(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? without(item, rest) : item));
  if (!isMapping(value)) return value;
  const { [name]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [name]: without(inner, rest) };
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
