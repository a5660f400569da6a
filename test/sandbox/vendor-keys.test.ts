import { describe, expect, it } from 'vitest';
import { call, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallMethods, smallScript } from './small-connector.ts';

async function open() {
  const methodList = smallMethods.map((method) =>
    method.key === 'things.create' ? { ...method, idempotencyKey: { header: 'X-Once' } } : method,
  );
  const { enter, urls } = await openSandbox(smallConnector({ methodList }), smallScript);
  const { token } = await enter('All');
  const things = `${urls.api}/org/one/things`;
  const create = (key: string | undefined, body: object) =>
    call(things, { token, body, ...(key !== undefined && { headers: { 'X-Once': key } }) });
  return { create, list: async () => (await call(things, { token })).json.items as unknown[] };
}

describe('a vendor that takes keys', () => {
  it('refuses one that was used for another request', async () => {
    const { create, list } = await open();
    await create('k', { name: 'a' });
    expect((await create('k', { name: 'b' })).status).toBe(400);
    expect(await list()).toHaveLength(1);
  });

  it('does the same request once for each key, and each time without one', async () => {
    const { create, list } = await open();
    const [first, again] = [await create('k', { name: 'a' }), await create('k', { name: 'a' })];
    expect(again?.json).toEqual(first?.json);
    await create('l', { name: 'a' });
    await create(undefined, { name: 'a' });
    await create(undefined, { name: 'a' });
    expect(await list()).toHaveLength(4);
  });

  it('does not remember what it refused', async () => {
    const { create } = await open();
    expect((await create('k', { size: 1 })).status).toBe(400);
    expect((await create('k', { name: 'a' })).status).toBe(200);
  });
});
