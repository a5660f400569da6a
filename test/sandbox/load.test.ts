import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { smallConnector } from './small-connector.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

const good = `organisationSetting: org
organisations: [{ id: one, name: One }]
policies: [{ name: All, statements: [{ effect: allow, methods: ['*'] }] }]
`;

async function problemsOf(yaml: string | undefined, connector = smallConnector()) {
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

  it('placeholders that nothing fills', async () => {
    const yaml = `${good}token:
  claims: { sub: '{{serviceUser}}', key: '{{accessKeyId}}' }
errorBody: { text: '{{mesage}}' }
methods:
  things.get: { as: answer, body: { id: '{{id}}', of: ['{{thing}}'] } }
  me.get: { as: answer, body: { open: '{{oops' } }
`;
    expect(await problemsOf(yaml)).toEqual([
      'definition.unknown-placeholder 5:18',
      'definition.unknown-placeholder 6:20',
      'definition.unknown-placeholder 8:56',
      'definition.bad-template 9:39',
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
