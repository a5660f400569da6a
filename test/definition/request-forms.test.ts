import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../src/definition/load.ts';
import { withOverlay } from '../helpers/overlay.ts';

type Edit = readonly [file: string, from: string, to: string];

/** The connector of the fixture after some of its texts were changed, or the messages of its problems. */
const load = (...edits: Edit[]) =>
  withOverlay(['dialects'], async (folder) => {
    for (const [file, from, to] of edits) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(path, text.replace(from, to));
    }
    const result = await loadConnector(folder);
    return 'problems' in result
      ? { problems: result.problems.map(({ message }) => message) }
      : { problems: [], connector: result.connector };
  });

const byMethod: Edit = [
  'methods/assets.yaml',
  'contentType: application/json-patch+json',
  'contentType: { setting: type }',
];
const setting = (text: string): Edit => ['connector.yaml', 'settings:\n', `settings:\n  type: ${text}\n`];
const plain = 'label: Type, description: Of patches., level: console';
const json = '{ value: application/json, label: JSON }';

describe('a media type from a setting', () => {
  it.each<[string, Edit[], string]>([
    ['there is none', [byMethod], 'there is no setting "type"'],
    [
      'it may be any text',
      [byMethod, setting(`{ ${plain}, default: x }`)],
      '"type" is no choice of JSON media types',
    ],
    [
      'it may be no JSON',
      [byMethod, setting(`{ ${plain}, default: text/plain, choices: [{ value: text/plain, label: Text }] }`)],
      '"type" is no choice of JSON media types',
    ],
    [
      'it may be left out',
      [byMethod, setting(`{ ${plain}, choices: [${json}] }`)],
      '"type" is no choice of JSON media types',
    ],
    [
      'other values are allowed too',
      [byMethod, setting(`{ ${plain}, default: application/json, open: true, choices: [${json}] }`)],
      '"type" is no choice of JSON media types',
    ],
  ])('is a problem where %s', async (_, edits, message) => {
    expect((await load(...edits)).problems).toEqual([expect.stringContaining(message)]);
  });

  it('is taken where all of its choices are JSON', async () => {
    const { connector, problems } = await load(
      byMethod,
      setting(`{ ${plain}, default: application/json, choices: [${json}] }`),
    );
    expect(problems).toEqual([]);
    expect(connector?.methods['assets.patch']?.body?.contentType).toEqual({ setting: 'type' });
  });
});

describe('several segments of a path', () => {
  it('can only be a path parameter', async () => {
    const { problems } = await load([
      'methods/assets.yaml',
      'arrays: repeat',
      'arrays: repeat, encode: path',
    ]);
    expect(problems).toEqual(['only what stands in the path can be several segments of it']);
  });
});

describe('a body field with a constant', () => {
  it('has it, whatever kind of value it is', async () => {
    const { connector } = await load([
      'methods/assets.yaml',
      'verb: PATCH',
      "fill: { '[].kind': { constant: [1, two] } }\n    verb: PATCH",
    ]);
    expect(connector?.methods['assets.patch']?.body?.fill).toEqual([
      { path: '[].kind', value: { constant: [1, 'two'] } },
    ]);
  });
});

describe('the style of forms', () => {
  const form = 'bodyEncoding: form, formStyle: indices';
  it('is a problem of a method that sends none, and none of the defaults that others take it from', async () => {
    const verb: Edit = [
      'methods/assets.yaml',
      'verb: POST, path: /assets',
      'verb: POST, path: /assets, formStyle: dots',
    ];
    expect((await load(verb)).problems).toEqual(['there is no form to write']);
    const defaults: Edit = [
      'connector.yaml',
      'defaults: { host: api',
      'defaults: { host: api, formStyle: dots',
    ];
    expect((await load(defaults)).problems).toEqual([]);
  });

  it('is that of the defaults, unless a method says otherwise', async () => {
    const json: Edit = ['methods/assets.yaml', 'contentType:', 'bodyEncoding: json\n    contentType:'];
    const { problems, connector } = await load(
      ['connector.yaml', 'defaults: { host: api', `defaults: { host: api, ${form}`],
      ['methods/assets.yaml', 'path: /assets, body', 'path: /assets, formStyle: brackets, body'],
      json,
      ['methods/tickets.yaml', 'contentType:', 'bodyEncoding: json\n    contentType:'],
    );
    expect(problems).toEqual([]);
    const styleOf = (key: string) => connector?.methods[key]?.body;
    expect(styleOf('assets.create')).toMatchObject({ encoding: 'form', formStyle: 'brackets' });
    expect(styleOf('assets.deleteMany')).toMatchObject({ encoding: 'form', formStyle: 'indices' });
    expect(styleOf('assets.patch')).toMatchObject({ encoding: 'json' });
    expect(styleOf('assets.patch')).not.toHaveProperty('formStyle');
  });
});
