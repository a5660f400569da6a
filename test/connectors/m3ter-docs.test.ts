import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeMethod } from '../../src/cli/methods-view.ts';
import type { Method } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { errorCatalogue } from '../../src/errors.ts';
import { propertyNames } from '../../src/request/property-names.ts';

const connector = await loadConnectorOrThrow('connector/m3ter');
const methods = Object.values(connector.methods);
const guide = readFileSync('connector/m3ter/README.md', 'utf8');
const reference = readFileSync('connector/m3ter/METHODS.md', 'utf8');

/** What the reference says of a method, with the sections that it refers to for fields. */
function textOf({ name }: Method): string {
  const section =
    reference.split(/^### /m).find((part) => part.startsWith(`${name}\n`)) ?? `no section ${name}`;
  const [, model] = /Body: the fields of \[([^\]]+)\]/.exec(section) ?? [];
  const other = methods.find((method) => method.name === model);
  return other ? `${section}\n${textOf(other)}` : section;
}

describe('the method reference of m3ter', () => {
  it('stays under 400 KB, so that it can be read in a browser', () => {
    expect(Buffer.byteLength(reference)).toBeLessThan(400_000);
  });

  it('has all 322 methods with key, verb and path as `fishplate methods` gives them', () => {
    expect(methods).toHaveLength(322);
    const missing = methods.filter((method) => {
      const { key, verb, path } = describeMethod(connector, method);
      return !textOf(method).includes(`\n\`${key}\` - \`${verb} ${path}\``);
    });
    expect(missing.map(({ key }) => key)).toEqual([]);
  });

  it('names every parameter and every field of every body', () => {
    const missing = methods.flatMap((method) => {
      const fields = method.body ? propertyNames(method.body.schema, connector.types) : [];
      const text = textOf(method);
      // The fields of a body of several kinds stand with the types.
      const isOneOfSeveral = / or \[/.test(text);
      return [...Object.keys(method.parameters), ...(isOneOfSeveral ? [] : fields)]
        .filter((name) => !text.includes(`\`${name}\``))
        .map((name) => `${method.key} ${name}`);
    });
    expect(missing).toEqual([]);
  });
});

describe('the setup guide of m3ter', () => {
  const quoted = [...guide.matchAll(/`([a-z][A-Za-z]*\.[a-z][A-Za-z-]*)`/g)].map(([, name]) => name ?? '');

  it('speaks only of methods and error codes that exist', () => {
    const known = [...Object.keys(connector.methods), ...Object.keys(errorCatalogue)];
    expect(quoted.length).toBeGreaterThan(20);
    expect(quoted.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('explains every meaning that the definition gives to a refusal', () => {
    const meanings = new Set(connector.failures.map(({ means }) => means));
    expect([...meanings].filter((meaning) => !guide.includes(`| \`vendor.${meaning}\` |`))).toEqual([]);
  });

  it('counts and names the documented pages without a published path: 388 less the token request and the methods', () => {
    const part = /^## What is not covered$([\s\S]*?)^## /m.exec(guide)?.[1] ?? '';
    const counts = [...part.matchAll(/^\| ([^|]+) \| (\d+) \|/gm)].map(([, group, count]) => [
      group,
      Number(count),
    ]);
    const pages = [...part.matchAll(/^- \*\*(.+)\*\*, in `[a-z]+\/`: ([^*]*?)\n(?=- |\n)/gm)].map(
      ([, group, list]) => [group, new Set(list?.match(/`[a-z-]+`/g)).size],
    );
    expect(pages).toEqual(counts);
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(388 - methods.length - 1);
  });

  it('names all five methods that take a page token and may answer one entity', () => {
    for (const key of [
      'balanceChargeSchedules.preview',
      'balanceTransactionSchedules.preview',
      'integrationConfigurations.listForEntityType',
      'users.permissions',
      'users.groups',
    ])
      expect(connector.methods[key]?.paging, key).toBeDefined();
  });
});
