/** The caller leaves at every single step of a call, whatever happened before; what is told of the request must be true. */
import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { CallOptions, Runtime } from '../../src/runtime-contract.ts';
import type { Send, World } from '../../src/wire.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { goodValues, memoryStore } from '../helpers/runtime.ts';
import { createFakeVendor, createFakeWorld } from '../helpers/vendor.ts';

type Kind = 'token' | 'read' | 'write' | 'file' | 'wait';
type Queued = Parameters<ReturnType<typeof createFakeVendor>['next']>[0];

const lost = () => {
  throw new FishplateError('transport.interrupted', 'the connection broke', { outcome: 'sent-unknown' });
};
const later: Queued = { status: 429, headers: { 'retry-after': '1' } };
const closed: Queued = { status: 503, headers: { 'retry-after': '1' } };
const expired: Queued = { status: 401 };
const fault: Queued = { status: 500 };

const connector = await withOverlay(['acme', 'acme-parts'], loadConnectorOrThrow);

/** A runtime whose every step outwards is counted; its caller leaves in the middle of step `leaveAt`. */
async function open(leaveAt: number) {
  const vendor = createFakeVendor();
  const clock = createFakeWorld();
  const leaving = new AbortController();
  let counting = false;
  const steps: Kind[] = [];
  const step = (kind: Kind) => {
    if (counting) steps.push(kind);
    if (counting && steps.length === leaveAt) leaving.abort();
  };
  const send: Send = async (request, options) => {
    const { pathname, host } = new URL(request.url);
    const isToken = pathname === '/oauth/token';
    const isFile = host === 'bucket.store.example';
    step(isToken ? 'token' : isFile ? 'file' : request.method === 'GET' ? 'read' : 'write');
    if (options?.signal?.aborted)
      throw new FishplateError('transport.cancelled', 'the request was cancelled', {
        outcome: 'sent-unknown',
      });
    return isFile ? { status: 200, headers: {}, body: '' } : vendor.send(request);
  };
  const world: World = {
    ...clock,
    sleep: (ms, signal) => {
      step('wait');
      return clock.sleep(ms, signal);
    },
  };
  const runtime = createRuntime({ connectors: [connector], store: await memoryStore(), send, world });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const { row } = await runtime.install(account, 'acme', { values: goodValues });
  return {
    vendor,
    steps,
    run: async (
      act: (runtime: Runtime, account: string, id: string, options: CallOptions) => Promise<unknown>,
    ) => {
      clock.advance(86_400_000);
      counting = true;
      return act(runtime, account, row.id, { signal: leaving.signal }).then(
        () => undefined,
        (error: unknown) => error as FishplateError,
      );
    },
  };
}

const rows = (count: number) => ({ body: { rows: Array.from({ length: count }, (_, n) => ({ n })) } });

describe('a caller who leaves in the middle of any step', () => {
  const answers: readonly (readonly [string, Queued, boolean])[] = [
    ['later', later, false],
    ['closed', closed, false],
    ['expired', expired, false],
    ['fault', fault, true],
    ['lost', lost, true],
  ];
  const pairs = answers.flatMap((first) => answers.map((second) => [first, second] as const));

  it.each(pairs)('is told whether the request may have been done: after %s and %s', async (...script) => {
    // Until the call ends before the step comes.
    for (let leaveAt = 1; ; leaveAt++) {
      const { vendor, steps, run } = await open(leaveAt);
      vendor.next(...script.map(([, answer]) => answer));
      const error = await run((runtime, account, id, options) =>
        runtime.call(account, id, 'things.upload', rows(1), options),
      );
      if (steps.length < leaveAt) {
        expect(leaveAt).toBeGreaterThan(3);
        return;
      }
      const attempts = steps.slice(0, leaveAt).filter((kind) => kind === 'write').length;
      const inFlight = steps[leaveAt - 1] === 'write';
      const answered = script.slice(0, inFlight ? attempts - 1 : attempts);
      const doubt = answered.some(([, , leavesDoubt]) => leavesDoubt);
      const outcome = inFlight || doubt ? 'sent-unknown' : 'not-sent';
      expect({ leaveAt, steps, error }).toMatchObject({ error: { code: 'transport.cancelled', outcome } });
      // Nothing is begun after that.
      expect(steps).toHaveLength(leaveAt);
    }
  });

  it('of a call that merges is told what is known of the writing', async () => {
    for (let leaveAt = 1; leaveAt <= 3; leaveAt++) {
      const { vendor, steps, run } = await open(leaveAt);
      vendor.next({ body: '{"name":"Nut","version":1}' }, { body: '{}' });
      const error = await run((runtime, account, id, options) =>
        runtime.call(
          account,
          id,
          'parts.update',
          { id: 'p', body: { name: 'x' } },
          { ...options, merge: true },
        ),
      );
      expect({ leaveAt, steps }).toEqual({ leaveAt, steps: ['token', 'read', 'write'].slice(0, leaveAt) });
      expect(error).toMatchObject({ code: 'transport.cancelled' });
    }
  });

  it('of a split list is told which rows were not taken', async () => {
    const { vendor, steps, run } = await open(3);
    vendor.next({}, {}, {});
    const error = await run((runtime, account, id, options) =>
      runtime.call(account, id, 'parts.upload', rows(9), options),
    );
    expect(steps).toEqual(['token', 'write', 'write']);
    expect(error).toMatchObject({
      code: 'call.partial',
      batches: [
        { first: 3, sent: true, code: 'transport.cancelled' },
        { first: 6, sent: false, code: 'transport.cancelled' },
      ],
    });
  });

  it('of a split list of which nothing was sent is told just that', async () => {
    const { run } = await open(1);
    const error = await run((runtime, account, id, options) =>
      runtime.call(account, id, 'parts.upload', rows(9), options),
    );
    expect(error).toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
  });

  it('between two pages gets no further one', async () => {
    const { steps, run } = await open(99);
    const leaving = new AbortController();
    const seen: unknown[] = [];
    const error = await run(async (runtime, account, id) => {
      for await (const { page } of runtime.pages(
        account,
        id,
        'things.list',
        {},
        { signal: leaving.signal },
      )) {
        seen.push(...(page?.items ?? []));
        leaving.abort();
      }
    });
    expect(error).toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
    expect([seen.length, steps]).toEqual([2, ['token', 'read']]);
  });

  it('of an upload is told, once the file is on its way, that it may be there', async () => {
    const place = 'https://bucket.store.example/put';
    const whole: Kind[] = ['token', 'write', 'file', 'read', 'wait', 'read'];
    const outcomes = [
      'not-sent',
      'sent-unknown',
      'sent-unknown',
      'sent-unknown',
      'sent-unknown',
      'sent-unknown',
    ];
    for (const [index, outcome] of outcomes.entries()) {
      const { vendor, steps, run } = await open(index + 1);
      vendor.next(
        { body: JSON.stringify({ jobId: 'j1', url: place, headers: {} }) },
        { body: '{"state":"running"}' },
        { body: '{"state":"done"}' },
      );
      const file = { name: 'parts.csv', contentType: 'text/csv', content: Buffer.from('a\n1\n') };
      const error = await run((runtime, account, id, options) =>
        runtime.upload(account, id, 'parts', file, {}, options),
      );
      expect(steps).toEqual(whole.slice(0, index + 1));
      expect(error).toMatchObject({ code: 'transport.cancelled', outcome });
    }
  });
});
