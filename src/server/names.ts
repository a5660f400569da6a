/** The names, ids and UUIDs by which callers address connectors and methods come in; what they mean goes out. */
import type { Connector, Method } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { Library } from '../runtime-contract.ts';

const INTEGER = /^\d+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isIntegerId = (text: string): boolean => INTEGER.test(text);

/**
 * Finds a connector by integer id, UUID, name or title; names whatever their case, as the partner API does.
 * Throws `connector.unknown`.
 */
export function findConnector(library: Library, text: string, version?: string): Connector {
  try {
    return library.find(text, version);
  } catch (error) {
    const wanted = text.toLowerCase();
    const known = library
      .list()
      .find(({ name, title }) => name.toLowerCase() === wanted || title.toLowerCase() === wanted);
    if (!known || known.name === text || !isFishplateError(error, 'connector.unknown')) throw error;
    return library.find(known.name, version);
  }
}

/**
 * Finds a method by key, integer id or UUID. Keys have a dot in them, so a text of none of the three forms is a slip of
 * the pen (`input.invalid`); one of the right form that leads nowhere is `method.unknown`.
 */
export function findMethod(library: Library, connector: Connector, text: string): Method {
  if (
    !text.includes('.') &&
    !isIntegerId(text) &&
    !UUID.test(text) &&
    !Object.hasOwn(connector.methods, text)
  ) {
    const hint = didYouMean(text, Object.keys(connector.methods));
    throw new FishplateError(
      'input.invalid',
      `"${text}" is neither a UUID, an integer id nor the key of a method`,
      hint === undefined ? {} : { hint },
    );
  }
  return library.method(connector, text);
}

/** Finds a method of any connector. Throws `input.invalid` for what is no integer, `method.unknown`. */
export function findMethodById(library: Library, text: string): { connector: Connector; method: Method } {
  if (!isIntegerId(text)) throw new FishplateError('input.invalid', `"${text}" is no integer id of a method`);
  return library.methodById(Number(text));
}
