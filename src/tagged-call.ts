/** A call that must name the version it changes comes in; it is sent with the tag of the newest one, read first. */
import type { Connector, EntityTag, Method } from './definition/connector.ts';
import { FishplateError } from './errors.ts';
import { type Arguments, argumentOf } from './request/arguments.ts';
import { valueAt } from './response/read.ts';
import type { MethodResult } from './runtime-contract.ts';

type SendMethod = (method: Method, args: Arguments) => Promise<MethodResult>;

const isIfMatch = (name: string): boolean => name.toLowerCase() === 'if-match';

/** The method's parameter for the tag. */
const parameterOf = (method: Method): string => Object.keys(method.parameters).find(isIfMatch) ?? 'If-Match';

/** Whether the call needs a tag that the caller has not given. */
export const lacksTag = (method: Method, args: Arguments): boolean =>
  method.etag !== undefined && argumentOf(args, parameterOf(method)) === undefined;

/** The arguments with a tag. */
export const withTag = (method: Method, args: Arguments, tag: string): Arguments => ({
  ...args,
  [parameterOf(method)]: tag,
});

/** Reads the entity first, where the caller names no version. Throws `call.no-etag`, and what calls throw. */
export async function callTagged(
  connector: Connector,
  method: Method,
  args: Arguments,
  send: SendMethod,
): Promise<MethodResult> {
  const reader = method.etag && connector.methods[method.etag.reads];
  if (!reader || !lacksTag(method, args)) return send(method, args);
  const read = await send(reader, argumentsFor(reader, args));
  return send(method, withTag(method, args, tagOf(method, read)));
}

/** Those that the reader knows. */
export const argumentsFor = (reader: Method, args: Arguments): Arguments =>
  Object.fromEntries(
    Object.keys(reader.parameters).flatMap((name) =>
      argumentOf(args, name) === undefined ? [] : [[name, args[name]]],
    ),
  );

/** The tag in what was read. Throws `call.no-etag`. */
export function tagOf({ key, etag }: Method, { body, headers }: MethodResult): string {
  const { reads, path }: EntityTag = etag ?? { reads: key };
  const found = path === undefined ? headers.etag : valueAt(body, path);
  if (typeof found === 'string' && found !== '') return found;
  throw new FishplateError(
    'call.no-etag',
    `${key} needs the ETag of the entity, but ${reads} answered none ${path === undefined ? 'in its headers' : `at ${path}`}`,
    { outcome: 'not-sent' },
  );
}
