import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Method, Parameter } from '../../src/definition/connector.ts';
import { FishplateError } from '../../src/errors.ts';
import { type ArgumentChecker, createArgumentChecker } from '../../src/request/arguments.ts';
import { prepareRequest } from '../../src/request/prepare.ts';
import { buildRawMethod } from '../../src/request/raw-method.ts';
import type { WireRequest } from '../../src/wire.ts';
import { accountValues, acme, methodOf, settle } from '../helpers/acme.ts';
import { createFakeWorld } from '../helpers/vendor.ts';
import { adapters, createLocalSend, serveTcp } from './local-server.ts';

const parameter = (name: string, place: Parameter['in']): Parameter => ({
  ...{ name, id: 0, in: place, required: true, description: '', schema: { type: 'string' }, arrays: 'comma' },
});
let connector: Connector;
let method: Method;
let checker: ArgumentChecker;
beforeAll(async () => {
  connector = await acme();
  checker = createArgumentChecker(connector);
  method = methodOf(connector, 'things.get', {
    path: ['/v1/', { name: 'tenant' }, '/things/', { name: 'id' }, '/parts'],
    headers: { 'X-Fixed': '1' },
    parameters: Object.fromEntries(
      [parameter('id', 'path'), parameter('q', 'query'), parameter('X-Trace', 'header')].map((one) => [
        one.name,
        one,
      ]),
    ),
  });
});

/** What breaks out of URLs and headers, alone and within any text. */
const pieces = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    '\u0085',
    '\u2028',
    '\t',
    ' ',
    'Host: evil.example',
    '\r\n\r\nGET /evil HTTP/1.1',
  ],
  ...[
    '../',
    '..',
    '.',
    '/',
    '//',
    '\\',
    '%2f',
    '%2e%2e%2f',
    '%00',
    '%0d%0a',
    '%',
    '?',
    '#',
    '&',
    '=',
    ';',
    ',',
  ],
  ...[
    '@evil.example',
    'http://evil.example/',
    ':8080',
    '{{keySecret}}',
    '[',
    ']',
    '\u{1f980}',
    'é',
    '\ud800',
    '\udc00',
  ],
  ...['。', '／', '：', '＠', '\ufeff', '\u202e', '__proto__', 'x'.repeat(5_000)],
];
const hostile = fc.oneof(
  fc.constantFrom(...pieces),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
);

/** The request of these texts, or the refusal of them. */
function prepare(texts: {
  id: string;
  q: string;
  trace: string;
  tenant: string;
}): WireRequest | FishplateError {
  try {
    const args = { id: texts.id, q: texts.q, 'X-Trace': texts.trace };
    checker.assert(method, args);
    const settings = settle(connector, { ...accountValues, tenant: texts.tenant });
    return prepareRequest(method, args, settings, createFakeWorld()).wire;
  } catch (error) {
    if (error instanceof FishplateError) return error;
    throw error;
  }
}

const texts = fc.record({ id: hostile, q: hostile, trace: hostile, tenant: hostile });

describe('whatever stands in the arguments and settings', () => {
  it('a request is refused, or goes to its host and path with the headers that are defined', () => {
    let prepared = 0;
    fc.assert(
      fc.property(texts, (given) => {
        const wire = prepare(given);
        if (wire instanceof FishplateError) {
          expect(['arguments.invalid', 'settings.invalid', 'installation.setup-required']).toContain(
            wire.code,
          );
          return;
        }
        prepared++;
        const url = new URL(wire.url);
        expect(url.origin).toBe('https://api.acme.example');
        expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
        const segments = url.pathname.split('/');
        expect([segments.length, ...segments.slice(0, 2), segments[3], segments[5]]).toEqual([
          6,
          '',
          'v1',
          'things',
          'parts',
        ]);
        expect(decodeURIComponent(segments[4] ?? '')).toBe(given.id);
        expect([...url.searchParams]).toEqual([['q', given.q]]);
        expect(Object.keys(wire.headers).sort()).toEqual(['x-fixed', 'x-trace']);
        for (const value of Object.values(wire.headers)) expect(value).toMatch(/^[\t\x20-\x7e]*$/);
      }),
      { numRuns: 500 },
    );
    expect(prepared).toBeGreaterThan(10);
  });

  it('a path of the caller`s own is refused, or stays below its host as it was written', () => {
    const host = 'https://api.acme.example';
    const settings = settle(connector);
    let prepared = 0;
    const paths = hostile.map((text) => `/v1/${text}`);
    fc.assert(
      fc.property(fc.oneof(paths, hostile), hostile, (path, q) => {
        try {
          const raw = buildRawMethod(connector, { verb: 'GET', path, query: { q } });
          checker.assert(raw, { q });
          const { wire } = prepareRequest(raw, { q }, settings, createFakeWorld());
          const url = new URL(wire.url);
          expect(wire.url.startsWith(`${host}/`)).toBe(true);
          expect([url.origin, url.username, url.hash]).toEqual([host, '', '']);
          expect(url.pathname).toBe(path);
          expect([...url.searchParams]).toEqual([['q', q]]);
          prepared++;
        } catch (error) {
          if (!(error instanceof FishplateError)) throw error;
          expect(error.code).toBe('arguments.invalid');
        }
      }),
      { numRuns: 500 },
    );
    expect(prepared).toBeGreaterThan(10);
  });
});

describe.each(adapters)('on the wire over %s', (adapter) => {
  /** A server that keeps every byte it gets and answers each connection once. */
  async function record() {
    const received: string[] = [];
    const host = await serveTcp((socket) => {
      const index = received.push('') - 1;
      socket.on('data', (data) => {
        received[index] += data.toString('latin1');
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      });
    });
    return { host, received };
  }

  it('one request arrives as one request, whatever its URL and headers hold, or nothing arrives', async () => {
    const { host, received } = await record();
    const send = createLocalSend({ adapter });
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (path, name, value) => {
        received.length = 0;
        const safeName = /^[a-z-]+$/i.test(name) ? name : 'x-trace';
        for (const headers of [{ [safeName]: value }, { [name]: 'x' }]) {
          const outcome = await send({ method: 'GET', url: `http://${host}/v1/${path}`, headers }).then(
            () => 'sent',
            (error: unknown) => error,
          );
          if (outcome === 'sent') sent++;
          else if (outcome instanceof FishplateError)
            expect(outcome).toMatchObject({ code: 'arguments.invalid', outcome: 'not-sent' });
          else expect(outcome).toBeInstanceOf(TypeError);
        }
        for (const text of received) {
          const [head = '', ...more] = text.split('\r\n\r\n');
          expect(more).toEqual(['']);
          const [line = '', ...lines] = head.split('\r\n');
          expect(line).toMatch(/^GET \/[\x21-\x7e]* HTTP\/1\.1$/);
          expect(lines.filter((one) => /^host:/i.test(one))).toEqual([
            expect.stringMatching(new RegExp(`: ${host}$`)),
          ]);
          expect(lines.length).toBeLessThanOrEqual(6);
          for (const one of lines) expect(one).toMatch(/^[\w!#$%&'*+.^`|~-]+: ?[\t\x20-\x7e\x80-\xff]*$/);
        }
      }),
      { numRuns: 150 },
    );
    expect(sent).toBeGreaterThan(10);
  });

  it.each([
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'Expect',
    'TE',
    'Trailer',
  ])(
    'nobody but the client writes the header %s, which frames the message or says where it goes',
    async (name) => {
      const { host, received } = await record();
      const request = { method: 'POST', url: `http://${host}/`, headers: { [name]: '5' }, body: 'hello' };
      await expect(createLocalSend({ adapter })(request)).rejects.toMatchObject({
        code: 'arguments.invalid',
        message: `the header ${name.toLowerCase()} cannot be sent as it is given`,
        outcome: 'not-sent',
      });
      expect(received).toEqual([]);
    },
  );

  it('a header value with a line break is refused, not sent without it', async () => {
    const { host, received } = await record();
    const url = `http://${host}/`;
    for (const value of ['s3cret\r\nx-evil: 1', 's3cret\n', '\0s3cret', 's3cret\u2028'])
      await expect(
        createLocalSend({ adapter })({ method: 'GET', url, headers: { authorization: value } }),
      ).rejects.toMatchObject({
        code: 'arguments.invalid',
        message: 'the header authorization cannot be sent as it is given',
      });
    expect(received).toEqual([]);
  });
});
