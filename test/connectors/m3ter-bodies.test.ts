import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createArgumentChecker } from '../../src/request/arguments.ts';
import { partsOf } from '../../src/request/property-names.ts';
import { sampleOf } from '../../src/sandbox/sample.ts';

const connector = await loadConnectorOrThrow('connector/m3ter');
const { types } = connector;
const checker = createArgumentChecker(connector);
const withBody = Object.values(connector.methods).flatMap((method) =>
  method.body ? [{ method, schema: method.body.schema }] : [],
);

/** What is wrong with the body of a method, whatever its parameters. */
function problemsOf(key: string, body: unknown): string[] {
  const method = connector.methods[key];
  if (!method) throw new Error(`no method ${key}`);
  return checker
    .problems(method, { body })
    .filter(({ path }) => path.startsWith('body'))
    .map(({ path, message, hint }) => [path, message, ...(hint === undefined ? [] : [hint])].join(' | '));
}

/** Names of body fields that stand without a description, by the type or method that declares them. */
function undescribed(schema: unknown, home: string, seen: Set<unknown>): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  return partsOf(schema, types).flatMap((part) => {
    const { properties, items, additionalProperties } = part as Record<string, object | undefined>;
    const fields = Object.entries(properties ?? {}).flatMap(([name, field]) => {
      // A part that only adds a bound to a field is described where the field is.
      const all = partsOf(schema, types).map((other) => (other.properties as object | undefined) ?? {});
      const declared = all.flatMap((one) =>
        Object.hasOwn(one, name) ? partsOf((one as Record<string, unknown>)[name], types) : [],
      );
      const isPlain = declared.every((one) => one.description === undefined && !('const' in one));
      return [...(isPlain ? [`${home}.${name}`] : []), ...undescribed(field, `${home}.${name}`, seen)];
    });
    return [...fields, ...[items, additionalProperties].flatMap((inner) => undescribed(inner, home, seen))];
  });
}

describe('the bodies of m3ter', () => {
  it.each([
    [
      'pricings.create',
      {
        planId: '9d3b6a1e-52c4-4f0b-8a7d-6e1f2c3b4a59',
        startDate: '2026-01-01T00:00:00Z',
        pricingBands: [{ lowerLimit: 0, fixedPrice: 0, unitPrice: 1, unitprise: 2 }],
      },
      'body.pricingBands.0.unitprise | is not known here | did you mean "unitPrice"?',
    ],
    [
      'meters.create',
      {
        name: 'Storage',
        code: 'storage',
        dataFields: [{ category: 'MEASURE', code: 'gb', name: 'GB', unti: 'GB' }],
        derivedFields: [],
      },
      'body.dataFields.0.unti | is not known here | did you mean "unit"?',
    ],
    [
      'accounts.create',
      {
        name: 'Acme',
        code: 'acme',
        emailAddress: 'a@acme.example',
        address: { adressLine1: '1 High Street' },
      },
      'body.address.adressLine1 | is not known here | did you mean "addressLine1"?',
    ],
    [
      'measurements.submit',
      {
        measurements: [{ meter: 'm', account: 'a', ts: '2026-01-01T00:00:00Z', measures: { gb: 1 } }],
      },
      'body.measurements.0.measures | is not known here | did you mean "measure"?',
    ],
    [
      'exportJobs.create',
      { sourceType: 'USAGE', groups: [{ groupType: 'TIME', frequency: 'DAY', freqency: 'DAY' }] },
      'body.groups.0.freqency | is not known here | did you mean "frequency"?',
    ],
  ])('of %s refuse a misspelt field deep inside, with the nearest name', (key, body, problem) => {
    expect(problemsOf(key, body)).toEqual([problem]);
  });

  it('take what nobody can list: custom fields, segments, rows, options, and the credentials of other systems', () => {
    const configuration = { entityType: 'Bill', destination: 'NetSuite' };
    expect(
      problemsOf('integrationConfigurations.create', {
        ...configuration,
        configData: { subsidiary: { id: 1 } },
        credentials: { type: 'NETSUITE_AUTH', tokenId: 'x', tokenSecret: 'y' },
      }),
    ).toEqual([]);
    expect(problemsOf('products.create', { name: 'P', code: 'p', customFields: { any: 'x' } })).toEqual([]);
    expect(problemsOf('lookupTableData.update', { items: [{ region: 'EMEA', price: 1 }] })).toEqual([]);
  });

  it.each([true, false])('take a sample of every body, with all fields: %s', (complete) => {
    const refused = withBody.flatMap(({ method, schema }) =>
      problemsOf(method.key, sampleOf(schema, types, { complete })).map((text) => `${method.key} ${text}`),
    );
    expect(withBody.length).toBeGreaterThan(100);
    expect(refused).toEqual([]);
  });

  it('describe every field, but for names and the lines of an address', () => {
    const seen = new Set<unknown>();
    const found = withBody.flatMap(({ method, schema }) => undescribed(schema, method.key, seen));
    const names = new Set(found.map((place) => place.split('.').at(-1)));
    expect([...names].sort()).toEqual([
      'addressLine1',
      'addressLine2',
      'addressLine3',
      'addressLine4',
      'country',
      'firstName',
      'lastName',
      'postCode',
    ]);
  });
});

describe('the methods of m3ter', () => {
  it('describe every parameter', () => {
    const bare = Object.values(connector.methods).flatMap(({ key, parameters }) =>
      Object.values(parameters)
        .filter(({ description }) => description.trim() === '')
        .map(({ name }) => `${key} ${name}`),
    );
    expect(bare).toEqual([]);
  });
});
