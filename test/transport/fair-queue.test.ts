import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue } from '../../src/transport/fair-queue.ts';

/** Takes out so many, in turn. */
function take(queue: ReturnType<typeof createFairQueue<string>>, most: number): string[] {
  const taken: string[] = [];
  queue.serve(
    () => taken.length < most,
    (item) => void taken.push(item),
  );
  return taken;
}

describe('a fair queue', () => {
  it('serves accounts in turn, and each in the order of its items', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(item.charAt(0), item);
    expect(take(queue, 2)).toEqual(['a1', 'b1']);
    queue.add('b', 'b2');
    expect(take(queue, 9)).toEqual(['c1', 'a2', 'b2', 'c2', 'a3']);
    expect([queue.size, queue.accounts]).toEqual([0, 0]);
  });

  it('puts first what was told to be', () => {
    const queue = createFairQueue<string>();
    queue.add('a', 'a1');
    queue.add('a', 'a0', true);
    expect(take(queue, 9)).toEqual(['a0', 'a1']);
  });

  it('forgets what is taken out, once', () => {
    const queue = createFairQueue<string>();
    queue.add('a', 'a1');
    queue.add('a', 'a2');
    expect([queue.remove('a', 'a1'), queue.remove('a', 'a1'), queue.remove('b', 'a2')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([...queue.items()]).toEqual(['a2']);
    expect(queue.waitingOf('a')).toBe(1);
  });

  it('never serves one account twice more often than another that waits as long', () => {
    const account = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(account, { maxLength: 60, size: 'max' }), fc.nat(60), (accounts, most) => {
        const queue = createFairQueue<string>();
        accounts.forEach((each, index) => void queue.add(each, `${each}${index}`));
        const taken = take(queue, most);
        expect(taken.length).toBe(Math.min(most, accounts.length));
        for (const waiting of new Set([...queue.items()].map((item) => item.charAt(0)))) {
          const own = taken.filter((item) => item.startsWith(waiting)).length;
          for (const other of 'abcd')
            expect(taken.filter((item) => item.startsWith(other)).length).toBeLessThanOrEqual(own + 1);
        }
      }),
    );
  });

  it('knows how many go before a newcomer', () => {
    const account = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(account, { maxLength: 30, size: 'max' }), account, (accounts, own) => {
        const queue = createFairQueue<string>();
        accounts.forEach((each, index) => void queue.add(each, `${each}${index}`));
        const isNew = !accounts.includes(own);
        const ahead = queue.ahead(own);
        queue.add(own, 'mine');
        const place = take(queue, 99).indexOf('mine');
        if (isNew) expect(place).toBe(ahead);
        else expect(place - ahead).toBeGreaterThanOrEqual(0);
        expect(place - ahead).toBeLessThanOrEqual(2);
      }),
    );
  });
});
