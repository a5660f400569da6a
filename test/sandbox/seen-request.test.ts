import { describe, expect, it } from 'vitest';
import { seenRequest } from '../../src/sandbox/seen-request.ts';
import { basicHeader, call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallScript } from './small-connector.ts';

const connector = smallConnector();
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the log of requests shows no', () => {
  it('credentials in headers, nor in a token request', async () => {
    const { sandbox, urls, enter } = await openSandbox(connector, smallScript);
    const { key, token } = await enter('All');
    const secret = key.apiSecret.reveal();
    await call(`${urls.api}/org/one/things`, { token, body: { name: 'a' }, headers: { 'x-trace': 't1' } });
    await call(`${urls.api}/oauth/token`, {
      body: { grant_type: 'client_credentials', client_secret: secret },
    });
    await call(`${urls.api}/nothing`, { headers: { authorization: basicHeader(key.accessKeyId, secret) } });
    const rows = sandbox.requests.list();
    expect(rows[1]).toMatchObject({
      headers: { authorization: 'Bearer [redacted]', 'x-trace': 't1' },
      body: { name: 'a' },
    });
    expect(rows[2]?.body).toEqual({ grant_type: 'client_credentials', client_secret: '[redacted]' });
    const shown = JSON.stringify(rows);
    for (const hidden of [secret, token, basicHeader('', secret).slice(8, 30)])
      expect(shown).not.toContain(hidden);
  });

  it('keys in headers of the connector’s own, fields that the method calls sensitive, and telling names', () => {
    const own = smallConnector({
      auth: [
        {
          kind: 'api-key',
          id: 'k',
          label: 'k',
          description: 'k',
          in: 'header',
          name: 'X-Own',
          value: [{ name: 'secret' }],
        },
      ],
    });
    const sending = { ...method('a.b', 'POST /a'), sensitive: ['rows[].pin', 'card.number'] };
    const body = json({ rows: [{ pin: 1, name: 'x' }], card: { number: 2 }, password: 'p', number: 3 });
    const seen = seenRequest(own, sending, { headers: { 'x-own': 'k', cookie: 'a=b', host: 'h' }, body });
    expect(seen).toEqual({
      headers: { 'x-own': '[redacted]', cookie: '[redacted]' },
      body: {
        rows: [{ pin: '[redacted]', name: 'x' }],
        card: { number: '[redacted]' },
        password: '[redacted]',
        number: 3,
      },
    });
  });
});

describe('the log of requests shows', () => {
  it('forms by their fields, texts as they came, long ones by their length, and bytes not at all', () => {
    const show = (type: string, body: Uint8Array) =>
      seenRequest(connector, undefined, { headers: { 'content-type': type }, body }).body;
    expect(show('application/x-www-form-urlencoded', bytes('a=1&b%5Bc%5D=2'))).toEqual({
      a: '1',
      'b[c]': '2',
    });
    expect(show('text/plain', bytes('hello'))).toBe('hello');
    expect(show('application/json', bytes('{"a"'))).toBe('{"a"');
    expect(show('application/json', json('x'.repeat(5000)))).toBe('5002 characters');
    expect(show('application/octet-stream', new Uint8Array([0, 255, 1]))).toBeUndefined();
    expect(show('application/json', new Uint8Array())).toBeUndefined();
  });
});
