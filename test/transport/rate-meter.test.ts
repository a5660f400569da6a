import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeter, type Meter, type Place, type Rate } from '../../src/transport/rate-meter.ts';

const perSecond = (requests: number, burst?: number): Rate => ({ requests, periodMs: 1_000, burst });

/** Sends as much as the meter lets, at these times, each answered after its delay: when each arrived at the vendor. */
function arrivals(rate: Rate, wishes: readonly { at: number; delay: number; way: number }[]): number[] {
  const meter = createMeter(rate);
  const arrived: number[] = [];
  const answers: { at: number; settle: () => void }[] = [];
  for (const { at, delay, way } of wishes.toSorted((a, b) => a.at - b.at)) {
    for (const answer of answers.toSorted((a, b) => a.at - b.at).filter((each) => each.at <= at)) {
      answer.settle();
      answers.splice(answers.indexOf(answer), 1);
    }
    if (meter.room(at) < 1) continue;
    const place = take(meter);
    meter.depart(place, at);
    arrived.push(at + way * Math.min(delay, rate.periodMs, 1_000));
    answers.push({ at: at + delay, settle: () => meter.settle(place, at + delay) });
  }
  return arrived.sort((a, b) => a - b);
}

const wish = fc.record({
  at: fc.integer({ min: 0, max: 6_000 }),
  delay: fc.integer({ min: 0, max: 1_500 }),
  way: fc.double({ min: 0, max: 1, noNaN: true }),
});
const wishes = fc.array(wish, { minLength: 1, maxLength: 300, size: 'max' });
const requests = fc.integer({ min: 1, max: 20 });

function take(meter: Meter): Place {
  const place = { departedAt: Number.POSITIVE_INFINITY, taken: false };
  meter.take(place);
  return place;
}

describe('a meter', () => {
  it('never lets a vendor count more than the rate in any period, whenever each request arrives', () => {
    fc.assert(
      fc.property(requests, wishes, (count, given) => {
        const arrived = arrivals(perSecond(count), given);
        for (const [index, start] of arrived.entries()) {
          const within = arrived.slice(index).filter((at) => at < start + 1_000);
          expect(within.length).toBeLessThanOrEqual(count);
        }
      }),
    );
  });

  it('with a burst never empties the bucket of a vendor, whenever each request arrives', () => {
    fc.assert(
      fc.property(requests, requests, wishes, (count, burst, given) => {
        let left = burst;
        let last = 0;
        for (const at of arrivals(perSecond(count, burst), given)) {
          left = Math.min(burst, left + ((at - last) * count) / 1_000) - 1;
          last = at;
          expect(left).toBeGreaterThan(-1e-9);
        }
      }),
    );
  });

  it('lets everything through at once that the rate allows, and all of it again a period after the answers', () => {
    const meter = createMeter(perSecond(3));
    const places = [1, 2, 3].map(() => take(meter));
    for (const place of places) meter.depart(place, 0);
    expect(meter.room(0)).toBe(0);
    for (const place of places) meter.settle(place, 40);
    expect([meter.room(1_040), meter.room(1_041)]).toEqual([0, 3]);
  });

  it('does not wait for slow answers longer than for a request to arrive', () => {
    const meter = createMeter(perSecond(1));
    meter.depart(take(meter), 0);
    expect([meter.room(2_000), meter.room(2_001)]).toEqual([0, 1]);
  });

  it('frees a place that was given back at once, and only once', () => {
    const meter = createMeter(perSecond(2));
    const [one, two] = [take(meter), take(meter)];
    meter.giveBack(one);
    meter.giveBack(one);
    expect(meter.room(0)).toBe(1);
    meter.depart(two, 0);
    meter.settle(two, 5);
    meter.giveBack(two);
    expect(meter.room(5)).toBe(1);
  });

  it('says when there will be room', () => {
    const meter = createMeter(perSecond(2));
    for (const at of [0, 300]) {
      const place = take(meter);
      meter.depart(place, at);
      meter.settle(place, at);
    }
    expect([1, 2, 3, 5].map((count) => meter.roomAt(count, 400))).toEqual([1_001, 1_301, 2_001, 3_001]);
    const bucket = createMeter(perSecond(1, 2));
    expect([1, 2, 3, 4].map((count) => bucket.roomAt(count, 0))).toEqual([0, 0, 1_000, 2_000]);
  });

  it('takes no more memory for a high rate over a long period, and still keeps to it', () => {
    const meter = createMeter({ requests: 100_000, periodMs: 300_000 });
    for (let at = 0; at < 100_000; at++) {
      const place = take(meter);
      meter.depart(place, at);
      meter.settle(place, at);
    }
    expect(meter.room(100_000)).toBe(0);
    expect(meter.room(300_000)).toBe(0);
    expect(meter.room(300_301)).toBe(300);
    expect(meter.isIdle(400_300)).toBe(true);
  });
});
