import { describe, expect, it } from 'vitest';
import { joinObservers } from '../../src/observer.ts';
import { createStartSpan } from '../../src/telemetry/tracing.ts';
import { createTestBedWith } from '../helpers/runtime.ts';
import { createApi } from '../server/api.ts';
import { recordSpans } from './tracing-bed.ts';

const about = { kind: 'call', connector: 'acme', method: 'things.list', installationId: 'i' } as const;
const traced = (options = {}) => ({ observer: joinObservers([], createStartSpan(options)) });

describe('spans', () => {
  it('are not made while no tracer is registered, and are once one is', () => {
    const startSpan = createStartSpan();
    expect(startSpan(about)).toBeUndefined();
    const { spans } = recordSpans();
    startSpan(about)?.end({});
    expect(spans().map(({ name }) => name)).toEqual(['call things.list']);
  });

  it('tell of no query, no body, no header and no secret', async () => {
    const { spans } = recordSpans();
    const { runtime, vendor, account, install } = await createTestBedWith(traced());
    const id = await install();
    vendor.next({ status: 400, body: '{"message":"no such thing as the-key-secret"}' });
    await runtime.call(account, id, 'things.list', { ids: ['private-id'] }).catch(() => undefined);
    const text = JSON.stringify(spans());
    expect(text).toContain('things.list');
    for (const word of ['private-id', 'the-key-secret', 'Bearer', 'h.eyJ', 'ids='])
      expect(text).not.toContain(word);
  });

  it('are one for the call, one for the token, and one for each attempt on the wire', async () => {
    const { spans } = recordSpans();
    const { runtime, vendor, account, install } = await createTestBedWith(traced());
    const id = await install();
    const before = spans().length;
    vendor.next({ status: 503, headers: { 'retry-after': '1' } });
    await runtime.call(account, id, 'things.get', { id: 'a' }).catch(() => undefined);
    const found = spans().slice(before);
    expect(found.map(({ name, kind, parent }) => [name, kind, parent])).toEqual([
      ['GET /{tenant}/things/{id}', 'CLIENT', 'call things.get'],
      ['GET /{tenant}/things/{id}', 'CLIENT', 'call things.get'],
      ['call things.get', 'INTERNAL', undefined],
    ]);
    expect(found.map(({ attributes }) => attributes)).toEqual([
      {
        'http.request.method': 'GET',
        'server.address': 'api.acme.example',
        'server.port': 443,
        'url.scheme': 'https',
        'url.template': '/{tenant}/things/{id}',
        'http.response.status_code': 503,
        'error.type': '503',
      },
      expect.objectContaining({ 'http.request.resend_count': 1, 'http.response.status_code': 404 }),
      {
        'fishplate.connector': 'acme',
        'fishplate.method': 'things.get',
        'fishplate.installation': id,
        'error.type': 'vendor.not-found',
      },
    ]);
    expect(found.every(({ failed }) => failed)).toBe(true);
  });

  it('have the exchange of a token below the call that needed it', async () => {
    const { spans } = recordSpans();
    const { runtime, vendor, world, account, install } = await createTestBedWith(traced());
    const id = await install();
    const before = spans().length;
    world.advance(4_000_000);
    await runtime.call(account, id, 'things.list');
    expect(vendor.tokenRequests()).toBe(2);
    expect(
      spans()
        .slice(before)
        .map(({ name, parent }) => [name, parent]),
    ).toEqual([
      ['POST /oauth/token', 'token exchange'],
      ['token exchange', 'call things.list'],
      ['GET /{tenant}/things', 'call things.list'],
      ['call things.list', undefined],
    ]);
  });

  it('do not tell vendors of the trace, unless asked', async () => {
    recordSpans();
    const silent = await createTestBedWith(traced());
    await silent.runtime.call(silent.account, await silent.install(), 'things.list');
    expect(silent.vendor.requests.some(({ headers }) => 'traceparent' in headers)).toBe(false);
    const telling = await createTestBedWith(traced({ tellVendors: true }));
    await telling.runtime.call(telling.account, await telling.install(), 'things.list');
    expect(telling.vendor.requests.at(-1)?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('of our API go on with the trace of whoever calls, down to the wire', async () => {
    const { spans } = recordSpans();
    const { observer } = traced();
    const api = await createApi({ observer }, (runtime) => runtime, { observer });
    const id = await api.install();
    const before = spans().length;
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await api.ask('GET', `/v1.0/account/connectors/${id}/methods/things.list?limit=2`, {
      headers: { traceparent },
    });
    const found = spans().slice(before);
    const route = '/v1.0/account/connectors/{installation}/methods/{method}';
    expect(found.map(({ name, kind, parent }) => [name, kind, parent])).toEqual([
      ['GET /{tenant}/things', 'CLIENT', 'call things.list'],
      ['call things.list', 'INTERNAL', `GET ${route}`],
      [`GET ${route}`, 'SERVER', 'b7ad6b7169203331'],
    ]);
    expect(new Set(found.map(({ traceId }) => traceId))).toEqual(
      new Set(['0af7651916cd43dd8448eb211c80319c']),
    );
    expect(found.at(-1)?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': route,
      'url.path': `/v1.0/account/connectors/${id}/methods/things.list`,
      'http.response.status_code': 200,
    });
    expect(api.log.at(-1)).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('of a refused request are no failure of ours, and name no path that nothing serves', async () => {
    const { spans } = recordSpans();
    const api = await createApi(traced());
    await api.ask('GET', '/some-secret-in-a-path');
    expect(spans().at(-1)).toMatchObject({
      name: 'GET',
      failed: false,
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 404 },
    });
    expect(JSON.stringify(spans())).not.toContain('some-secret-in-a-path');
  });
});
