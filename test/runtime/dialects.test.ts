import { describe, expect, it } from 'vitest';
import { isFishplateError } from '../../src/errors.ts';
import type { Arguments, CallOptions } from '../../src/runtime-contract.ts';
import { describeError } from '../../src/server/error-response.ts';
import { playFixture } from './played-bed.ts';

async function open() {
  const bed = await playFixture('dialects');
  const { runtime, account } = bed;
  const values = { environment: 'sandbox', apiKey: bed.makeKey().secret };
  const { row } = await runtime.install(account, 'dialects', { values });
  const call = (method: string, args: Arguments = {}, options: CallOptions = {}) =>
    runtime.call(account, row.id, method, args, options);
  const refusal = async (method: string, args: Arguments = {}, options: CallOptions = {}) => {
    const error = await call(method, args, options).catch((thrown: unknown) => thrown);
    if (!isFishplateError(error)) throw new Error(`${method} was not refused`);
    return error;
  };
  const makeTicket = async (title = 'one') =>
    (await call('tickets.create', { body: { title, status: 'new' } })).body as { _id: string; _etag: string };
  const all = async (method: string, args: Arguments = {}) => {
    const pages = [];
    for await (const { page } of runtime.pages(account, row.id, method, args)) pages.push(page?.items.length);
    return pages;
  };
  return { ...bed, id: row.id, call, refusal, makeTicket, all };
}

describe('a call that went through in part', () => {
  it('is an error that says so and has the whole answer: what was done, and what was not', async () => {
    const { refusal } = await open();
    const error = await refusal('assets.deleteMany', { body: [{ id: 'a1' }, { id: 'a2' }] });
    const body = { data: [{ id: 'a1' }], errors: [{ id: 'e1', detail: 'a2 is locked' }] };
    expect(error).toMatchObject({
      code: 'vendor.partial',
      vendor: { status: 202, message: 'a2 is locked', body },
    });
    expect(describeError(error, 'r1').Vendor).toEqual({ Status: 202, Message: 'a2 is locked', Body: body });
    expect(error.outcome).toBeUndefined();
  });

  it('is told again to who repeats it with its key, and is not sent again', async () => {
    const { refusal, sent } = await open();
    const again = () => refusal('assets.deleteMany', { body: [{ id: 'a1' }] }, { idempotencyKey: 'k1' });
    const first = await again();
    const before = sent.length;
    expect(await again()).toMatchObject({ code: 'vendor.partial', replayed: true, vendor: first.vendor });
    expect(sent).toHaveLength(before);
  });

  it('is a refusal when nothing went through', async () => {
    const { refusal } = await open();
    const error = await refusal('assets.patch', { body: [{ op: 'remove', path: '/x' }] });
    expect(error).toMatchObject({ code: 'vendor.invalid', vendor: { status: 200, message: 'nothing fits' } });
    expect(error.vendor?.body).toEqual({ errors: [{ id: 'e1', detail: 'nothing fits' }] });
  });
});

describe('a call that names the version it changes', () => {
  it('is refused as a conflict when that is not the newest', async () => {
    const { refusal, makeTicket } = await open();
    const { _id: id } = await makeTicket();
    const error = await refusal('tickets.update', { id, 'If-Match': 'stale', body: { status: 'done' } });
    expect(error).toMatchObject({ code: 'vendor.conflict', vendor: { status: 412 } });
  });

  it('is not sent when the entity has no ETag', async () => {
    const { refusal, makeTicket, sandbox, asked } = await open();
    const { _id: id } = await makeTicket();
    sandbox.faults.add({ method: 'tickets.get', status: 200, body: {} });
    expect(await refusal('tickets.update', { id, body: {} })).toMatchObject({
      code: 'call.no-etag',
      outcome: 'not-sent',
    });
    expect(asked('tickets.update')).toBe(0);
  });

  it('reads the newest first, unless the caller has named one', async () => {
    const { call, makeTicket, sent, asked } = await open();
    const { _id: id, _etag: tag } = await makeTicket();
    const updated = await call('tickets.update', { id, body: { status: 'done' } });
    expect(updated.body).toMatchObject({ title: 'one', status: 'done' });
    expect(sent.at(-1)?.headers['if-match']).toBe(tag);
    const { _etag: newest } = updated.body as { _etag: string };
    await call('tickets.update', { id, 'If-Match': newest, body: { status: 'new' } });
    expect(asked('tickets.get')).toBe(1);
    expect((await call('tickets.delete', { id })).status).toBe(204);
  });

  it('merges once more when somebody was faster, on the ETag of what it merged', async () => {
    const { call, makeTicket, sandbox, asked } = await open();
    const { _id: id } = await makeTicket();
    sandbox.faults.add({ method: 'tickets.replace', status: 412, times: 1 });
    const { body } = await call('tickets.replace', { id, body: { status: 'done' } }, { merge: true });
    expect(body).toMatchObject({ title: 'one', status: 'done' });
    expect([asked('tickets.get'), asked('tickets.replace')]).toEqual([2, 2]);
  });

  it('shows in a preview that the tag is read first', async () => {
    const { runtime, account, id: installation, sent } = await open();
    const before = sent.length;
    const preview = await runtime.preview(account, installation, 'tickets.update', { id: 'x', body: {} });
    expect(preview.headers['if-match']).toBe('(the ETag that tickets.get answers)');
    expect(preview.provenance).toContainEqual({ name: 'If-Match', in: 'header', source: 'generated' });
    expect(sent).toHaveLength(before);
  });
});

describe('a request', () => {
  it('writes objects as JSON and dates as HTTP has them, inside of JSON too', async () => {
    const { call, sent } = await open();
    const where = { _created: { $gt: '2023-02-08T01:00:00+01:00' }, severity: { $in: ['high'] } };
    await call('tickets.list', { where, since: '2023-02-08T00:00:00Z' });
    const { searchParams } = new URL(sent.at(-1)?.url ?? '');
    expect(JSON.parse(searchParams.get('where') ?? '')).toEqual({
      _created: { $gt: 'Wed, 08 Feb 2023 00:00:00 GMT' },
      severity: { $in: ['high'] },
    });
    expect(searchParams.get('since')).toBe('Wed, 08 Feb 2023 00:00:00 GMT');
  });

  it('has the body, the content type and the Accept header of its method, and a body with DELETE', async () => {
    const { refusal, call, makeTicket, sent } = await open();
    await refusal('assets.deleteMany', { body: [{ id: 'a1' }] });
    expect(sent.at(-1)).toMatchObject({ method: 'DELETE', body: '[{"id":"a1"}]' });
    await refusal('assets.patch', { body: [] });
    expect(sent.at(-1)?.headers).toMatchObject({
      'content-type': 'application/json-patch+json',
      accept: 'application/geo+json',
    });
    const { _id: id } = await makeTicket();
    await call('tickets.update', { id, body: { status: 'done' } });
    expect(sent.at(-1)?.headers['content-type']).toBe('application/merge-patch+json');
  });

  it('repeats a key once for each value', async () => {
    const { call, sent } = await open();
    await call('assets.list', { filter: ['name:eq(Bob):0', 'name:eq(Al):1'] });
    const { searchParams } = new URL(sent.at(-1)?.url ?? '');
    expect(searchParams.getAll('filter')).toEqual(['name:eq(Bob):0', 'name:eq(Al):1']);
  });
});

describe('pages', () => {
  it('end with the total, without a page more', async () => {
    const { makeTicket, all } = await open();
    for (let count = 0; count < 4; count++) await makeTicket();
    expect(await all('tickets.list', { max_results: 2 })).toEqual([2, 2]);
    expect(await all('tickets.list')).toEqual([4]);
  });

  it('are no larger than the vendor gives them', async () => {
    const { refusal } = await open();
    expect((await refusal('tickets.list', { max_results: 51 })).code).toBe('arguments.invalid');
  });
});

describe('a method with a warning', () => {
  it('carries it, and is no connection test', async () => {
    const { connector } = await open();
    expect(connector.methods['tickets.queue']?.warning).toBe('What is read once may not be given again.');
  });
});
