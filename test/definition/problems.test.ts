import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector, loadConnectorOrThrow } from '../../src/definition/load.ts';
import { codeFrame, formatProblem, type Problem, problemCatalogue } from '../../src/definition/problem.ts';
import { fixture, withOverlay } from '../helpers/overlay.ts';

const names = readdirSync(fixture('invalid')).filter((name) => name !== 'not-found');

/** The expectation that each fixture states in its first line: `# expect <code> at <line>:<column>`. */
function expectationOf(name: string): { file: string; code: string; line: number; column: number } {
  for (const file of readdirSync(fixture(`invalid/${name}`), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml')) continue;
    const text = readFileSync(join(fixture(`invalid/${name}`), file), 'utf8');
    const match = /^# expect (\S+) at (\d+):(\d+)$/m.exec(text);
    if (match?.[1]) return { file, code: match[1], line: Number(match[2]), column: Number(match[3]) };
  }
  throw new Error(`the fixture ${name} does not say what it expects`);
}

const problemsOf = async (folders: readonly string[]): Promise<readonly Problem[]> =>
  withOverlay(folders, async (folder) => {
    const result = await loadConnector(folder);
    return 'problems' in result ? result.problems : [];
  });

/** Message and hint of each problem of the fixture `acme` after one of its files was changed. */
const problemsOfEdited = (file: string, edit: (text: string) => string): Promise<string[]> =>
  withOverlay(['acme'], async (folder) => {
    const path = join(folder, file);
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
    const result = await loadConnector(folder);
    const problems = 'problems' in result ? result.problems : [];
    return problems.map(({ message, hint }) => (hint === undefined ? message : `${message} - ${hint}`));
  });

describe('a definition that is wrong', () => {
  it.each(names)('is refused for its %s, and for nothing else, where it stands', async (name) => {
    const problems = await problemsOf(['acme', `invalid/${name}`]);
    expect(problems.map(({ file, code, line, column }) => ({ file, code, line, column }))).toEqual([
      expectationOf(name),
    ]);
    expect(problems[0]?.frame).toMatch(new RegExp(`^>\\s+${problems[0]?.line} \\|`, 'm'));
  });

  it.each([
    '<svg><script/></svg>',
    '<svg onload="x()"/>',
    '<svg/onload=x()>',
    '<svg><a href="javascript:x()"/></svg>',
  ])('is refused for an icon that holds script: %s', async (icon) => {
    await withOverlay(['acme'], async (folder) => {
      const path = join(folder, 'connector.yaml');
      writeFileSync(path, `${readFileSync(path, 'utf8')}icon: icon.svg\n`);
      writeFileSync(join(folder, 'icon.svg'), icon);
      const result = await loadConnector(folder);
      expect('problems' in result && result.problems.map(({ code }) => code)).toEqual(['definition.icon']);
    });
  });

  it.each([
    ['https://{{region}}', false],
    ['https://api.{{region}}', false],
    ['https://{{region}}acme.example', false],
    ['https://api.{{region}}.example', false],
    ['https://{{region}}.acme.example', true],
    ['https://api-{{region}}.eu.acme.example/{{tenant}}', true],
  ])('is refused when an account could send shared secrets to a host of its own: %s', async (url, isGood) => {
    const found = await problemsOfEdited('connector.yaml', (text) =>
      text.replace("files: 'https://files.{{region}}.acme.example'", `files: '${url}'`),
    );
    const problem = expect.stringContaining('"region" can be set by an account and chooses the host');
    expect(found).toEqual(isGood ? [] : [problem]);
  });

  it.each([
    ['connector.yaml', 'headers: { Accept: application/json }', 'headers: { X-Tenant: "{{nobody}}" }'],
    [
      'methods/things.yaml',
      'key: things\n',
      'key: things\ndefaults: { headers: { X-Tenant: "{{nobody}}" } }\n',
    ],
  ])(
    'is refused for a placeholder of no setting in a header that methods inherit from %s: %s -> %s',
    async (file, from, to) => {
      const found = await problemsOfEdited(file, (text) => text.replace(from, to));
      expect(found).toEqual([expect.stringContaining('{{nobody}}')]);
    },
  );

  it.each<[string, string, string[]]>([
    ['list', 'Idempotency-Key', ['a method that changes nothing takes no key']],
    [
      'create',
      'accept',
      [
        'the header "accept" is used for something else - the key is put there by itself: take the other one away',
      ],
    ],
    ['create', 'Idempotency-Key', []],
  ])('is refused for a key that %s cannot take in %s', async (method, header, expected) => {
    const found = await problemsOfEdited('methods/things.yaml', (text) =>
      text.replace(`\n  ${method}:\n`, `\n  ${method}:\n    idempotencyKey: { header: ${header} }\n`),
    );
    expect(found).toEqual(expected);
  });

  it('is refused for a folder without connector.yaml, and for no folder at all', async () => {
    expect((await problemsOf(['invalid/not-found'])).map((problem) => problem.code)).toEqual([
      'definition.not-found',
    ]);
    const result = await loadConnector('/nowhere/at/all');
    expect('problems' in result && result.problems[0]?.message).toContain('/nowhere/at/all');
  });

  it('has a fixture for every code of the catalogue', () => {
    const shown = new Set(names.map((name) => expectationOf(name).code));
    // Those of whole folders and of what lies around them are in hostile.test.ts.
    const ofFolders = ['definition.not-found', 'definition.too-large', 'definition.foreign-file'];
    const codes = Object.keys(problemCatalogue).filter((code) => !ofFolders.includes(code));
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
  });

  it('is told the nearest name that would have been right', async () => {
    const hints = await Promise.all(
      [
        'unknown-key',
        'unknown-placeholder',
        'unknown-host',
        'unknown-method',
        'dangling-ref',
        'bad-value',
      ].map((name) => problemsOf(['acme', `invalid/${name}`])),
    );
    expect(hints.map(([problem]) => problem?.hint)).toEqual([
      'did you mean "path"?',
      'did you mean "tenant"?',
      'did you mean "files"?',
      'did you mean "users.me"?',
      'did you mean "Thing"?',
      'did you mean "live"?',
    ]);
  });

  it('is told which identity fields there are when the organisation is none of them', async () => {
    const problems = await problemsOfEdited('connector.yaml', (text) =>
      text.replace('name: user.name }', 'name: user.name }, organisation: org'),
    );
    expect(problems).toEqual(['there is no identity field "org" - there are: id, name']);
  });

  it('is told how to quote an id that YAML would read as a number', async () => {
    const [problem] = await problemsOf(['acme', 'invalid/numeric-id']);
    expect(problem?.message).toBe('"settings.region.default" is text, but YAML reads 012 as the number 12');
    expect(problem?.hint).toBe("put it in quotes: '012'");
  });

  it.each<[string, (text: string) => string, string[]]>([
    [
      'a mistyped way to authenticate',
      (text) => text.replace('kind: client-credentials', 'kind: client-credential'),
      [
        '"auth.0.kind" must be one of "client-credentials", "login", "api-key", "bearer", "basic" - did you mean "client-credentials"?',
      ],
    ],
    [
      'a way to authenticate without a key of its own',
      (text) => text.replace("    clientId: '{{keyId}}'\n", ''),
      ['the key "clientId" is missing in auth.0 - add clientId: to it'],
    ],
    [
      'a way to authenticate with a key of another one',
      (text) => text.replace('    host: api\n', '    host: api\n    username: x\n'),
      [
        'there is no key "username" in auth.0 - known here: kind, id, label, description, host, path, clientId, clientSecret, credentials, encoding, fields, lifetimeSeconds, assertion',
      ],
    ],
    [
      'no way to authenticate',
      (text) => text.replace(/^auth:$[\s\S]*?^test:/m, 'auth: [{ id: a, label: A }]\ntest:'),
      ['the key "kind" is missing in auth.0 - add kind: to it'],
    ],
  ])('is told one problem, not one for each alternative: %s', async (_, edit, expected) => {
    const problems = await problemsOfEdited('connector.yaml', edit);
    expect(problems).toEqual(expected);
  });

  it('is told what a parameter or schema lacks, and not that it is none of the alternatives', async () => {
    expect(
      await problemsOfEdited('methods/things.yaml', (text) =>
        text.replace(
          /^methods:$/m,
          'methods:\n  odd:\n    name: Odd\n    description: Odd.\n    verb: GET\n    path: /odd\n    parameters: { x: { type: string } }\n    response: { properties: { a: { minLenght: 1 } } }',
        ),
      ),
    ).toEqual([
      'the key "description" is missing in methods.odd.parameters.x - add description: to it',
      'there is no key "minLenght" in methods.odd.response.properties.a - did you mean "minLength"?',
    ]);
  });

  it('is told how a name is written that has hyphens or capitals where there are none', async () => {
    const auth = await problemsOfEdited('connector.yaml', (text) =>
      text.replace('  - id: key\n', '  - id: apiKey\n'),
    );
    expect(auth[0]).toMatch(/"auth\.0\.id" must match \S+ - write api-key$/);
    const key = await problemsOfEdited('methods/things.yaml', (text) =>
      text.replace('key: things\n', 'key: verify-things\n'),
    );
    expect(key[0]).toMatch(/"key" must match \S+ - write verifyThings$/);
    const method = await problemsOfEdited('methods/things.yaml', (text) =>
      text.replace('  search:\n', '  Find_All:\n'),
    );
    expect(method[0]).toMatch(/the key "Find_All" must match \S+ - write findAll$/);
  });

  it('gets all its problems at once, in reading order', async () => {
    const problems = await problemsOf(['acme', 'invalid/unknown-key', 'invalid/bad-value']);
    expect(problems.map((problem) => `${problem.file} ${problem.code}`)).toEqual([
      'connector.yaml definition.bad-value',
      'methods/things.yaml definition.unknown-key',
    ]);
  });

  it('reads well in a terminal', async () => {
    const [problem] = await problemsOf(['acme', 'invalid/unknown-key']);
    expect(problem && formatProblem(problem, 'connector/acme')).toBe(
      [
        'connector/acme/methods/things.yaml:21:5 definition.unknown-key: there is no key "pth" in methods.search',
        '  20 |     verb: GET',
        '> 21 |     pth: /x',
        '     |     ^',
        '  22 |     path: /{{tenant}}/search',
        '  hint: did you mean "path"?',
      ].join('\n'),
    );
  });

  it('shows a line of the file without what a terminal would obey', () => {
    expect(codeFrame('a\n\tb\u001b[2J\u0007\r\nc', 2, 1)).toBe(
      '  1 | a\n> 2 | \tb\ufffd[2J\ufffd\n    | ^\n  3 | c',
    );
  });

  it('throws with everything in the message for programs that cannot go on', async () => {
    await withOverlay(['acme', 'invalid/bad-value'], (folder) =>
      expect(loadConnectorOrThrow(folder)).rejects.toMatchObject({
        code: 'connector.invalid',
        message: expect.stringContaining('connector.yaml:6:9'),
      }),
    );
  });
});

describe('a definition that is right', () => {
  it('has no problems', async () => {
    expect(await problemsOf(['acme'])).toEqual([]);
  });
});
