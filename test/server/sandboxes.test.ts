import { expect, it } from 'vitest';
import type { PlayedSandbox } from '../../src/server/services.ts';
import { createApi, expectRefusal } from './api.ts';

const asked: unknown[] = [];
const played: PlayedSandbox = {
  name: 'acme',
  title: 'Acme',
  ask: async (...request) => {
    asked.push(request);
    if (request[1] === 'service-users/none') return { status: 404, body: { message: 'There is none' } };
    if (request[1] === 'forbidden') return { status: 409, body: { message: 'The key is in use' } };
    if (request[1] === 'faults')
      return { status: 400, body: { message: 'No', problems: [{ path: 'status', message: 'is too low' }] } };
    return request[0] === 'DELETE' ? { status: 204, body: null } : { status: 200, body: [{ id: 'u1' }] };
  },
};
const path = '/v1.0/sandboxes/acme';

it("asks a played vendor's own screens for who may set connectors up, and for nobody else", async () => {
  const api = await createApi({ sandboxes: [played] });
  const body = { Verb: 'GET', Path: 'service-users' };
  const token = await api.signIn(['ReadOnly']);
  expectRefusal(await api.ask('POST', path, { token, body }), 403, 'access.forbidden');
  const pinned = await api.signIn(['Administrator'], `account:${api.account}`);
  expectRefusal(await api.ask('POST', path, { token: pinned, body }), 403, 'access.forbidden');
  expect(asked).toEqual([]);
  expect((await api.ask('POST', path, { body })).body).toEqual([{ id: 'u1' }]);
  expect((await api.ask('GET', '/v1.0/sandboxes', { token })).body).toEqual([
    { Name: 'acme', Title: 'Acme' },
  ]);
});

it('leads nowhere but to those screens', async () => {
  const api = await createApi({ sandboxes: [played] });
  for (const Path of ['../x', '/x', 'http://evil.example', 'a b', 'x#y', 'a/../../x', ''])
    expectRefusal(await api.ask('POST', path, { body: { Verb: 'GET', Path } }), 400, 'input.invalid');
});

it('tells what the vendor refuses, and what is not played', async () => {
  const api = await createApi({ sandboxes: [played] });
  const missing = await api.ask('POST', path, { body: { Verb: 'GET', Path: 'service-users/none' } });
  expectRefusal(missing, 404, 'sandbox.unknown');
  expect(missing.body.Message).toBe('There is none');
  const against = await api.ask('POST', path, { body: { Verb: 'DELETE', Path: 'forbidden' } });
  expectRefusal(against, 409, 'sandbox.not-allowed');
  expect(against.body.Message).toBe('The key is in use');
  const wrong = await api.ask('POST', path, { body: { Verb: 'POST', Path: 'faults', Body: {} } });
  expectRefusal(wrong, 400, 'input.invalid');
  expect(wrong.body.Problems).toEqual([{ Path: 'status', Message: 'is too low' }]);
  const other = { body: { Verb: 'GET', Path: 'faults' } };
  expectRefusal(await api.ask('POST', '/v1.0/sandboxes/none', other), 404, 'sandbox.unknown');
});
