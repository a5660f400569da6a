import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import type { RawRequest } from '../../src/runtime-contract.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { createTestBed, createTestBedWith } from '../helpers/runtime.ts';

/** The fixture, whose vendor takes forms and a key with all that changes something. */
const formsAndKeys = () =>
  withOverlay(['acme'], (folder) => {
    const file = join(folder, 'connector.yaml');
    const text = readFileSync(file, 'utf8');
    const more =
      'bodyEncoding: form, formStyle: indices, idempotencyKey: { header: Idempotency-Key }, host: api';
    writeFileSync(file, text.replace('defaults: { host: api', `defaults: { ${more}`));
    return loadConnectorOrThrow(folder);
  });

describe('a request of the caller’s own', () => {
  it.each([
    ['a path without a slash', { path: 't1/me' }, 'path', 'must begin with a slash'],
    ['another host in the path', { path: '//evil.example/x' }, 'path', 'must be plain'],
    ['credentials in the path', { path: '/a\\@evil.example' }, 'path', 'must be plain'],
    ['a path that climbs', { path: '/t1/../../x' }, 'path', 'must be plain'],
    ['a path that climbs in disguise', { path: '/t1/%2E%2e/x' }, 'path', 'must be plain'],
    ['a query in the path', { path: '/t1/me?x=1' }, 'path', 'must not hold a query'],
    ['a space in the path', { path: '/t1/a b' }, 'path', 'must be percent-encoded'],
    ['a line break in the path', { path: '/t1/a\r\nx: y' }, 'path', 'must be percent-encoded'],
    ['a host that is not the connector’s', { path: '/x', host: 'evil' }, 'host', 'is none of api, files'],
    ['a verb of its own', { path: '/x', verb: 'CONNECT' as 'GET' }, 'verb', 'must be one of'],
    ['a secret in the path', { path: '/{{keySecret}}' }, 'path', 'cannot hold the secret'],
    ['an unknown setting', { path: '/{{tennant}}' }, 'path', 'which is no setting of Acme'],
    ['a body with GET', { path: '/x', body: {} }, 'body', 'does not go with GET'],
  ])('is refused for %s, and nothing is sent', async (_, request, path, message) => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const before = vendor.requests.length;
    const full = { verb: 'GET', ...request } as RawRequest;
    await expect(runtime.request(account, id, full)).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [{ path, message: expect.stringContaining(message) }],
    });
    expect(vendor.requests.length).toBe(before);
  });

  it('that the vendor refuses stands in the log with its path, as settings were written into it', async () => {
    const { runtime, account, install } = await createTestBed();
    const id = await install();
    await expect(
      runtime.request(account, id, { verb: 'DELETE', path: '/{{tenant}}/gone' }),
    ).rejects.toMatchObject({ code: 'vendor.not-found' });
    const [row] = await runtime.calls({ limit: 1 });
    expect(row?.detail).toMatchObject({ verb: 'DELETE', host: 'api', path: '/{{tenant}}/gone' });
  });

  it('goes to the connector’s host with its settings, its credentials and its own query', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const { body } = await runtime.request(account, id, {
      verb: 'GET',
      path: '/{{tenant}}/me',
      query: { a: 'b c', n: 1 },
    });
    expect(body).toEqual({ user: { id: 'u1', name: 'robot' } });
    expect(vendor.requests.at(-1)).toMatchObject({
      method: 'GET',
      url: 'https://api.acme.example/t1/me?a=b%20c&n=1',
      headers: { authorization: expect.stringMatching(/^Bearer h\./) },
    });
  });

  it('carries a body, is not repeated when that is unsafe, and stands in the log', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    vendor.next({ status: 500 });
    const request = { verb: 'POST', path: '/{{tenant}}/stuff', host: 'files', body: { x: 1 } } as const;
    await expect(runtime.request(account, id, request)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(vendor.requests.filter(({ url }) => url.endsWith('/stuff'))).toHaveLength(1);
    await runtime.request(account, id, request);
    expect(vendor.requests.at(-1)).toMatchObject({
      url: 'https://files.acme.example/t1/stuff',
      body: '{"x":1}',
    });
    const rows = await runtime.calls({ installationId: id });
    expect(
      rows
        .filter(({ method }) => method === 'request')
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['ok', 'vendor.unavailable']);
  });

  it('is a form with a key of its own where the connector’s defaults say so, the same over all attempts', async () => {
    const { runtime, account, vendor, install } = await createTestBedWith({
      connectors: [await formsAndKeys()],
    });
    const id = await install();
    vendor.next({ status: 500 });
    vendor.next({ status: 200 });
    const request = {
      verb: 'POST',
      path: '/{{tenant}}/stuff',
      body: { a: { b: 1 }, list: ['x', null] },
    } as const;
    await runtime.request(account, id, request);
    const sent = vendor.requests.filter(({ url }) => url.endsWith('/stuff'));
    const key = sent[0]?.headers['idempotency-key'];
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).toHaveLength(2);
    for (const one of sent)
      expect(one).toMatchObject({
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key },
        body: 'a%5Bb%5D=1&list%5B0%5D=x',
      });
  });

  it('is another request as a form than as JSON, for one key', async () => {
    const { runtime, account, install } = await createTestBed();
    const id = await install();
    const request = { verb: 'POST', path: '/{{tenant}}/stuff', host: 'files', body: { x: 1 } } as const;
    await runtime.request(account, id, request, { idempotencyKey: 'k1' });
    const contentType = 'application/x-www-form-urlencoded';
    await expect(
      runtime.request(account, id, { ...request, contentType }, { idempotencyKey: 'k1' }),
    ).rejects.toMatchObject({ code: 'call.key-reused' });
  });
});
