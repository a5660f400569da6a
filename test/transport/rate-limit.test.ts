import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateBed, limit } from './rate-bed.ts';

const times = (count: number, act: (index: number) => unknown) => {
  for (let index = 0; index < count; index++) act(index);
};

describe('a call over the limit', () => {
  it('is refused at once when its turn cannot come before its deadline, and takes nothing', async () => {
    const { world, ask, sent, refused } = createRateBed();
    times(5, () => ask());
    times(5, () => ask());
    void ask({ name: 'late', deadlineMs: 1_500 });
    await world.advance(0);
    expect(sent.length).toBe(5);
    expect(refused).toEqual([{ name: 'late', at: 0, error: expect.anything() }]);
    expect(refused[0]?.error).toMatchObject({
      code: 'limit.deadline',
      category: 'throttled',
      outcome: 'not-sent',
      message: expect.stringContaining('Acme'),
      retryAfterMs: 2_000,
    });
    await world.advance(10_000);
    expect(sent.length).toBe(10);
  });

  it('that waits and whose turn is put off past its deadline is refused when that is known', async () => {
    const { world, ask, refused } = createRateBed();
    times(4, () => ask());
    void ask({ answerMs: 100, news: { pauseMs: 30_000 } });
    void ask({ name: 'waiting', deadlineMs: 5_000 });
    await world.advance(99);
    expect(refused).toEqual([]);
    await world.advance(1);
    expect(refused).toMatchObject([{ name: 'waiting', at: 100, error: { retryAfterMs: 30_000 } }]);
    expect(world.sleeping()).toBe(0);
  });

  it('that others overtake in turn is refused at its deadline', async () => {
    const { world, ask, sent, refused } = createRateBed();
    const limits = [limit('one', 1)];
    times(5, () => ask({ limits, account: 'a', name: 'a', deadlineMs: 4_500 }));
    await world.advance(500);
    times(5, (index) => ask({ limits, account: `b${index}` }));
    await world.advance(60_000);
    // After its first call and one more it is five others' turn.
    expect(refused.map(({ name, error }) => [name, error.code])).toEqual(
      Array.from({ length: 3 }, () => ['a', 'limit.deadline']),
    );
    for (const { at } of refused) expect(at).toBeLessThan(4_500);
    expect(sent.length).toBe(7);
  });

  it('leaves the queue when its caller does', async () => {
    const { world, ask, sent, refused } = createRateBed();
    const controller = new AbortController();
    times(5, () => ask());
    void ask({ name: 'leaver', signal: controller.signal });
    void ask({ name: 'stayer' });
    await world.advance(10);
    controller.abort();
    await world.advance(0);
    expect(refused).toMatchObject([
      { name: 'leaver', at: 10, error: { code: 'transport.cancelled', outcome: 'not-sent' } },
    ]);
    await world.advance(5_000);
    expect(sent.map(({ name }) => name).slice(5)).toEqual(['stayer']);
    void ask({ name: 'gone', signal: controller.signal });
    times(5, () => ask({ signal: controller.signal }));
    await world.advance(0);
    expect(refused.length).toBe(2);
  });

  it('is refused when the queue is full, but not one of an account that has less than its share there', async () => {
    const { world, ask, sent, refused } = createRateBed({ maxWaiting: 10 });
    times(16, () => ask({ account: 'busy' }));
    await world.advance(0);
    expect(refused.map(({ error }) => error)).toMatchObject([
      { code: 'limit.queue-full', category: 'throttled', outcome: 'not-sent', retryAfterMs: 1_000 },
    ]);
    times(2, () => ask({ account: 'quiet' }));
    await world.advance(1_001);
    expect(refused.length).toBe(1);
    expect(sent.filter(({ account }) => account === 'quiet').length).toBe(2);
  });

  it('keeps no timer once nobody waits', async () => {
    const { world, ask } = createRateBed();
    times(20, () => ask());
    await world.advance(0);
    expect(world.sleeping()).toBe(1);
    await world.advance(60_000);
    expect(world.sleeping()).toBe(0);
  });
});

describe('a limit', () => {
  it('lets calls through in the same turn while there is room', () => {
    const { acquire } = createRateBed();
    expect(acquire({})).not.toBeInstanceOf(Promise);
    times(4, () => acquire({}));
    const waiting = acquire({});
    expect(waiting).toBeInstanceOf(Promise);
  });

  it('holds in any period, whatever calls come when, and nobody is forgotten', async () => {
    const call = fc.record({
      after: fc.integer({ min: 0, max: 400 }),
      account: fc.constantFrom('a', 'b', 'c'),
      answerMs: fc.constantFrom(0, 0, 3, 250, 3_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(call, { maxLength: 40, size: 'max' }),
        async (most, calls) => {
          const { world, ask, sent, refused, mostWithin, limiter } = createRateBed();
          for (const { after, ...asked } of calls) {
            await world.advance(after);
            void ask({ ...asked, limits: [limit('one', most)], deadlineMs: 1e6 });
          }
          await world.advance(150_000);
          expect(mostWithin(1_000)).toBeLessThanOrEqual(most);
          expect([sent.length, refused.length]).toEqual([calls.length, 0]);
          expect(world.sleeping()).toBe(0);
          // Nothing was lost: as many as at the start may go now.
          times(most, () => ask({ limits: [limit('one', most)] }));
          await world.advance(0);
          expect(sent.length).toBe(calls.length + most);
          expect(limiter.size()).toBe(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('loses no place to those who leave, are refused, or are not sent after all', async () => {
    const call = fc.record({
      after: fc.integer({ min: 0, max: 300 }),
      fate: fc.constantFrom('sent', 'aborted', 'late', 'not sent'),
      both: fc.boolean(),
    });
    const limits = [limit('fast', 4), limit('slow', 1)];
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 30, size: 'max' }), async (calls) => {
        const { world, ask, acquire, sent, refused } = createRateBed();
        for (const { after, fate, both } of calls) {
          await world.advance(after);
          const asked = { limits: both ? limits : limits.slice(0, 1) };
          const controller = new AbortController();
          if (fate === 'not sent') void (async () => (await acquire(asked)).giveBack())();
          else void ask({ ...asked, signal: controller.signal, deadlineMs: fate === 'late' ? 700 : 1e6 });
          if (fate === 'aborted') world.after(after * 5, () => controller.abort());
        }
        await world.advance(100_000);
        expect(world.sleeping()).toBe(0);
        expect(sent.length + refused.length).toBe(calls.filter(({ fate }) => fate !== 'not sent').length);
        const before = sent.length;
        void ask({ limits });
        times(3, () => ask({ limits: limits.slice(0, 1) }));
        await world.advance(0);
        expect(sent.length).toBe(before + 4);
      }),
      { numRuns: 40 },
    );
  });

  it('holds although the clock is set back', async () => {
    let skew = 0;
    const { world, ask, sent } = createRateBed({ skewMs: () => skew });
    times(5, () => ask());
    await world.advance(0);
    skew = -3_600_000;
    times(5, () => ask());
    await world.advance(0);
    expect(sent.length).toBe(5);
    await world.advance(1_100);
    expect(sent.length).toBe(10);
  });

  it('is forgotten when it is as good as new', async () => {
    const { world, ask, limiter } = createRateBed();
    times(1_000, (index) => ask({ limits: [limit(`of ${index}`, 5)] }));
    times(12, () => ask({ limits: [limit('of 0', 5), limit('slow', 2)] }));
    await world.advance(0);
    expect(limiter.size()).toBeGreaterThanOrEqual(1_000);
    await world.advance(20_000);
    times(5_000, () => ask({ limits: [] }));
    expect(limiter.size()).toBe(0);
  });
});

describe('accounts that share a limit', () => {
  it('are served in turn: one call of another waits for one of a busy account, not for 500', async () => {
    const { world, ask, sent } = createRateBed();
    times(500, () => ask({ account: 'busy', deadlineMs: 1e6 }));
    void ask({ account: 'quiet', name: 'mine' });
    await world.advance(1_001);
    expect(sent.findIndex(({ name }) => name === 'mine')).toBe(6);
    await world.advance(200_000);
    expect(sent.length).toBe(501);
  });

  it('have the same share each while both wait, however many calls they have', async () => {
    const { world, ask, sent } = createRateBed();
    times(300, () => ask({ account: 'busy', deadlineMs: 1e6 }));
    await world.advance(3_000);
    const before = sent.length;
    times(25, () => ask({ account: 'other', deadlineMs: 1e6 }));
    await world.advance(10_100);
    const since = sent.slice(before);
    expect(since.filter(({ account }) => account === 'other').length).toBe(25);
    expect(since.filter(({ account }) => account === 'busy').length).toBe(since.length - 25);
    expect(since.length).toBeGreaterThanOrEqual(50);
  });

  it('are served in the order of their calls', async () => {
    const { world, ask, sent } = createRateBed();
    times(30, (index) => ask({ name: String(index) }));
    await world.advance(10_000);
    expect(sent.map(({ name }) => name)).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
  });

  it('do not delay those that have another', async () => {
    const { world, ask, sent } = createRateBed();
    times(500, () => ask({ account: 'a', limits: [limit('of one', 5)] }));
    void ask({ account: 'b', name: 'mine', limits: [limit('of two', 5)] });
    await world.advance(0);
    expect(sent.at(-1)?.name).toBe('mine');
  });
});

describe('a call with several limits', () => {
  const fast = limit('fast', 4);
  const slow = limit('slow', 1);

  it('keeps to all of them, and its wait for one does not hold up calls of the other', async () => {
    const { world, ask, sent, mostWithin } = createRateBed();
    times(5, () => ask({ name: 'both', limits: [fast, slow], deadlineMs: 1e6 }));
    times(20, () => ask({ name: 'fast', limits: [fast], deadlineMs: 1e6 }));
    await world.advance(0);
    expect(sent.map(({ name }) => name)).toEqual(['both', 'fast', 'fast', 'fast']);
    await world.advance(20_000);
    expect(sent.length).toBe(25);
    expect(mostWithin(1_000)).toBe(4);
    expect(mostWithin(1_000, ({ name }) => name === 'both')).toBe(1);
    expect(sent.findLast(({ name }) => name === 'both')?.at).toBeLessThan(8_100);
  });

  it('does not starve although calls of each keep both busy', async () => {
    const one = limit('one', 1, 1_000);
    const two = limit('two', 1, 700);
    const { world, ask, sent } = createRateBed();
    times(100, () => ask({ account: 'x', name: 'one', limits: [one], deadlineMs: 1e6 }));
    times(100, () => ask({ account: 'y', name: 'two', limits: [two], deadlineMs: 1e6 }));
    times(3, () => ask({ account: 'z', name: 'both', limits: [two, one], deadlineMs: 1e6 }));
    await world.advance(12_000);
    expect(sent.filter(({ name }) => name === 'both').length).toBe(3);
    await world.advance(200_000);
    expect(sent.length).toBe(203);
  });

  it('waits and ends for any mix of limits and accounts, and each limit holds', async () => {
    const all = [limit('p', 3), limit('q', 2, 500), limit('r', 1, 800, 3)];
    const call = fc.record({
      after: fc.constantFrom(0, 0, 0, 50, 400),
      account: fc.constantFrom('a', 'b', 'c'),
      limits: fc.subarray(all, { minLength: 1 }),
      answerMs: fc.constantFrom(0, 20, 2_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40, size: 'max' }), async (calls) => {
        const { world, ask, sent, mostWithin } = createRateBed();
        for (const { after, ...asked } of calls) {
          await world.advance(after);
          void ask({ ...asked, name: asked.limits.map(({ key }) => key).join(''), deadlineMs: 1e6 });
        }
        await world.advance(200_000);
        expect(sent.length).toBe(calls.length);
        expect(mostWithin(1_000, ({ name }) => name.includes('p'))).toBeLessThanOrEqual(3);
        expect(mostWithin(500, ({ name }) => name.includes('q'))).toBeLessThanOrEqual(2);
        expect(mostWithin(800, ({ name }) => name.includes('r'))).toBeLessThanOrEqual(4);
        expect(world.sleeping()).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps to what the vendor says of such calls, and others go on', async () => {
    const { world, ask, sent } = createRateBed();
    void ask({ name: 'first', limits: [fast, slow], news: { pauseMs: 10_000 } });
    await world.advance(0);
    times(3, () => ask({ name: 'both', account: 'x', limits: [fast, slow] }));
    times(4, () => ask({ name: 'slow', account: 'x', limits: [slow] }));
    times(8, () => ask({ name: 'fast', account: 'x', limits: [fast] }));
    await world.advance(9_900);
    const names = (name: string) => sent.filter((each) => each.name === name).length;
    expect([names('both'), names('slow'), names('fast')]).toEqual([0, 4, 8]);
    await world.advance(3_000);
    expect(names('both')).toBe(3);
  });

  it('gives back what it holds of one when the vendor closes the other', async () => {
    const { world, ask, sent } = createRateBed();
    times(3, () => ask({ account: 'x', limits: [fast] }));
    void ask({ account: 'x', limits: [fast], answerMs: 200, news: { pauseMs: 20_000 } });
    void ask({ account: 'x', name: 'both', limits: [fast, slow] });
    void ask({ account: 'y', name: 'slow', limits: [slow] });
    await world.advance(199);
    expect(sent.length).toBe(4);
    await world.advance(1);
    expect(sent.at(-1)?.name).toBe('slow');
    await world.advance(30_000);
    expect(sent.at(-1)?.name).toBe('both');
    expect(world.sleeping()).toBe(0);
  });
});

describe("the vendor's word", () => {
  it('stops all calls of the limit until its time is over', async () => {
    const { world, ask, sent } = createRateBed();
    void ask({ news: { pauseMs: 7_000 } });
    await world.advance(0);
    times(3, () => ask());
    await world.advance(6_999);
    expect(sent.length).toBe(1);
    await world.advance(1);
    expect(sent.length).toBe(4);
  });

  it('lets no more pass than are left, until the limit begins anew', async () => {
    const { world, ask, sent } = createRateBed();
    void ask({ news: { remaining: 2, resetMs: 5_000 } });
    await world.advance(0);
    times(4, () => ask());
    await world.advance(4_999);
    expect(sent.length).toBe(3);
    await world.advance(2);
    expect(sent.length).toBe(5);
  });

  it('never lets more pass than the limit', async () => {
    const { world, ask, mostWithin } = createRateBed();
    times(40, () => ask({ news: { remaining: 1_000_000, resetMs: 0 } }));
    await world.advance(20_000);
    expect(mostWithin(1_000)).toBe(5);
  });

  it('that is older than what is known does not raise what is left', async () => {
    const { world, ask, sent } = createRateBed();
    void ask({ answerMs: 30, news: { remaining: 4, resetMs: 5_000 } });
    void ask({ answerMs: 10, news: { remaining: 1, resetMs: 5_000 } });
    await world.advance(40);
    times(3, () => ask());
    await world.advance(3_000);
    expect(sent.length).toBe(2);
    await world.advance(5_000);
    expect(sent.length).toBe(5);
  });

  it('counts those that are under way as not counted yet', async () => {
    const { world, ask, sent } = createRateBed();
    void ask({ answerMs: 10, news: { remaining: 2, resetMs: 5_000 } });
    times(2, () => ask({ answerMs: 2_000 }));
    await world.advance(10);
    void ask();
    await world.advance(4_000);
    expect(sent.length).toBe(3);
  });

  it('is heard where no limit is declared', async () => {
    const { world, ask, sent } = createRateBed();
    times(100, () => ask({ limits: [] }));
    void ask({ limits: [], news: { pauseMs: 2_000 } });
    await world.advance(0);
    expect(sent.length).toBe(101);
    times(5, () => ask({ limits: [] }));
    await world.advance(1_999);
    expect(sent.length).toBe(101);
    await world.advance(1);
    expect(sent.length).toBe(106);
  });
});
