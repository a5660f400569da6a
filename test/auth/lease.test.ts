import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLeases, LEASE_MS, type Lease, type Leases } from '../../src/auth/lease.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createSteppedWorld, type SteppedWorld, settled } from '../helpers/stepped-world.ts';

let store: Store;
let world: SteppedWorld;
let mine: Leases;
let theirs: Leases;

beforeEach(async () => {
  store = await memoryStore();
  onTestFinished(() => store.close());
  world = createSteppedWorld();
  mine = createLeases(store, world);
  theirs = createLeases(store, world);
});

async function take(leases: Leases): Promise<Lease | undefined> {
  return leases.take('it', await leases.read('it'));
}
async function taken(leases: Leases): Promise<Lease> {
  const lease = await take(leases);
  if (!lease) throw new Error('the lease is not free');
  return lease;
}
const success = { failures: 0, notBefore: 0, reason: null };

describe('a lease', () => {
  it('that somebody has is not given to anybody else, and not twice to the same', async () => {
    await taken(mine);
    expect(await take(theirs)).toBeUndefined();
    expect(await take(mine)).toBeUndefined();
  });

  it('goes to one of two who saw it free', async () => {
    const seen = await mine.read('it');
    expect(await Promise.all([mine.take('it', seen), theirs.take('it', seen)])).toEqual([
      expect.objectContaining({ counter: 1 }),
      undefined,
    ]);
    await mine.end({ id: 'it', owner: (await mine.read('it'))?.owner ?? '', counter: 1 }, success);
    const free = await mine.read('it');
    const both = await Promise.all([theirs.take('it', free), mine.take('it', free)]);
    expect(both.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('that was given back can be taken at once, under the next number', async () => {
    await mine.end(await taken(mine), success);
    expect(await taken(theirs)).toMatchObject({ counter: 2 });
  });

  it('whose holder gives no sign of life is taken over when its time is up, and not before', async () => {
    await taken(mine);
    await world.advance(LEASE_MS - 1);
    expect(await take(theirs)).toBeUndefined();
    await world.advance(1);
    expect(await taken(theirs)).toMatchObject({ counter: 2 });
  });

  it('stays with a holder that takes longer but gives signs of life, until it stops', async () => {
    const lease = await taken(mine);
    const stop = mine.keep(lease);
    await world.advance(5 * LEASE_MS);
    expect(await take(theirs)).toBeUndefined();
    stop();
    await world.advance(LEASE_MS);
    expect(await taken(theirs)).toMatchObject({ counter: 2 });
  });

  it('is not taken away from a holder that gave a sign of life since it was seen', async () => {
    const lease = await taken(mine);
    await world.advance(LEASE_MS);
    const seen = await theirs.read('it');
    const stop = mine.keep(lease);
    await world.advance(LEASE_MS / 2);
    stop();
    expect(await theirs.take('it', seen)).toBeUndefined();
  });

  it('that was taken over turns the late holder away, with all that it would write', async () => {
    const late = await taken(mine);
    await world.advance(LEASE_MS);
    const stop = mine.keep(late);
    const now = await taken(theirs);
    await world.advance(LEASE_MS / 2);
    stop();
    const row = { id: 'late', value: 1 };
    await expect(mine.end(late, success, [{ op: 'insert', table: 'counter', row }])).rejects.toMatchObject({
      code: 'store.stale',
    });
    expect(await store.count('counter')).toBe(0);
    expect(await mine.read('it')).toMatchObject({ owner: now.owner, counter: 2 });
  });

  it('keeps what its holder left behind for the next', async () => {
    const left = { failures: 3, notBefore: 7, reason: { code: 'x' } };
    await mine.end(await taken(mine), left);
    expect(await theirs.read('it')).toMatchObject({ ...left, owner: null });
    await taken(theirs);
    await settled();
    expect(await theirs.read('it')).toMatchObject(left);
  });
});
