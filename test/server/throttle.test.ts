import supertest, { type Response } from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, basic, createApi, expectRefusal } from './api.ts';

interface Attempt {
  readonly id?: string;
  readonly secret?: string;
  readonly from?: string;
  readonly inBody?: boolean;
  readonly body?: object | string;
}

let api: Api;
let client: { id: string; secret: string };
let other: { id: string; secret: string };
beforeEach(async () => {
  api = await createApi({ trustProxy: 1 });
  const make = async (name: string) => {
    const user = await api.access.serviceUsers.create('local', { name, policies: ['ReadOnly'] });
    const { key, secret } = await api.access.accessKeys.create('local', user.id);
    return { id: key.id, secret: secret.reveal() };
  };
  client = await make('One');
  other = await make('Other');
});

/** Asks for a token; unless told otherwise as the first client, from the first address. */
const attempt = async (
  { id = client.id, secret = client.secret, from = '192.0.2.1', inBody = false, body }: Attempt = {},
  app = api.app,
): Promise<Response> => {
  const grant = { grant_type: 'client_credentials' };
  const request = supertest(app).post('/oauth/token').set('X-Forwarded-For', from);
  if (body !== undefined) return request.set('Content-Type', 'application/json').send(body);
  if (inBody) return request.send({ ...grant, client_id: id, client_secret: secret });
  return request.set('Authorization', basic(id, secret)).send(grant);
};
const fail = async (times: number, how: Attempt = {}) => {
  const statuses: number[] = [];
  for (let count = 0; count < times; count++)
    statuses.push((await attempt({ secret: 'wrong', ...how })).status);
  return statuses;
};
const expectThrottled = (response: Response, seconds: string) => {
  expectRefusal(response, 429, 'access.throttled');
  expect(response.headers['retry-after']).toBe(seconds);
  expect(response.body.error).toBe('invalid_request');
  expect(response.body.Hint).toContain(`Wait ${seconds} s, `);
};

describe('an attempt to get a token', () => {
  it('is refused once ten of the same client from the same address have failed, even with the right secret', async () => {
    expect(await fail(10)).toEqual(Array(10).fill(401));
    expectThrottled(await attempt({ secret: 'wrong' }), '60');
    expectThrottled(await attempt(), '60');
    api.world.advance(29_500);
    expectThrottled(await attempt({ inBody: true }), '31');
  });

  it('is let through again when the minute is over, which refused attempts do not make longer', async () => {
    await fail(10);
    api.world.advance(59_999);
    expectThrottled(await attempt(), '1');
    api.world.advance(1);
    expect((await attempt()).status).toBe(200);
    expect(await fail(10)).toEqual(Array(10).fill(401));
  });

  it('of the owner from elsewhere, or of another client from the same address, is let through meanwhile', async () => {
    await fail(12);
    expect((await attempt({ from: '192.0.2.2' })).status).toBe(200);
    expect((await attempt({ id: other.id, secret: other.secret })).status).toBe(200);
  });

  it('counts as the same client however the id travels, and as the same address within a network of IPv6', async () => {
    await fail(5, { from: '2001:db8:0:1::1' });
    await fail(5, { inBody: true, from: '2001:db8:0:2::9' });
    expectThrottled(await attempt({ from: '2001:db8:0:3::1' }), '60');
    expect((await attempt({ from: '2001:db8:ffff::1' })).status).toBe(200);
  });

  it('is refused once a hundred of an address have failed, whatever clients they name', async () => {
    for (let number = 0; number < 100; number++)
      expect((await attempt({ id: `guess-${number}`, secret: 'x' })).status).toBe(401);
    expectThrottled(await attempt({ id: other.id, secret: other.secret }), '60');
    expect((await attempt({ id: other.id, secret: other.secret, from: '192.0.2.2' })).status).toBe(200);
  });

  it('counts when it cannot even be read', async () => {
    for (let number = 0; number < 100; number++)
      expect((await attempt({ body: number % 2 === 0 ? '{' : { grant_type: 'password' } })).status).toBe(400);
    expectThrottled(await attempt(), '60');
  });

  it('that succeeds is never counted, one after the other or all at once', async () => {
    await fail(9);
    for (let count = 0; count < 30; count++) expect((await attempt()).status).toBe(200);
    const statuses = await Promise.all(Array.from({ length: 60 }, () => attempt()));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('says in its headers how many are left (RateLimit, draft 8)', async () => {
    await fail(3);
    const { headers } = await attempt();
    expect(headers['ratelimit-policy']).toMatch(/^"address"; q=100; w=60.*, "client"; q=10; w=60/);
    expect(headers.ratelimit).toMatch(/"client"; r=6; t=60/);
  });

  it('is not counted for an address that a caller only claims to have, unless a proxy is trusted', async () => {
    const direct = await createApi();
    for (let number = 0; number < 100; number++)
      await attempt({ id: `guess-${number}`, secret: 'x', from: `192.0.2.${number}` }, direct.app);
    expectThrottled(await attempt({ from: '198.51.100.1' }, direct.app), '60');
  });
});

describe('every path that takes credentials of a stranger', () => {
  it('is throttled', async () => {
    const open = api.routes.filter(({ access, verb }) => access === 'public' && verb !== 'GET');
    // These take a token, which nobody can guess.
    const guarded = open
      .filter(({ attempt }) => attempt !== undefined)
      .map(({ verb, path }) => `${verb} ${path}`);
    const rest = open
      .filter(({ attempt }) => attempt === undefined)
      .map(({ verb, path }) => `${verb} ${path}`);
    expect(rest.sort()).toEqual(['DELETE /v1.0/session', 'POST /v1.0/session/link']);
    expect(guarded).toContain('POST /v1.0/session');
    for (const route of guarded) {
      const path = route.split(' ')[1] ?? '';
      const app = (await createApi({ throttle: { windowMs: 60_000, perAddress: 3, perClient: 3 } })).app;
      const post = () => supertest(app).post(path).send({});
      for (let count = 0; count < 3; count++) expect((await post()).status).toBeLessThan(429);
      expectRefusal(await post(), 429, 'access.throttled');
    }
  });

  it('takes small bodies only', async () => {
    const response = await attempt({ body: JSON.stringify({ grant_type: 'x'.repeat(70_000) }) });
    expectRefusal(response, 413, 'input.too-large');
    expect(
      (await api.ask('POST', '/v1.0/accounts', { body: { Name: 'A', Description: 'x'.repeat(70_000) } }))
        .status,
    ).not.toBe(413);
  });
});
