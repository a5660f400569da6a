import { describe, expect, it } from 'vitest';
import { callInBatches } from '../src/batched-call.ts';
import type { Method } from '../src/definition/connector.ts';
import { type ErrorCode, type ErrorDetails, FishplateError } from '../src/errors.ts';
import type { MethodResult } from '../src/runtime-contract.ts';
import { acme, methodOf } from './helpers/acme.ts';

const connector = await acme();
const batch = { items: 'inputs', maximum: 100, maximumBytes: 1_000_000 };
const body = { required: true, schema: true, closed: true, encoding: 'json', fill: [] } as const;
const plain = methodOf(connector, 'things.create', { batch, body });
const sizes = [100, 30, 70];
const failed = (code: ErrorCode, details: ErrorDetails = {}) =>
  new FishplateError(code, `it was ${code}`, details);
const done: MethodResult = { status: 200, body: {}, headers: {}, attempts: 1, durationMs: 1 };

/** What comes of three batches of 100, 30 and 70 rows, of which some fail. */
const callWith = (method: Method, ...ends: (FishplateError | undefined)[]) => {
  const batches = sizes.map((count, at) => ({
    args: { at },
    first: sizes.slice(0, at).reduce((sum, size) => sum + size, 0),
    items: Array.from({ length: count }, (_, n) => ({ n })),
  }));
  return callInBatches(method, batches, ({ at }) => {
    const end = ends[at as number];
    return end ? Promise.reject(end) : Promise.resolve(done);
  }).then(
    () => Promise.reject(new Error('it went well')),
    (error: FishplateError) => error,
  );
};

describe('a split list that was taken in part', () => {
  it('is not said to be refused, and the answer that tells the rows is with its batch', async () => {
    const vendor = { status: 207, body: { numErrors: 1 } };
    const error = await callWith(plain, undefined, failed('vendor.partial', { vendor }));
    expect(error.message).toBe('requests of 30 of 200 rows were taken in part: it was vendor.partial');
    expect(error.batches).toMatchObject([{ first: 100, count: 30, code: 'vendor.partial', vendor }]);
    expect(error.hint).toContain('send only the others again');
    expect(error.hint).not.toContain('prevent duplicates');
  });

  it('counts what was refused, what may have been done, and what went through in part apart', async () => {
    const error = await callWith(
      plain,
      failed('transport.timeout', { outcome: 'sent-unknown' }),
      failed('vendor.partial', { vendor: { status: 207 } }),
      failed('vendor.invalid', { vendor: { status: 400 } }),
    );
    expect(error.message).toBe(
      '70 of 200 rows were not taken, 100 of 200 rows may have been taken, requests of 30 of 200 rows were taken in part: it was transport.timeout',
    );
    expect(error.batches.map(({ outcome }) => outcome)).toEqual(['sent-unknown', undefined, undefined]);
    expect(error.hint).toContain('nothing that prevents duplicates');
  });

  it.each<[string, Partial<Method>, boolean]>([
    ['no ids are generated', {}, false],
    [
      'what is generated is no id',
      { body: { ...body, fill: [{ path: 'inputs[].at', value: 'now' }] } },
      false,
    ],
    ['the id is of the whole list', { body: { ...body, fill: [{ path: 'id', value: 'uuid' }] } }, false],
    [
      'its ids mean nothing to the vendor',
      { body: { ...body, fill: [{ path: 'inputs[].uid', value: 'uuid' }] } },
      false,
    ],
    [
      'the vendor drops rows whose ids it knows',
      { body: { ...body, fill: [{ path: 'inputs[].uid', value: 'uuid' }] }, idempotent: true },
      true,
    ],
  ])('is said to be safe from duplicates where that is true: %s', async (_, change, isSafe) => {
    const error = await callWith({ ...plain, ...change }, undefined, failed('vendor.unavailable'));
    expect(error.message).toBe('30 of 200 rows may have been taken: it was vendor.unavailable');
    expect(error.hint.includes('generated ids prevent duplicates')).toBe(isSafe);
  });

  it('says of what was never sent only that it was not taken', async () => {
    const ended = failed('vendor.forbidden', { vendor: { status: 403, body: { message: 'may not' } } });
    const error = await callWith(plain, undefined, ended);
    expect(error.message).toBe('100 of 200 rows were not taken: it was vendor.forbidden');
    expect(error.batches[1]).toMatchObject({ first: 130, sent: false });
    expect(error.batches[1]).not.toHaveProperty('vendor');
  });
});
