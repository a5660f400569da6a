import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Runtime, UploadProgress } from '../../src/runtime-contract.ts';
import { matchesHost } from '../../src/upload.ts';
import type { Send, WireRequest, WireResponse } from '../../src/wire.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { goodValues, memoryStore } from '../helpers/runtime.ts';
import { createFakeVendor, createFakeWorld, type FakeVendor, type FakeWorld } from '../helpers/vendor.ts';

const file = (text = 'a,b\n1,2\n') => ({
  name: 'parts.csv',
  contentType: 'text/csv',
  content: Buffer.from(text),
});
const PLACE = 'https://bucket.store.example/put?signature=s3cr3t';

interface Bed {
  runtime: Runtime;
  account: string;
  id: string;
  vendor: FakeVendor;
  world: FakeWorld;
  /** What arrived at places that are not the vendor's API. */
  puts: WireRequest[];
}

async function createBed(...answers: Partial<WireResponse>[]): Promise<Bed> {
  const vendor = createFakeVendor();
  const world = createFakeWorld();
  const puts: WireRequest[] = [];
  const send: Send = async (request, options) => {
    if (request.method !== 'PUT') return vendor.send(request, options);
    puts.push(request);
    return { status: 200, headers: {}, body: '', ...answers.shift() };
  };
  const connector = await withOverlay(['acme', 'acme-parts'], loadConnectorOrThrow);
  const runtime = createRuntime({ connectors: [connector], store: await memoryStore(), send, world });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const { row } = await runtime.install(account, 'acme', { values: goodValues });
  return { runtime, account, id: row.id, vendor, world, puts };
}

const granted = (over = {}) => ({
  body: JSON.stringify({
    jobId: 'j1',
    url: PLACE,
    headers: { 'x-amz-tag': 'yes', Authorization: 'evil', Host: 'evil' },
    ...over,
  }),
});
const job = (state: string) => ({ body: JSON.stringify({ state, rows: 2 }) });

describe('an upload', () => {
  it('that the connector does not have is refused', async () => {
    const { runtime, account, id } = await createBed();
    await expect(runtime.upload(account, id, 'pictures', file())).rejects.toMatchObject({
      code: 'upload.unknown',
    });
  });

  it('of a wrong type, an empty file or one too large is refused before anything is sent', async () => {
    const { runtime, account, id, vendor } = await createBed();
    const before = vendor.requests.length;
    await expect(
      runtime.upload(account, id, 'parts', { ...file('x'.repeat(1001)), contentType: 'image/png' }),
    ).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [{ path: 'contentType', message: 'must be one of text/csv' }, { path: 'content' }],
    });
    await expect(runtime.upload(account, id, 'parts', file(''))).rejects.toMatchObject({
      problems: [{ message: 'is empty' }],
    });
    expect(vendor.requests.length).toBe(before);
  });

  it.each([
    ['another host', 'https://evil.example/put'],
    ['a host that only ends alike', 'https://evilstore.example/put'],
    ['plain http', 'http://bucket.store.example/put'],
    ['another port', 'https://bucket.store.example:8443/put'],
    ['credentials in the URL', 'https://me:you@bucket.store.example/put'],
    ['a machine of the inner network', 'http://169.254.169.254/latest'],
    ['no URL', 'nowhere'],
  ])('never goes to %s', async (_, url) => {
    const { runtime, account, id, vendor, puts } = await createBed();
    vendor.next(granted({ url }));
    await expect(runtime.upload(account, id, 'parts', file())).rejects.toMatchObject({
      code: 'upload.foreign-host',
    });
    expect(puts).toEqual([]);
  });

  it('asks for a place, puts the file there without our credentials, and follows the job to its end', async () => {
    const { runtime, account, id, vendor, world, puts } = await createBed();
    vendor.next(granted(), job('waiting'), job('running'), job('done'));
    const seen: UploadProgress[] = [];
    const result = await runtime.upload(
      account,
      id,
      'parts',
      file(),
      { body: { note: 'mine' } },
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(result).toEqual({ jobId: 'j1', status: 'done', job: { state: 'done', rows: 2 } });
    const asked = vendor.requests.find(({ url }) => url.endsWith('/files'));
    expect(JSON.parse(String(asked?.body))).toEqual({
      note: 'mine',
      fileName: 'parts.csv',
      contentType: 'text/csv',
      contentLength: 8,
    });
    expect(puts).toEqual([
      {
        method: 'PUT',
        url: PLACE,
        headers: { 'content-type': 'text/csv', 'x-amz-tag': 'yes' },
        body: file().content,
      },
    ]);
    expect(seen.map(({ stage, status }) => status ?? stage)).toEqual([
      'granted',
      'sent',
      'waiting',
      'running',
      'done',
    ]);
    expect(world.sleeps).toEqual([2000, 2000]);
  });

  it('is put again when the place stumbles, but not beyond the life of its URL', async () => {
    const stumbling = await createBed({ status: 503 }, { status: 200 });
    stumbling.vendor.next(granted(), job('done'));
    await stumbling.runtime.upload(stumbling.account, stumbling.id, 'parts', file());
    expect(stumbling.puts).toHaveLength(2);

    const slow = await createBed({ status: 503, headers: { 'retry-after': '61' } });
    slow.vendor.next(granted());
    await expect(slow.runtime.upload(slow.account, slow.id, 'parts', file())).rejects.toMatchObject({
      code: 'upload.refused',
      vendor: { status: 503 },
    });
    expect(slow.puts).toHaveLength(1);
  });

  it('never quotes the URL, which is a credential of its own', async () => {
    const { runtime, account, id, vendor } = await createBed({ status: 403, body: `no: ${PLACE}` });
    vendor.next(granted());
    const error = await runtime.upload(account, id, 'parts', file()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'upload.refused' });
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cr3t');
    expect(JSON.stringify(await runtime.calls({}))).not.toContain('s3cr3t');
  });

  it('ends loudly when the vendor fails, and when the job takes too long', async () => {
    const { runtime, account, id, vendor } = await createBed();
    vendor.next(granted(), job('broken'));
    await expect(runtime.upload(account, id, 'parts', file())).rejects.toMatchObject({
      code: 'upload.failed',
    });
    vendor.next(granted(), job('running'), job('running'), job('running'));
    await expect(
      runtime.upload(account, id, 'parts', file(), {}, { deadlineMs: 5000 }),
    ).rejects.toMatchObject({
      code: 'upload.unfinished',
      outcome: 'sent-unknown',
    });
  });
});

describe('a host pattern', () => {
  it.each([
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'evilexample.com', false],
    ['files.example.com', 'files.example.com', true],
    ['files.example.com', 'x.files.example.com', false],
  ])('%s matches %s: %s', (pattern, host, matches) => {
    expect(matchesHost(pattern, host)).toBe(matches);
  });
});

describe('an upload with a key of its caller', () => {
  const key = { idempotencyKey: 'parts-of-may' };

  it('is refused for another file, and while the first is under way', async () => {
    const { runtime, account, id, vendor, puts } = await createBed();
    vendor.next(granted(), job('done'));
    const upload = () => runtime.upload(account, id, 'parts', file(), {}, key);
    const ends = await Promise.allSettled([upload(), upload()]);
    // Whichever of the two it is.
    expect(ends).toContainEqual(expect.objectContaining({ status: 'fulfilled' }));
    expect(ends).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'call.key-in-use' }) }),
    );
    await expect(runtime.upload(account, id, 'parts', file('c,d\n'), {}, key)).rejects.toMatchObject({
      code: 'call.key-reused',
    });
    expect(puts).toHaveLength(1);
  });

  it('is made once: the job that it came to is told again', async () => {
    const { runtime, account, id, vendor, puts } = await createBed();
    vendor.next(granted(), job('done'));
    const first = await runtime.upload(account, id, 'parts', file(), {}, key);
    expect(await runtime.upload(account, id, 'parts', file(), {}, key)).toEqual({ ...first, replayed: true });
    expect(puts).toHaveLength(1);
  });

  it('is made again when its place did not take the file', async () => {
    const { runtime, account, id, vendor, puts } = await createBed({ status: 403 });
    vendor.next(granted(), granted(), job('done'));
    const upload = () => runtime.upload(account, id, 'parts', file(), {}, key);
    await expect(upload()).rejects.toMatchObject({ code: 'upload.refused' });
    expect((await upload()).replayed).toBeUndefined();
    expect(puts).toHaveLength(2);
  });

  it('is not made again once the file may be there', async () => {
    const { runtime, account, id, vendor, puts } = await createBed();
    vendor.next(granted(), { status: 404 });
    const upload = () => runtime.upload(account, id, 'parts', file(), {}, key);
    await expect(upload()).rejects.toMatchObject({ code: 'vendor.not-found', replayed: false });
    await expect(upload()).rejects.toMatchObject({ code: 'vendor.not-found', replayed: true });
    expect(puts).toHaveLength(1);
  });
});
