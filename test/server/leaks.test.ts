import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import { scrubError } from '../../src/scrub.ts';
import { Secret } from '../../src/secret.ts';
import { createApp } from '../../src/server/app.ts';
import { chooseRequestId } from '../../src/server/request-id.ts';
import { openStore } from '../../src/store/open.ts';
import type { Send, WireResponse } from '../../src/wire.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { createFakeWorld } from '../helpers/vendor.ts';
import { makeTempFolder } from '../store/temp-folder.ts';

/** With what JSON, URLs and forms escape, and letters beyond ASCII. */
const SECRET = 's3cr3t/+"\\ü€ k&y=?#%41';
const TOKEN = 'vendor-token-eyJhbGciOiJub25lIn0.c2VjcmV0.x-y_z~0123456789';
const BASIC = Buffer.from(`key:${SECRET}`).toString('base64');

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const inForm = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
const inAscii = (text: string) =>
  inJson(text).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Everything that must be seen nowhere: each secret, in each of the forms that writers give it. */
const needles = [
  ...[SECRET, TOKEN].flatMap((text) => [
    text,
    inJson(text),
    inAscii(text),
    encodeURIComponent(text),
    inForm(text),
  ]),
  ...[BASIC, BASIC.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(BASIC)],
  ...[Buffer.from(SECRET).toString('base64'), Buffer.from(TOKEN).toString('base64url')],
  // What each of them holds that no other text does, should only a part be left.
  's3cr3t',
  'eyJhbGciOiJub25lIn0',
];
const echo = needles.filter((text) => text.length > 20).join(' -- ');
/** A token that was never issued is no secret of anybody's. */
const echoOfKey = [SECRET, inJson(SECRET), inAscii(SECRET), inForm(SECRET), BASIC].join(' -- ');
const header = encodeURIComponent(SECRET) + TOKEN + BASIC;
const echoed = {
  'x-echo': header,
  'www-authenticate': `Bearer error="${header}"`,
  location: `https://api.acme.example/${header}`,
  'set-cookie': `session=${header}`,
};

const answer = (status: number, body: string, type = 'application/json'): WireResponse => ({
  status,
  headers: { 'content-type': type, ...echoed },
  body,
});
const json = (status: number, body: unknown) => answer(status, JSON.stringify(body));
const token = () => json(200, { access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 });

/** Refusals in every form that says what was sent. */
const refusals = (status: number, said = echo): WireResponse[] => [
  json(status, { message: `no such key: ${said}` }),
  json(status, { error: 'invalid_client', error_description: said }),
  json(status, { errors: [{ message: said }], [said]: 1 }),
  json(status, {
    message: JSON.stringify({ authorization: `Basic ${BASIC}`, secret: SECRET }),
  }),
  answer(status, said, 'text/plain'),
  answer(status, `<html><title>${said}</title></html>`, 'text/html'),
  answer(status, `{"message": "${inAscii(SECRET)}`, 'application/json'),
  answer(status, JSON.stringify(said), `application/${header}`),
];

interface Bed {
  readonly vendor: { token: () => WireResponse; call: (path: string) => WireResponse };
  readonly account: string;
  readonly ask: (verb: 'get' | 'post' | 'put', path: string, body?: object) => Promise<supertest.Response>;
  /** Everything that ever left, and everything that was kept. */
  readonly everything: () => Promise<string>;
}

async function openBed(): Promise<Bed> {
  const vendor: Bed['vendor'] = { token, call: () => json(200, { user: { id: 'u1', name: 'robot' } }) };
  const send: Send = async ({ url }) => {
    const { pathname } = new URL(url);
    return pathname === '/oauth/token' ? vendor.token() : vendor.call(pathname);
  };
  const folder = makeTempFolder();
  const world = createFakeWorld();
  const keys = { key: new Secret(randomBytes(32).toString('base64')) };
  const store = await openStore({ location: join(folder, 'leaks.db'), keys });
  const seen: string[] = [];
  const note = (...words: unknown[]) => void seen.push(JSON.stringify(words));
  const connector = await withOverlay(['acme', 'acme-parts'], loadConnectorOrThrow);
  const runtime = createRuntime({
    ...{ connectors: [connector], store, send, world, callDetail: 'all' },
    onError: note,
    // Of what spans are told only the host is passed on (see the tests of tracing).
    observer: { event: note, startSpan: () => undefined },
  });
  const access = createAccess({ store, world });
  const app = createApp({ runtime, access, world, logger: { info: note, warn: note, error: note } });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const user = await access.serviceUsers.create('local', { name: 'Tester', policies: ['Administrator'] });
  const { key, secret } = await access.accessKeys.create('local', user.id);
  const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
  return {
    vendor,
    account,
    ask: async (verb, path, body) => {
      const response = await supertest(app)
        [verb](path)
        .set({ Authorization: `Bearer ${accessToken}`, 'X-Cyclr-Account': account })
        .send(body);
      seen.push(JSON.stringify(response.headers) + response.text);
      return response;
    },
    everything: async () => {
      for (const path of [
        '/v1.0/account/connectors',
        '/v1.0/account/calls?pageSize=1000',
        '/v1.0/audit?pageSize=1000',
      ])
        await supertest(app)
          .get(path)
          .set({ Authorization: `Bearer ${accessToken}`, 'X-Cyclr-Account': account })
          .then(({ text }) => seen.push(text));
      const calls = await runtime.calls({ limit: 1_000 });
      for (const { id } of calls.filter((_, index) => index % 7 === 0))
        await supertest(app)
          .get(`/v1.0/calls/${id}`)
          .set('Authorization', `Bearer ${accessToken}`)
          .then(({ text }) => seen.push(text));
      await runtime.close();
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
      expect(files.join('').length).toBeGreaterThan(10_000);
      return [...seen, ...files].join('\n');
    },
  };
}

const install = async ({ ask }: Bed, keySecret = SECRET): Promise<string> => {
  const Properties = Object.entries({ keyId: 'key', keySecret, tenant: 't1' }).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  const { body, status } = await ask('post', '/v1.0/connectors/acme/install', { Properties });
  expect(status).toBe(200);
  return body.Id;
};

/** The needles that are found, with what stands around them. */
const found = (text: string): string[] =>
  needles.flatMap((needle) => {
    const at = text.indexOf(needle);
    return at < 0
      ? []
      : [`${needle.slice(0, 20)}: ...${text.slice(Math.max(0, at - 150), at + needle.length + 30)}`];
  });

describe('neither key secret nor token is seen anywhere', () => {
  it('when the token endpoint says them, however it refuses or garbles', async () => {
    const bed = await openBed();
    const answers = [
      ...[400, 401, 429, 500].flatMap((status) => refusals(status, echoOfKey)),
      json(200, { token: echoOfKey }),
      json(200, { access_token: `${SECRET}\n${TOKEN}` }),
      json(200, { access_token: TOKEN, token_type: TOKEN }),
      json(200, { access_token: TOKEN, token_type: SECRET }),
      answer(200, echoOfKey, 'text/plain'),
      answer(200, `{"access_token": "${TOKEN}`),
      answer(302, echoOfKey),
    ];
    for (const response of answers) {
      bed.vendor.token = () => response;
      const id = await install(bed);
      const path = `/v1.0/account/connectors/${id}`;
      const test = await bed.ask('post', `${path}/test`);
      expect(test.body).toMatchObject({ Ok: false });
      await bed.ask('post', `${path}/methods/things.list`, {});
      expect((await bed.ask('get', path)).body.StateReason.Message).not.toContain('s3cr3t');
    }
    expect(found(await bed.everything())).toEqual([]);
  });

  it('when the token endpoint says the token that is in use, or was a moment ago', async () => {
    const bed = await openBed();
    const id = await install(bed);
    const path = `/v1.0/account/connectors/${id}`;
    for (const response of refusals(400)) {
      bed.vendor.token = () => response;
      expect((await bed.ask('post', `${path}/test`)).body).toMatchObject({ Ok: false });
      bed.vendor.token = token;
      expect((await bed.ask('post', `${path}/test`)).body).toMatchObject({ Ok: true });
      bed.vendor.token = () => response;
      bed.vendor.call = () => json(401, { message: 'expired' });
      expect((await bed.ask('post', `${path}/methods/things.list`, {})).status).toBe(424);
      bed.vendor.call = () => json(200, { user: { id: 'u1' } });
      bed.vendor.token = token;
      await bed.ask('post', `${path}/test`);
    }
    expect(found(await bed.everything())).toEqual([]);
  });

  it('when a method says them in a refusal, or in an answer that cannot be read', async () => {
    const bed = await openBed();
    const id = await install(bed);
    const path = `/v1.0/account/connectors/${id}`;
    const answers = [...[400, 401, 403, 409, 500].flatMap((status) => refusals(status))];
    const unreadable = [
      answer(200, `{"data": "${echo}`),
      answer(200, `<html><title>${echo}</title></html>`, 'text/html'),
      answer(200, `{"data": `, `application/json; x=${header}`),
    ];
    for (const response of [...answers, ...unreadable]) {
      bed.vendor.call = (at) => (at === '/t1/me' ? json(200, { user: { id: 'u1' } }) : response);
      expect((await bed.ask('post', `${path}/methods/things.list`, {})).status).toBeGreaterThanOrEqual(400);
      // Elsewhere a text is an answer as good as any, and the caller's own.
      if (unreadable.includes(response)) continue;
      await bed.ask('post', `${path}/methods/things.create`, { Body: { name: 'x' } });
      await bed.ask('post', `${path}/methods/parts.create`, { Body: { name: 'x' } });
      await bed.ask('post', `${path}/request`, { Verb: 'PUT', Path: '/t1/x', Body: {} });
      await bed.ask('post', `${path}/triggers/things`, {});
    }
    expect(found(await bed.everything())).toEqual([]);
  });

  it('when the connection test says them, as who we are', async () => {
    const bed = await openBed();
    bed.vendor.call = () => json(200, { user: { id: { [echo]: [echo, TOKEN] }, name: SECRET } });
    const id = await install(bed);
    const { body } = await bed.ask('get', `/v1.0/account/connectors/${id}`);
    expect(body).toMatchObject({ State: 'active', Identity: { name: '[redacted]' } });
    const test = await bed.ask('post', `/v1.0/account/connectors/${id}/test`);
    expect(test.body).toMatchObject({ Ok: true, Identity: { name: '[redacted]' } });
    bed.vendor.call = () => json(403, { message: echo });
    await bed.ask('post', `/v1.0/account/connectors/${id}/test`);
    expect(found(await bed.everything())).toEqual([]);
  });

  it('when a file is sent: as the place, the job, or what becomes of it', async () => {
    const bed = await openBed();
    const id = await install(bed);
    const path = `/v1.0/account/connectors/${id}/uploads/parts`;
    const file = { FileName: 'a.csv', ContentType: 'text/csv', Content: 'a,b' };
    const place = 'https://one.store.example/put';
    const grants = [
      { url: `https://${TOKEN.slice(0, 20)}.evil.example/${header}`, jobId: 'j' },
      { url: echo, jobId: 'j' },
      { url: place, jobId: header },
      { url: place, jobId: TOKEN },
    ];
    for (const grant of grants) {
      for (const state of ['broken', SECRET]) {
        bed.vendor.call = (at) =>
          at === '/put' ? answer(200, echo) : at.endsWith('/files') ? json(200, grant) : json(200, { state });
        expect((await bed.ask('post', path, file)).status).toBeGreaterThanOrEqual(400);
      }
      bed.vendor.call = (at) =>
        at === '/put'
          ? answer(500, echo)
          : at.endsWith('/files')
            ? json(200, grant)
            : json(500, { message: echo });
      await bed.ask('post', path, file);
    }
    bed.vendor.call = (at) =>
      at === '/put' ? answer(200, '') : json(200, { url: place, jobId: TOKEN, state: 'done' });
    expect(found(await bed.everything())).toEqual([]);
  });

  it('nor the name of a job in the audit of a file that went well', async () => {
    const bed = await openBed();
    const id = await install(bed);
    bed.vendor.call = (at) =>
      at === '/put'
        ? answer(200, '')
        : json(
            200,
            at.endsWith('/files')
              ? { url: 'https://one.store.example/put', jobId: TOKEN }
              : { state: 'done' },
          );
    const done = await bed.ask('post', `/v1.0/account/connectors/${id}/uploads/parts`, {
      ...{ FileName: 'a.csv', ContentType: 'text/csv', Content: 'a,b' },
    });
    expect(done.body).toMatchObject({ JobId: '[redacted]', Status: 'done' });
    expect(found(await bed.everything())).toEqual([]);
  });

  it('when a caller writes them into arguments of a preview, or into the path of a request', async () => {
    const bed = await openBed();
    const id = await install(bed);
    const path = `/v1.0/account/connectors/${id}`;
    const preview = await bed.ask('post', `${path}/preview/things.create`, { Body: { name: SECRET } });
    expect(preview.status).toBe(200);
    for (const text of [SECRET.replace(/[?#]/g, ''), encodeURIComponent(SECRET), BASIC]) {
      const refused = await bed.ask('post', `${path}/request`, { Verb: 'GET', Path: `/t1/${text}` });
      expect(refused.body).toMatchObject({ Code: 'arguments.invalid' });
    }
    expect(found(await bed.everything())).toEqual([]);
  });
});

describe('an error that is none of ours', () => {
  it('leaves nothing of what it quotes, neither in the answer nor for the log', () => {
    const error = scrubError(
      new TypeError(`"https://api.example/?key=${encodeURIComponent(SECRET)}" is no URL`),
      [SECRET],
    );
    expect(error).toMatchObject({ code: 'internal.unexpected' });
    const told = JSON.stringify([error, String(error.cause), (error.cause as Error).stack, error.stack]);
    expect(told).toContain('[redacted]');
    expect(found(told)).toEqual([]);
  });
});

describe('a request id', () => {
  it('is not taken from a caller who has put a secret of ours there', () => {
    const fresh = () => 'fresh';
    for (const kind of ['key', 'token', 'link'])
      expect(chooseRequestId(`fp_${kind}_${'x'.repeat(43)}`, fresh)).toBe('fresh');
    expect(chooseRequestId('mine', fresh)).toBe('mine');
  });
});

describe('comparisons of secrets', () => {
  it('take the same time wherever two texts differ: none of access and server compares a revealed one by itself', () => {
    for (const folder of ['access', 'server'])
      for (const name of readdirSync(join(import.meta.dirname, '../../src', folder))) {
        const text = readFileSync(join(import.meta.dirname, '../../src', folder, name), 'utf8');
        expect([
          name,
          text.match(/(?:[!=]==?\s*\S*reveal\(\)|reveal\(\)\s*[!=]==?|secretHash\s*[!=]==?)/g),
        ]).toEqual([name, null]);
      }
  });
});
