import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { errorCatalogue } from '../../src/errors.ts';

const connector = await loadConnectorOrThrow('connector/precisely');
const methods = Object.values(connector.methods);
const guide = readFileSync('connector/precisely/README.md', 'utf8');

describe('the setup guide of the suite', () => {
  it('speaks only of methods and error codes that exist', () => {
    const quoted = [...guide.matchAll(/`([a-z][A-Za-z]*\.[a-z][A-Za-z-]*)`/g)].map(([, name]) => name ?? '');
    const known = [...Object.keys(connector.methods), ...Object.keys(errorCatalogue)];
    expect(quoted.length).toBeGreaterThan(10);
    expect(quoted.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('explains every meaning that the definition gives to a refusal', () => {
    const meanings = new Set(connector.failures.map(({ means }) => means));
    expect([...meanings].filter((meaning) => !guide.includes(`| \`vendor.${meaning}\` |`))).toEqual([]);
  });
});

describe('the methods of the suite', () => {
  it('are 99, of which 30 are those of catalog and scoring', () => {
    expect(methods).toHaveLength(99);
    const path = ({ path: [first] }: (typeof methods)[number]) => String(first);
    expect(methods.filter((method) => path(method).startsWith('/v2/catalog/'))).toHaveLength(30);
  });

  it('change nothing when they only look something up, and are not repeated when they may cost more', () => {
    const keys = (readOnly: boolean) =>
      methods
        .filter((method) => method.verb === 'POST' && method.readOnly === readOnly)
        .map(({ key }) => key);
    expect(keys(true)).toHaveLength(34);
    expect(keys(false).sort()).toEqual([
      'assetTypes.create',
      'assets.create',
      'bulkJobs.geocode',
      'bulkJobs.verify',
      'files.createUploadUrl',
      'flows.create',
      'flows.execute',
      'metricInstances.create',
      'pipelineJobs.create',
      'predicates.create',
      'relationTypes.create',
      'relations.create',
    ]);
  });

  it('look up the ids that they take of the catalog', () => {
    const without = methods
      .filter(({ path: [first] }) => String(first).startsWith('/v2/catalog/'))
      .flatMap(({ key, parameters }) =>
        Object.values(parameters)
          .filter(({ name, lookup }) => /^id$|Id$/.test(name) && lookup === undefined)
          .map(({ name }) => `${key} ${name}`),
      );
    expect(without).toEqual([]);
  });
});
