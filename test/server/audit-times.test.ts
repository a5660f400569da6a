import { expect, it } from 'vitest';
import { createApi, expectRefusal } from './api.ts';

it('refuses a time that is none', async () => {
  const api = await createApi();
  expectRefusal(await api.ask('GET', '/v1.0/audit?after=yesterday'), 400, 'input.invalid');
});

it('lists the audit from a time on, and before one', async () => {
  const api = await createApi();
  const { body: user } = await api.ask('POST', '/v1.0/service-users', { body: { Name: 'Sync' } });
  const { body: all } = await api.ask('GET', `/v1.0/audit?target=${user.Id}`);
  const at = all[0].Date;
  const count = async (query: string) =>
    (await api.ask('GET', `/v1.0/audit?target=${user.Id}&${query}`)).body.length;
  expect(await count(`after=${at}`)).toBe(1);
  expect(await count(`before=${at}`)).toBe(0);
  const later = new Date(Date.parse(at) + 1).toISOString();
  expect(await count(`after=${later}`)).toBe(0);
  expect(await count(`before=${later}`)).toBe(1);
});
