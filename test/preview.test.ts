import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthMethod, Connector, Method } from '../src/definition/connector.ts';
import { maskPaths } from '../src/mask.ts';
import { buildPreview, type Preview } from '../src/preview.ts';
import { prepareRequest, provenanceOf } from '../src/request/prepare.ts';
import { accountValues, acme, methodOf, settle } from './helpers/acme.ts';
import { createFakeWorld } from './helpers/vendor.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const base = { id: 'key', label: 'Key', description: '' };
const value = [{ name: 'keySecret' }];
const auths = {
  bearer: { ...base, kind: 'bearer', token: value },
  basic: { ...base, kind: 'basic', username: [{ name: 'keyId' }], password: value },
  header: { ...base, kind: 'api-key', in: 'header', name: 'X-Key', value },
  query: { ...base, kind: 'api-key', in: 'query', name: 'api key', value },
} as const satisfies Record<string, AuthMethod>;

interface Given {
  readonly change?: Partial<Method>;
  readonly auth?: AuthMethod;
  readonly secret?: string;
}
function preview(key: string, args: Record<string, unknown> = {}, given: Given = {}): Preview {
  const { change, auth = connector.auth[0] ?? auths.bearer, secret = 'the-key-secret' } = given;
  const method = methodOf(connector, key, change);
  const settings = settle(connector, { ...accountValues, keySecret: secret });
  const prepared = prepareRequest(method, args, settings, createFakeWorld());
  return buildPreview(method, auth, settings, prepared, provenanceOf(method, args, settings));
}

/** What curl would be given: a shell runs the line with a function in curl's place. */
function argumentsOfCurl(line: string, token = 'the-token'): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}\n`;
  const env = { TOKEN: token, PATH: '/nonexistent' };
  return execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a preview', () => {
  const secrets = [
    'plain-secret',
    'with "quotes" and \\backslashes\\',
    "it's",
    'a&b=c+d/e',
    'zażółć\u{1F511}',
    '[redacted]x',
    '12345',
    'true',
    '{"a":',
    '$TOKEN`id`',
    'name',
  ];

  it.each(secrets)('shows the secret %j nowhere, though every argument holds it', (secret) => {
    const parameter = { id: 1, required: false, description: '', schema: true, arrays: 'comma' } as const;
    const change: Partial<Method> = {
      parameters: {
        id: { ...parameter, name: 'id', in: 'path' },
        q: { ...parameter, name: 'q', in: 'query' },
        'X-H': { ...parameter, name: 'X-H', in: 'header' },
      },
      path: ['/x/', { name: 'id' }],
    };
    const args = {
      id: secret,
      q: [secret, `a${secret}b`],
      'X-H': secret,
      body: { text: `so: ${secret}.`, [secret]: 1, list: [[secret]], n: Number(secret) || 0 },
    };
    const shown = preview('things.create', args, { change, secret });
    const written = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    const { body, url, headers, curl } = shown;
    for (const text of [JSON.stringify(body), url, JSON.stringify(headers), curl])
      for (const form of secret === 'name' ? [] : written) expect(text).not.toContain(form);
    expect(body).toMatchObject({ text: 'so: [redacted].', '[redacted]': 1, list: [['[redacted]']] });
    expect(url).toContain('/x/[redacted]?q=[redacted]');
  });

  it.each(Object.entries(auths))('masks the credential where the request has it: %s', (_, auth) => {
    const shown = preview('users.me', {}, { auth });
    expect(inspect(shown, { depth: 9 })).not.toMatch(/the-key-secret|dGhlLWtleS/);
    expect(JSON.stringify([shown.headers, decodeURIComponent(shown.url)])).toContain('[redacted]');
  });

  it('keeps numbers, and everything else that is no secret, as they are', () => {
    const body = { name: 'x', n: 12345, f: 1.5, yes: true, none: null, list: [1, 'a'], deep: { a: {} } };
    expect(preview('things.create', { body }, { secret: '1234567' }).body).toEqual(body);
  });

  it('hides what the definition calls sensitive', () => {
    const change = { sensitive: ['name', 'keys[].secret', 'absent', 'deep.pin'] };
    const body = { name: 'x', keys: [{ id: 1, secret: 's1' }, { secret: null }, {}], deep: { pin: 4 } };
    const { body: shown, curl } = preview('things.create', { body }, { change });
    expect(shown).toEqual({
      name: '[redacted]',
      keys: [{ id: 1, secret: '[redacted]' }, { secret: null }, {}],
      deep: { pin: '[redacted]' },
    });
    expect(curl).toContain(JSON.stringify(shown));
  });

  it('shows method, URL, headers and body as they would be sent', () => {
    expect(preview('things.create', { body: { name: 'x' } })).toMatchObject({
      method: 'POST',
      url: 'https://api.acme.example/t1/things',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: 'Bearer [redacted]',
      },
      body: { name: 'x' },
    });
    expect(preview('users.me')).not.toHaveProperty('body');
  });

  it('says where each value comes from, the credential too', () => {
    expect(preview('things.get', { id: 'a' }).provenance).toEqual([
      { name: 'region', in: 'host', source: 'default' },
      { name: 'tenant', in: 'path', source: 'account' },
      { name: 'id', in: 'path', source: 'argument' },
      { name: 'Accept', in: 'header', source: 'definition' },
      { name: 'key', in: 'auth', source: 'account' },
    ]);
  });

  it('leaves what it was made of as it was', () => {
    const args = { body: { name: 'the-key-secret', rows: [{}] } };
    const before = structuredClone(args);
    preview('things.create', args, { change: { sensitive: ['rows[].x', 'name'] } });
    expect(args).toEqual(before);
  });
});

describe('its curl line', () => {
  const awkward = [
    "it's",
    "''",
    "'; touch /tmp/owned; '",
    `$(id) \`id\` $TOKEN \${HOME}`,
    '"double" \\ \\\\ \\n',
    'line\nbreak\r\n\ttab',
    '@/etc/passwd',
    '-o /tmp/x',
    '!history * ? [a] {b,c} ~ # & | ; < >',
    '日本\u{1F511}',
    '%s %d',
  ];

  it.each(awkward)('hands curl the body %j and nothing else happens', (name) => {
    const { curl } = preview('things.create', { body: { name } });
    expect(argumentsOfCurl(curl)).toEqual([
      '-X',
      'POST',
      'https://api.acme.example/t1/things',
      '-H',
      'accept: application/json',
      '-H',
      'content-type: application/json',
      '-H',
      'authorization: Bearer the-token',
      '--data',
      JSON.stringify({ name }),
    ]);
  });

  it.each(awkward)('hands curl the query %j', (next) => {
    const [, , url] = argumentsOfCurl(preview('things.list', { next }).curl);
    expect(new URL(url ?? '').searchParams.get('next')).toBe(next);
  });

  it('leaves the credential to the variable, wherever it stands', () => {
    const curlOf = (auth: AuthMethod) => argumentsOfCurl(preview('users.me', {}, { auth }).curl, `t'o"k e$n`);
    expect(curlOf(auths.bearer)).toContain(`authorization: Bearer t'o"k e$n`);
    expect(curlOf(auths.basic)).toContain(`authorization: Basic t'o"k e$n`);
    expect(curlOf(auths.header)).toContain(`x-key: t'o"k e$n`);
    expect(curlOf(auths.query)[2]).toBe(`https://api.acme.example/t1/me?api%20key=t'o"k e$n`);
  });

  it('puts the variable nowhere else, though an argument reads like a masked credential', () => {
    const header = {
      name: 'X-H',
      id: 1,
      in: 'header',
      required: false,
      description: '',
      schema: true,
      arrays: 'comma',
    } as const;
    const change = { parameters: { 'X-H': header, q: { ...header, name: 'q', in: 'query' as const } } };
    for (const auth of Object.values(auths)) {
      const line = preview(
        'users.me',
        { 'X-H': '[redacted]', q: '[redacted] "$TOKEN"' },
        { change, auth },
      ).curl;
      const found = argumentsOfCurl(line)
        .join('\n')
        .match(/the-token/g);
      expect(found).toHaveLength(1);
    }
  });

  it('sends a form as a form', () => {
    const { body } = methodOf(connector, 'things.create');
    const change: Partial<Method> = {
      ...(body && { body: { ...body, encoding: 'form' } }),
      sensitive: ['pin'],
    };
    const args = { body: { name: "it's @x", pin: '1234' } };
    expect(argumentsOfCurl(preview('things.create', args, { change }).curl)).toEqual(
      expect.arrayContaining([
        'content-type: application/x-www-form-urlencoded',
        'name=it%27s+%40x&pin=%5Bredacted%5D',
      ]),
    );
  });
});

describe('masking paths', () => {
  it.each<[string[], unknown, unknown]>([
    [['a'], { a: { b: 1 } }, { a: '[redacted]' }],
    [['a'], { a: 0 }, { a: '[redacted]' }],
    [['a'], { a: null }, { a: null }],
    [['a'], {}, {}],
    [['a.b'], { a: 'text' }, { a: 'text' }],
    [['a.b.c'], { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: '[redacted]', d: 2 } } }],
    [['[].a'], [{ a: 1 }, 2], [{ a: '[redacted]' }, 2]],
    [['a[]'], { a: [1, 2] }, { a: ['[redacted]', '[redacted]'] }],
    [['a[].b[].c'], { a: [{ b: [{ c: 1 }] }] }, { a: [{ b: [{ c: '[redacted]' }] }] }],
    [['a.1.b'], { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: '[redacted]' }] }],
    [['a[]'], { a: { b: 1 } }, { a: { b: 1 } }],
    [['toString'], {}, {}],
    [[], { a: 1 }, { a: 1 }],
    [['a'], 'text', 'text'],
  ])('%j in %j', (paths, given, expected) => {
    const before = structuredClone(given);
    expect(maskPaths(given, paths)).toEqual(expected);
    expect(given).toEqual(before);
  });
});
