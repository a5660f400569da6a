import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { smallConnector, smallMethods } from './small-connector.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A vendor whose lists explain themselves. */
const plain = smallConnector({
  methodList: smallMethods.map((method) => {
    const { minSize, ...parameters } = method.parameters;
    return { ...method, parameters };
  }),
});

const good = `organisationSetting: org
organisations: [{ id: one, name: One }]
policies: [{ name: All, statements: [{ effect: allow, methods: ['*'] }] }]
`;

async function problemsOf(yaml: string | undefined, connector = plain) {
  if (yaml !== undefined) await writeFile(join(folder, 'sandbox.yaml'), yaml);
  const result = await loadSandboxScript(folder, connector);
  return 'problems' in result
    ? result.problems.map(({ code, line, column }) => `${code} ${line}:${column}`)
    : [];
}

describe('loadSandboxScript reports', () => {
  it('a missing file', async () => {
    expect(await problemsOf(undefined)).toEqual(['definition.not-found 1:1']);
  });

  it('what is not YAML, and what the schema does not know', async () => {
    expect(await problemsOf('a: [')).toEqual([expect.stringContaining('definition.yaml-syntax')]);
    expect(await problemsOf(`${good}polices: []\n`)).toEqual(['definition.unknown-key 4:1']);
    expect(await problemsOf(`${good}refusals: { expiredTokn: { status: 403 } }\n`)).toEqual([
      'definition.unknown-key 4:13',
    ]);
    expect(await problemsOf(`${good}methods: { things.list: { as: lst } }\n`)).toEqual([
      'definition.bad-value 4:31',
    ]);
    expect(await problemsOf(good.replace('id: one', 'id: 012'))).toEqual(['definition.numeric-id 2:23']);
  });

  it('names that the definition does not have, where they stand', async () => {
    expect(
      await problemsOf(
        `${good}collections:\n  thngs: {}\nmethods:\n  things.nope: { as: sample }\nbodyLimits: { upload: 5 }\n`,
      ),
    ).toEqual(['definition.unknown-name 5:3', 'definition.unknown-name 7:3', 'definition.unknown-name 8:15']);
  });

  it('filters by parameters that no list has, and by fields that entities do not have', async () => {
    const filters = (text: string) => `${good}collections:\n  things: { filters: { ${text} } }\n`;
    expect(await problemsOf(good, smallConnector())).toEqual([]);
    expect(await problemsOf(filters('owner: null'), smallConnector())).toEqual([]);
    expect(await problemsOf(filters('minSize: null'), smallConnector())).toEqual([]);
    expect(await problemsOf(filters('minSize: { field: size, is: from }'), smallConnector())).toEqual([]);
    expect(await problemsOf(filters('minSize: null, maxSize: null'), smallConnector())).toEqual([
      'definition.unknown-name 5:39',
    ]);
    expect(await problemsOf(filters('minSize: { field: bigness }'), smallConnector())).toEqual([
      'definition.unknown-name 5:24',
    ]);
  });

  it('names in steps, courses and derived fields that lead nowhere', async () => {
    const yaml = `${good}collections:
  things:
    derived: { size: { sum: crumbs, field: size }, code: { by: ownerId, in: things, field: colr } }
    course: { field: state, stages: [{ is: a }, { is: b, steps: [{ create: thngs }] }] }
methods:
  things.report: { as: answer, body: {}, steps: [{ each: thing, steps: [{ remove: parts }] }] }
`;
    expect(await problemsOf(yaml)).toEqual([
      'definition.unknown-name 6:16',
      'definition.unknown-name 6:52',
      'definition.unknown-name 7:5',
      'definition.unknown-name 7:66',
      'definition.unknown-name 9:50',
      'definition.unknown-name 9:73',
    ]);
  });

  it('fields that entities do not have, where something follows from them', async () => {
    const yaml = `${good}collections:
  things:
    derived: { code: { by: ownrId, in: things, field: colr }, weight: { sum: things/*/parts, field: size } }
    course: { field: state, stages: [{ is: a }, { is: b }] }
`;
    expect(await problemsOf(yaml)).toEqual([
      'definition.unknown-name 6:16',
      'definition.unknown-name 6:16',
      'definition.unknown-name 6:63',
      'definition.unknown-name 7:5',
    ]);
  });

  it('placeholders that nothing fills', async () => {
    const yaml = `${good}token:
  claims: { sub: '{{serviceUser}}', key: '{{accessKeyId}}' }
errorBody: { text: '{{mesage}}' }
methods:
  things.get: { as: answer, body: { id: '{{id}}', of: ['{{thing}}'] } }
  me.get: { as: answer, body: { open: '{{oops' } }
  things.patch: { as: change, of: things, set: { name: '{{body_nme}}', code: '{{it_code}}' } }
  events.send:
    as: answer
    steps:
      - { create: things, with: { name: '{{thing_name}}' }, name: thing }
      - { if: { things: a }, change: things, set: { name: '{{thing_name}}', ownerId: '{{thingId}}' } }
    body: { ok: '{{thing}}' }
`;
    expect(await problemsOf(yaml)).toEqual([
      'definition.unknown-placeholder 5:18',
      'definition.unknown-placeholder 6:20',
      'definition.unknown-placeholder 8:56',
      'definition.bad-template 9:39',
      'definition.unknown-placeholder 10:56',
      'definition.unknown-placeholder 14:41',
      'definition.unknown-placeholder 15:9',
    ]);
  });
});

describe('loadSandboxScript', () => {
  it('returns the script as it is written', async () => {
    await writeFile(join(folder, 'sandbox.yaml'), good);
    const result = await loadSandboxScript(folder);
    expect(result).toEqual({
      script: {
        organisationSetting: 'org',
        organisations: [{ id: 'one', name: 'One' }],
        policies: [{ name: 'All', statements: [{ effect: 'allow', methods: ['*'] }] }],
      },
    });
  });
});

it('a filter may be the name of its field alone, of one collection or of all', async () => {
  const yaml = `${good}entities: { filters: { minSize: size } }\ncollections: { things: { filters: { minSize: size } } }\n`;
  expect(await problemsOf(yaml, smallConnector())).toEqual([]);
  const result = await loadSandboxScript(folder, smallConnector());
  expect(result).toMatchObject({
    script: {
      entities: { filters: { minSize: { field: 'size' } } },
      collections: { things: { filters: { minSize: { field: 'size' } } } },
    },
  });
  const wrong = yaml.replaceAll('minSize: size', 'minSize: sise');
  expect(await problemsOf(wrong, smallConnector())).toContain('definition.unknown-name 5:37');
});
