import { describe, expect, it } from 'vitest';
import type { MethodDescription } from '../../src/cli/methods-view.ts';
import { runLine } from './fake-io.ts';

const list = async (...argv: string[]): Promise<MethodDescription[]> => {
  const { code, out } = await runLine(['methods', 'm3ter', '--json', ...argv]);
  expect(code).toBe(0);
  return JSON.parse(out);
};
const method = async (key: string) => (await list()).find((one) => one.key === key);

describe('fishplate methods', () => {
  it('refuses a connector that does not exist, with the nearest one', async () => {
    const { code, err } = await runLine(['methods', 'm3tre']);
    expect(code).toBe(1);
    expect(err).toContain('there is no connector "m3tre" [connector.unknown]');
    expect(err).toContain('did you mean "m3ter"?');
  });

  it('refuses a category that does not exist, with the nearest one', async () => {
    const { code, err } = await runLine(['methods', 'm3ter', '--category', 'Acounts']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "Accounts"?');
  });

  it("writes paths with the vendor's own names, and says which setting fills a part of them", async () => {
    expect(await method('accounts.get')).toMatchObject({
      name: 'Get Account',
      category: 'Accounts',
      verb: 'GET',
      host: 'api',
      path: '/organizations/{orgId}/accounts/{id}',
      parameters: [
        { name: 'orgId', in: 'path', required: true, type: 'string', setting: 'organisationId' },
        { name: 'id', in: 'path', required: true, type: 'string' },
      ],
    });
  });

  it('tells the UUID and integer id that calls may name a method by', async () => {
    expect(await method('accounts.get')).toMatchObject({
      uuid: expect.stringMatching(/^[\da-f-]{36}$/),
      id: expect.any(Number),
    });
  });

  it('describes query parameters by type, bounds and items', async () => {
    const { parameters = [] } = (await method('accounts.list')) ?? {};
    const byName = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter]));
    expect(byName.ids).toMatchObject({
      in: 'query',
      required: false,
      type: 'array',
      items: { type: 'string' },
    });
    expect(byName.pageSize).toMatchObject({ in: 'query', type: 'integer', maximum: 100 });
    expect(byName.nextToken).toMatchObject({ in: 'query', type: 'string' });
  });

  it('follows references in the schemas of parameters', async () => {
    const { parameters = [] } = (await method('plans.list')) ?? {};
    expect(parameters.find(({ name }) => name === 'productId')).toMatchObject({
      type: 'string',
      minLength: 36,
    });
  });

  it('says of the body only whether it is required, and its type', async () => {
    expect((await method('products.create'))?.body).toEqual({ required: true, type: 'object' });
    expect(await method('products.list')).not.toHaveProperty('body');
  });

  it('narrows the list by category and by words', async () => {
    const keys = (await list('--category', 'plans')).map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((key) => key.startsWith('plans.'))).toBe(true);
    expect((await list('--search', 'SUBMIT measurements')).map(({ key }) => key)).toContain(
      'measurements.submit',
    );
    expect(await list('--search', 'xyzzy')).toEqual([]);
  });

  it('prints a table for people, and takes a folder in place of a name', async () => {
    const { out } = await runLine(['methods', 'connector/m3ter', '--category', 'Marketplace Usage Reports']);
    expect(out).toBe(
      'KEY                           NAME                            CATEGORY                   VERB  PATH\n' +
        'marketplaceUsageReports.list  List Marketplace Usage Reports  Marketplace Usage Reports  GET   /organizations/{orgId}/integrationdestinations/marketplace/usageReport\n',
    );
  });
});
