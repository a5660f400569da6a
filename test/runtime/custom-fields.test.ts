import { describe, expect, it } from 'vitest';
import { createSchemaChecker } from '../../src/schema.ts';
import { createTestBed } from '../helpers/runtime.ts';

describe('the schema of a body in an installation', () => {
  it('is that of the connector, and no call, where no custom fields go', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const before = vendor.requests.length;
    expect(await runtime.bodySchema(account, id, 'things.create')).toEqual({ $ref: '#/$defs/ThingRequest' });
    expect(await runtime.bodySchema(account, id, 'things.get')).toBeUndefined();
    expect(vendor.requests.length).toBe(before);
  });

  it('names the fields of the organisation, typed as their defaults, and still lets others through', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ body: '{"part":{"region":"EMEA","seats":1}}' });
    const schema = await runtime.bodySchema(account, id, 'parts.create');
    expect(schema).toMatchObject({
      allOf: [
        {},
        {
          properties: {
            extra: {
              properties: {
                region: { type: 'string', default: 'EMEA' },
                seats: { type: 'number', default: 1 },
              },
            },
          },
        },
      ],
    });
    const checker = createSchemaChecker(runtime.connectors.find('acme').types);
    const problems = (extra: unknown) =>
      checker.check(schema ?? false, { name: 'x', extra }).map(({ path }) => path);
    expect(problems({ region: 'APAC', seats: 5, own: 'y' })).toEqual([]);
    expect(problems({ region: 1, seats: 'many' })).toEqual(['extra.region', 'extra.seats']);
  });

  it('is that of the connector when the organisation has none', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ body: '{}' });
    expect(await runtime.bodySchema(account, id, 'parts.create')).toEqual({ $ref: '#/$defs/PartRequest' });
  });

  it('tells a customer that the vendor refused, in place of a schema without the fields', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ status: 403 });
    await expect(runtime.bodySchema(account, id, 'parts.create')).rejects.toMatchObject({
      code: 'vendor.forbidden',
    });
  });
});
