import { describe, expect, it } from 'vitest';
import { call, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallScript } from './small-connector.ts';

async function open() {
  const { urls, enter } = await openSandbox(smallConnector(), smallScript);
  const { token } = await enter('All');
  const screens = `${new URL(urls.api ?? '').origin}/_sandbox`;
  for (const name of ['First', 'Second', 'Third'])
    await call(`${urls.api}/org/one/things`, { token, body: { name } });
  const names = async (query: string) =>
    (await call(`${screens}/collections/things${query}`)).json.map((each: { name: string }) => each.name);
  return { screens, names };
}

describe('the stored data', () => {
  it('is refused in a number that is none', async () => {
    const { screens } = await open();
    for (const most of ['0', '-1', 'many', '1.5'])
      expect((await call(`${screens}/collections/things?most=${most}`)).status).toBe(400);
  });

  it('is counted, of one organisation', async () => {
    const { screens } = await open();
    const count = async (query: string) =>
      (await call(`${screens}/collections?counts=true${query}`)).json.find(
        ({ name }: { name: string }) => name === 'things',
      );
    expect(await count('')).toEqual({ name: 'things', count: 3 });
    expect(await count('&organisationId=two')).toEqual({ name: 'things', count: 0 });
    expect((await call(`${screens}/collections`)).json).toContain('things');
  });

  it('is searched in any field, whatever the case, and as much is answered as is wanted', async () => {
    const { names } = await open();
    expect(await names('')).toEqual(['Third', 'Second', 'First']);
    expect(await names('?search=SECOND')).toEqual(['Second']);
    expect(await names('?most=2')).toEqual(['Third', 'Second']);
    expect(await names('?search=nothing')).toEqual([]);
    expect(await names('?organisationId=two')).toEqual([]);
  });
});
