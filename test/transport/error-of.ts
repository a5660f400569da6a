/** A promise comes in; the `FishplateError` that it fails with goes out. */
import { inspect } from 'node:util';
import { FishplateError } from '../../src/errors.ts';

export async function errorOf(promise: Promise<unknown>): Promise<FishplateError> {
  const error: unknown = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FishplateError)) throw new Error(`not a FishplateError: ${inspect(error)}`);
  return error;
}
