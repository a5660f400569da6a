import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KnownDeviation } from '../../src/definition/drift/known.ts';
import { loadKnownDeviations } from '../../src/definition/drift/load-known.ts';
import { createPackageSchemas, readPackageSchema } from '../../src/schema.ts';
import { type Changes, driftAfter } from './drift-bed.ts';

const name = '/components/schemas/ThingRequest/properties/name';
/** The name of a thing is longer in the document: in one body and, at two depths, in four answers. */
const changes: Changes = { [`${name}/maxLength`]: 50 };
const deviation: KnownDeviation = {
  method: 'things.create',
  where: 'body',
  path: 'name',
  what: 'maxLength',
  reason: 'Names may be of any length.',
};

const explained = async (change: Partial<KnownDeviation>) => {
  const { known, unusedKnown } = await driftAfter(changes, { known: [{ ...deviation, ...change }] });
  expect(unusedKnown).toHaveLength(known.length === 0 ? 1 : 0);
  return known.map(({ method, where, path }) => `${method} ${where} ${path}`);
};

describe('a known deviation', () => {
  it.each<[string, Partial<KnownDeviation>]>([
    ['method', { method: 'things.get' }],
    ['method that is only part of a key', { method: 'create' }],
    ['place', { where: 'parameter' }],
    ['path', { path: 'title' }],
    ['path, where a dot is a dot', { path: 'n.me' }],
    ['aspect', { what: 'minLength' }],
    ['aspect, which has no wildcards', { what: '*' }],
    ['value in the document', { expected: 51 }],
    ['value here', { actual: 50 }],
  ])('explains nothing of another %s, and is reported as unused', async (_, change) => {
    expect(await explained(change)).toEqual([]);
  });

  it.each<[Partial<KnownDeviation>, string[]]>([
    [{}, ['things.create body name']],
    [{ expected: 50, actual: null }, ['things.create body name']],
    [{ method: ['users.*', '*.create'] }, ['things.create body name']],
    [{ where: ['body', 'response'] }, ['things.create body name', 'things.create response name']],
    [
      { method: '*', where: 'response', path: '*' },
      ['things.get response name', 'things.create response name'],
    ],
    [
      { method: 'things.*', where: 'response', path: 'data[].*' },
      ['things.list response data[].name', 'things.search response data[].name'],
    ],
    [{ method: '*.search', where: 'response', path: '**.name' }, ['things.search response data[].name']],
    [{ method: '*.get', where: 'response', path: '**.name' }, ['things.get response name']],
    [
      { method: '*.get', where: 'response', path: '**', what: ['x', 'maxLength'] },
      ['things.get response name'],
    ],
  ])('explains what it matches: %j', async (change, found) => {
    expect(await explained(change)).toEqual(found);
  });

  it('takes what it explains out of the differences and gives its reason; the first one counts', async () => {
    const second = { ...deviation, path: '*', reason: 'Another.' };
    const { differences, known, unusedKnown } = await driftAfter(changes, { known: [deviation, second] });
    expect(differences.map(({ where }) => where)).toEqual(['response', 'response', 'response', 'response']);
    expect(known).toEqual([
      {
        method: 'things.create',
        operationId: 'CreateThing',
        where: 'body',
        path: 'name',
        what: 'maxLength',
        expected: 50,
        actual: null,
        message: 'maxLength is nothing, in the document 50',
        reason: 'Names may be of any length.',
      },
    ]);
    expect(unusedKnown).toEqual([]);
  });

  it('explains a missing operation and an extra method too', async () => {
    const whole = { where: 'operation', reason: 'So it is.' } as const;
    const { operations, known } = await driftAfter(
      { '/paths/~1{tenantId}~1me': undefined, '/paths/~1old': { get: { responses: {} } } },
      {
        known: [
          { ...whole, method: '*', path: 'GET /old', what: 'missing' },
          { ...whole, method: 'users.me', path: 'GET /{tenantId}/me', what: 'extra' },
        ],
      },
    );
    expect(operations).toEqual({ total: 6, matched: 5, missing: [], extra: [] });
    expect(known.map(({ operationId }) => operationId)).toEqual(['GET /old', 'GET /{tenantId}/me']);
  });
});

describe('drift.yaml', () => {
  const load = (text?: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    if (text !== undefined) writeFileSync(join(folder, 'drift.yaml'), text);
    return loadKnownDeviations(folder);
  };
  const entry = '{ method: "*", where: body, path: version, what: required';

  it.each([
    ['known: [', 'definition.yaml-syntax'],
    ['', 'definition.missing-key'],
    ['[]', 'definition.wrong-type'],
    [`known: [${entry} }]`, 'definition.missing-key'],
    [`known: [${entry}, reason: "" }]`, 'definition.bad-value'],
    [`known: [${entry}, reason: So., because: x }]`, 'definition.unknown-key'],
    [`known: [{ method: "*", where: header, path: a, what: b, reason: So. }]`, 'definition.bad-value'],
  ])('is refused with its place: %j', async (text, code) => {
    const result = await load(text);
    expect(
      'problems' in result && result.problems.map((problem) => [problem.file, problem.code]),
    ).toContainEqual(['drift.yaml', code]);
  });

  it('may be missing, and then lists nothing', async () => {
    expect(await load()).toEqual({ known: [] });
  });

  it('lists deviations', async () => {
    expect(await load(`known: [${entry}, expected: null, reason: So. }]`)).toEqual({
      known: [
        { method: '*', where: 'body', path: 'version', what: 'required', expected: null, reason: 'So.' },
      ],
    });
  });

  it('has a schema that accepts its own examples', () => {
    const check = createPackageSchemas(['drift.schema.json'])('drift.schema.json');
    const { examples } = readPackageSchema('drift.schema.json');
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(check(example)).toEqual([]);
  });
});
