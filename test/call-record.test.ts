import { describe, expect, it } from 'vitest';
import type { CallLog } from '../src/call-log.ts';
import { createCallRecorder, type LoggedCalls } from '../src/call-record.ts';
import { loadConnectorOrThrow } from '../src/definition/load.ts';
import { FishplateError } from '../src/errors.ts';
import type { LoadedInstallation } from '../src/installation/installation.ts';
import { completeSettings, resolveSettings } from '../src/installation/settings.ts';
import { ignoringObserver } from '../src/observer.ts';
import { prepareRequest } from '../src/request/prepare.ts';
import type { CallRow } from '../src/store/rows.ts';
import { goodValues } from './helpers/runtime.ts';
import { createFakeWorld } from './helpers/vendor.ts';

const connector = await loadConnectorOrThrow('test/fixtures/acme');
const resolution = resolveSettings(connector, { console: {}, account: goodValues });
const settings = completeSettings(connector, resolution);

function createBed(kept: LoggedCalls = 'all') {
  const world = createFakeWorld();
  const rows: CallRow[] = [];
  const log = { add: (row: CallRow) => void rows.push(row) } as CallLog;
  const recorder = createCallRecorder({
    log,
    world,
    observer: ignoringObserver,
    rows: kept,
    detail: 'errors',
  });
  const [auth] = connector.auth;
  const method = connector.methods['things.list'];
  if (!auth || !method) throw new Error('the fixture has changed');
  const loaded = { row: { id: 'i', accountId: 'a' }, connector, resolution } as LoadedInstallation;
  const open = () =>
    recorder.open({ loaded, method }, prepareRequest(method, {}, settings, world), auth, settings);
  return { world, rows, open, recorder };
}

const about = { settings, credential: 'token', waitedMs: 0, renewed: false };
const request = { method: 'GET', url: 'https://api.acme.example/t1/things', headers: {} };

describe('the record of a call', () => {
  it('counts the bytes of a file, not those of the text that it would be', () => {
    const { rows, open, recorder } = createBed();
    const bytes = Uint8Array.from([0, 255, 254]);
    const body = Buffer.from(bytes).toString();
    recorder.answered(open(), { status: 200, headers: {}, body, bytes });
    expect(rows[0]?.responseBytes).toBe(3);
  });

  it('keeps request and answer of the first hundred failures in a second, and rows of all', () => {
    const { world, rows, open, recorder } = createBed();
    const fail = () => recorder.failed(open(), new FishplateError('vendor.failed', 'x'));
    for (let n = 0; n < 105; n++) fail();
    expect(rows).toHaveLength(105);
    expect(rows.filter(({ wire }) => wire !== null)).toHaveLength(100);
    world.advance(1_000);
    fail();
    expect(rows.at(-1)?.wire).not.toBeNull();
  });

  it.each<[LoggedCalls, readonly number[]]>([
    ['all', [1, 2, 1, 1]],
    ['notable', [2, 1, 1]],
  ])('is a row, where %s are kept, of each but what went well at once', async (kept, expected) => {
    const { rows, open, recorder } = createBed(kept);
    const send = async () => ({ status: 200, headers: {}, body: '' });
    const make = async (attempts: number, waitedMs: number) => {
      const record = open();
      for (let n = 0; n < attempts; n++)
        await recorder.attempt(record, send, request, { ...about, waitedMs }, {});
      return record;
    };
    recorder.answered(await make(1, 0), await send());
    recorder.answered(await make(2, 0), await send());
    recorder.answered(await make(1, 5), await send());
    recorder.failed(await make(1, 0), new FishplateError('vendor.failed', 'x'));
    expect(rows.map(({ attempts }) => attempts)).toEqual(expected);
  });

  it('lists the first ten attempts, and counts them all', async () => {
    const { rows, open, recorder } = createBed();
    const record = open();
    for (let n = 0; n < 14; n++)
      await recorder.attempt(
        record,
        async () => ({ status: 500 + n, headers: {}, body: '' }),
        request,
        about,
        {},
      );
    recorder.failed(record, new FishplateError('vendor.failed', 'x'));
    expect(rows[0]?.attempts).toBe(14);
    expect(rows[0]?.detail.attempts).toMatchObject(
      Array.from({ length: 10 }, (_, n) => ({ status: 500 + n })),
    );
    expect(rows[0]?.detail.attempts).toHaveLength(10);
  });

  it('passes on what the sending threw, and keeps no answer of the attempt before', async () => {
    const { rows, open, recorder } = createBed();
    const record = open();
    await recorder.attempt(
      record,
      async () => ({ status: 503, headers: {}, body: 'busy' }),
      request,
      about,
      {},
    );
    const broken = new FishplateError('transport.interrupted', 'x', { outcome: 'sent-unknown' });
    const sending = recorder.attempt(record, () => Promise.reject(broken), request, about, {});
    await expect(sending).rejects.toBe(broken);
    recorder.failed(record, broken);
    expect(rows[0]?.detail.attempts).toMatchObject([{ status: 503 }, { error: 'transport.interrupted' }]);
    expect(JSON.parse(rows[0]?.wire?.reveal() ?? '')).not.toHaveProperty('response');
  });

  it('notes how long a refusal asked to wait, and nothing where it did not say', async () => {
    const { rows, open, recorder } = createBed();
    const record = open();
    const answer = (status: number, headers: Readonly<Record<string, string>>) =>
      recorder.attempt(record, async () => ({ status, headers, body: '' }), request, about, {});
    await answer(429, { 'retry-after': '2' });
    await answer(503, {});
    recorder.answered(record, await answer(200, { 'retry-after': '9' }));
    const entries = rows[0]?.detail.attempts as { readonly retryAfterMs?: number }[];
    expect(entries.map(({ retryAfterMs }) => retryAfterMs)).toEqual([2_000, undefined, undefined]);
  });
});
