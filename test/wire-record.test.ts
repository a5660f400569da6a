import { describe, expect, it } from 'vitest';
import { authorize, maskedCredential } from '../src/auth/authorize.ts';
import type { Method } from '../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../src/definition/load.ts';
import { completeSettings, resolveSettings } from '../src/installation/settings.ts';
import { prepareRequest } from '../src/request/prepare.ts';
import type { WireResponse } from '../src/wire.ts';
import { buildWireRecord } from '../src/wire-record.ts';
import { goodValues } from './helpers/runtime.ts';

const connector = await loadConnectorOrThrow('test/fixtures/acme');
const settings = completeSettings(
  connector,
  resolveSettings(connector, { console: {}, account: goodValues }),
);
const [auth] = connector.auth;
if (!auth) throw new Error('the fixture has no auth method');
const world = { now: () => 0, uuid: () => 'u' };

function recordOf(method: Method, body: unknown, response?: Partial<WireResponse>) {
  const prepared = prepareRequest(method, { body }, settings, world);
  return buildWireRecord({
    ...{ method, auth, prepared, settings: [settings] },
    credentials: ['token-that-was-sent'],
    ...(response && { response: { status: 200, headers: {}, body: '', ...response } }),
  } as Parameters<typeof buildWireRecord>[0]);
}
const create = connector.methods['things.create'];
if (!create) throw new Error('the fixture has no things.create');

describe('what is kept of a request and its answer', () => {
  it('holds no secret that stood where the text was cut', () => {
    for (let shift = 0; shift <= 20; shift++) {
      const filler = 'x'.repeat(2_048 - 'the-key-secret'.length + shift - 10);
      const { response } = recordOf(create, { name: 'x' }, { body: `${filler}the-key-secret and more` });
      expect(response?.body).not.toMatch(/the-k/);
    }
  });

  it('holds neither the token that was sent nor the key, in a header, in base64 or escaped', () => {
    const said = [
      'token-that-was-sent',
      Buffer.from('key:the-key-secret').toString('base64'),
      encodeURIComponent('the-key-secret'),
      JSON.stringify('the-key-secret'),
    ];
    const record = recordOf(
      create,
      { name: said.join(' ') },
      { headers: { echo: said.join(' ') }, body: said.join(' ') },
    );
    const text = JSON.stringify(record);
    expect(text).not.toMatch(/token-that-was-sent|the-key-secret|dGhlLWtleS1zZWNyZXQ/);
  });

  it('holds nothing of a file, in which no secret would be found, but says how long it is', () => {
    const bytes = Buffer.from('the-key-secret', 'utf16le');
    const { response } = recordOf(create, { name: 'x' }, { body: bytes.toString(), bytes });
    expect(response?.body).toBe('(28 bytes, left out: no text)');
  });

  it('holds no field that the method calls sensitive, nor a text in which they cannot be found', () => {
    const sensitive = { ...create, sensitive: ['url', 'items[].url'] };
    const body = JSON.stringify({ url: 'https://signed', items: [{ url: 'https://signed', id: 1 }] });
    expect(recordOf(sensitive, { url: 'https://signed' }, { body })).toMatchObject({
      request: { body: '{"url":"[redacted]"}' },
      response: { body: '{"url":"[redacted]","items":[{"url":"[redacted]","id":1}]}' },
    });
    const broken = recordOf(sensitive, { url: 'x' }, { body: '{"url":"https://signed' });
    expect(broken.response?.body).toBe('(22 bytes, left out: some of its fields are sensitive)');
    const long = recordOf(sensitive, { url: 'x' }, { body: JSON.stringify({ url: 'y'.repeat(300_000) }) });
    expect(long.response?.body).toMatch(/^\(300010 bytes, left out/);
  });

  it('holds no field whose name says that a secret stands there', () => {
    const fields = {
      access_token: 'abc',
      apiSecret: 'abc',
      Password: 'abc',
      nested: { clientSecret: 'ab\\"c' },
    };
    const text = recordOf(create, { name: 'x' }, { body: JSON.stringify(fields) }).response?.body;
    expect(text).not.toContain('abc');
    expect(text).toContain('"apiSecret":"[redacted]"');
    expect(text).not.toContain('ab\\');
  });

  it('holds the beginning of a long text, and says how long it was', () => {
    const { response } = recordOf(create, { name: 'x' }, { body: 'y'.repeat(5_000) });
    expect(response?.body).toMatch(/^y{2048}\.\.\. \(5000 characters\)$/);
  });

  it('is otherwise what was sent and answered', () => {
    const record = recordOf(
      create,
      { name: 'Thing' },
      { status: 201, headers: { etag: '"1"' }, body: '{"id":"1"}' },
    );
    const shown = authorize({ method: 'POST', url: 'x', headers: {} }, maskedCredential(auth));
    expect(record.request).toMatchObject({
      method: 'POST',
      url: 'https://api.acme.example/t1/things',
      body: '{"name":"Thing"}',
    });
    expect(Object.keys(record.request.headers)).toEqual(
      expect.arrayContaining([...Object.keys(shown.headers), 'content-type']),
    );
    expect(record.response).toEqual({ status: 201, headers: { etag: '"1"' }, body: '{"id":"1"}' });
  });
});
