import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/errors.ts';
import { createApi, expectRefusal } from './api.ts';

async function createLoggedApi() {
  const api = await createApi();
  const id = await api.install();
  const path = `/v1.0/account/connectors/${id}/methods`;
  await api.ask('POST', `${path}/things.list`, { body: {} });
  api.world.advance(60_000);
  api.vendor.next({ status: 400, body: '{"message":"the-key-secret is not a name"}' });
  await api.ask('POST', `${path}/things.create`, { body: { Body: { name: 'x' } } });
  const outcomes = async (query: string) => {
    const { body } = await api.ask('GET', `/v1.0/account/calls?${query}`);
    return (body as { Method: string; Outcome: string }[]).map((row) => `${row.Method} ${row.Outcome}`);
  };
  return { ...api, id, outcomes };
}

describe('the call log', () => {
  it('refuses times that are none, and filters that do not exist', async () => {
    const { ask } = await createLoggedApi();
    for (const time of ['yesterday', '2026-01-01T00:00:00', '2026-13-01', '1'])
      expectRefusal(await ask('GET', `/v1.0/calls?after=${time}`), 400, 'input.invalid');
    expectRefusal(await ask('GET', '/v1.0/calls?status=ok'), 400, 'input.invalid');
    expectRefusal(await ask('GET', '/v1.0/calls?offset=-1'), 400, 'input.invalid');
  });

  it('is searched by outcome, method, connector, installation and time', async () => {
    const { outcomes, id } = await createLoggedApi();
    expect(await outcomes('')).toEqual(['things.create vendor.invalid', 'things.list ok', 'users.me ok']);
    expect(await outcomes('outcome=error')).toEqual(['things.create vendor.invalid']);
    expect(await outcomes('outcome=vendor.invalid')).toEqual(['things.create vendor.invalid']);
    expect(await outcomes('outcome=vendor.failed')).toEqual([]);
    expect(await outcomes('outcome=ok')).toEqual(['things.list ok', 'users.me ok']);
    expect(await outcomes('method=things.list')).toEqual(['things.list ok']);
    expect(await outcomes('connector=other')).toEqual([]);
    expect(await outcomes(`connector=acme&installationId=${id}&limit=1`)).toHaveLength(1);
    expect(await outcomes('after=2026-01-01T00:00:30Z')).toEqual(['things.create vendor.invalid']);
    expect(await outcomes('before=2026-01-01T01:00:30%2B01:00')).toEqual(['things.list ok', 'users.me ok']);
    expect(await outcomes('offset=2')).toEqual(['users.me ok']);
    expect(await outcomes('offset=1&limit=1')).toEqual(['things.list ok']);
  });

  it('shows one call with its attempts, and a failed one with its request and answer, redacted', async () => {
    const { ask, account } = await createLoggedApi();
    const { body: list } = await ask('GET', '/v1.0/account/calls');
    expect(list[0]).not.toHaveProperty('Request');
    for (const path of ['/v1.0/calls', '/v1.0/account/calls']) {
      const { body } = await ask('GET', `${path}/${list[0].Id}`);
      expect(body).toMatchObject({
        ...{ AccountId: account, Outcome: 'vendor.invalid', Attempts: 1 },
        ...{ Meaning: errorCatalogue['vendor.invalid'].meaning, Hint: errorCatalogue['vendor.invalid'].hint },
        AttemptDetails: [{ AtMs: 0, DurationMs: 0, Status: 400 }],
        Request: {
          ...{ Method: 'POST', Url: 'https://api.acme.example/t1/things', Body: '{"name":"x"}' },
          Headers: { authorization: '[redacted]' },
        },
        Response: { Status: 400, Body: '{"message":"[redacted] is not a name"}' },
      });
      const { body: good } = await ask('GET', `${path}/${list[1].Id}`);
      expect(good).toMatchObject({ Outcome: 'ok', AttemptDetails: [{ AtMs: 0, Status: 200 }] });
      expect(good).not.toHaveProperty('Meaning');
      expect(good).not.toHaveProperty('Request');
    }
  });

  it('shows no call of another account, whoever knows its id', async () => {
    const { ask, signIn, runtime } = await createLoggedApi();
    const { body: list } = await ask('GET', '/v1.0/account/calls');
    const other = await runtime.accounts.create({ name: 'Other' });
    expectRefusal(
      await ask('GET', `/v1.0/account/calls/${list[0].Id}`, { account: other.id }),
      404,
      'call.unknown',
    );
    const pinned = await signIn(['Administrator'], `account:${other.id}`);
    for (const path of ['/v1.0/calls', '/v1.0/account/calls'])
      expectRefusal(
        await ask('GET', `${path}/${list[0].Id}`, { token: pinned, account: '' }),
        404,
        'call.unknown',
      );
    expectRefusal(await ask('GET', '/v1.0/calls/none'), 404, 'call.unknown');
  });

  it('counts the calls of the month without reading them', async () => {
    const { ask, account, world, runtime, id, signIn } = await createLoggedApi();
    const used = async () => {
      const token = await signIn(['ReadOnly']);
      return (await ask('GET', `/v1.0/accounts/${account}/usage`, { token })).body.TasksUsed;
    };
    expect(await used()).toBe(3);
    world.advance(40 * 86_400_000);
    expect(await used()).toBe(0);
    await runtime.call(account, id, 'things.list');
    expect(await used()).toBe(1);
  });
});
