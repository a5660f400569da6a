import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import { resolveHosts } from '../../src/installation/hosts.ts';
import { acme } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const resolve = (values: Readonly<Record<string, string>>, from = connector) =>
  resolveHosts(from, (key) => (Object.hasOwn(values, key) ? values[key] : undefined));
const problemsOf = (values: Readonly<Record<string, string>>, from = connector) => {
  const found = resolve(values, from);
  return 'problems' in found ? found.problems : [];
};

/** The connector with another pattern of hosts, whose settings have no rules of their own. */
const withOther = (api: string): Connector => ({
  ...connector,
  environments: {
    ...connector.environments,
    other: { label: 'Other', hosts: { api: parseTemplate(api).template } },
  },
});

describe('a host', () => {
  it.each([
    'evil.example/',
    'evil.example#',
    'evil.example?',
    'evil.example\\',
    'user:pass@evil.example',
    '@evil.example',
    'evil.example%2f',
    'a/../b',
    '..',
    '.',
    '-',
    'a b',
    'evil.example:80:',
    'ünicode',
    'x\r\nHost: evil.example',
  ])('is never made of %j: it would end the host name of the definition', (region) => {
    expect(problemsOf({ region }, withOther('https://api.{{region}}.acme.example'))).toEqual([
      { path: 'region', message: 'Region cannot be part of a host name' },
    ]);
  });

  it('is refused when what comes out is no URL', () => {
    const [problem] = problemsOf(
      { region: 'evil.example:80' },
      withOther('https://api.{{region}}.acme.example'),
    );
    expect(problem).toMatchObject({ path: 'region', message: expect.stringContaining('is no URL') });
  });

  it.each([
    ['https://api.{{region}}.acme.example', 'us-1', 'https://api.us-1.acme.example'],
    ['https://api.{{region}}.acme.example', 'a.b', 'https://api.a.b.acme.example'],
    ['https://{{region}}/base', 'acme.internal:8443', 'https://acme.internal:8443/base'],
    ['https://acme.example/{{region | lower}}', 'Team_1', 'https://acme.example/team_1'],
  ])('%s with %s is %s', (template, region, url) => {
    expect(resolve({ region }, withOther(template))).toEqual({ hosts: { api: url }, environment: region });
  });

  it('says which setting it lacks', () => {
    const from = withOther('https://{{tenant}}.acme.example');
    expect(problemsOf({ region: 'x' }, from)).toEqual([{ path: 'tenant', message: 'Tenant is missing' }]);
  });
});

describe('an environment', () => {
  it.each(['constructor', '__proto__', 'toString', 'us'])(
    'that nobody named is not found among what objects inherit: %s',
    (region) => {
      const { other: _, ...environments } = connector.environments;
      expect(problemsOf({ region }, { ...connector, environments })).toEqual([
        { path: 'region', message: `there is no environment "${region}"; there are eu` },
      ]);
    },
  );

  it('that is not chosen is a problem of the setting', () => {
    expect(problemsOf({})).toMatchObject([{ path: 'region' }]);
  });

  it('switches all hosts at once', () => {
    expect(resolve({ region: 'eu' })).toEqual({
      environment: 'eu',
      hosts: { api: 'https://api.acme.example', files: 'https://files.acme.example' },
    });
    expect(resolve({ region: 'us' })).toMatchObject({
      hosts: { api: 'https://api.us.acme.example', files: 'https://files.us.acme.example' },
    });
  });

  it('that is the only one needs no choice', () => {
    const { setting: _, other: __, ...environments } = connector.environments;
    expect(resolve({}, { ...connector, environments })).toMatchObject({ environment: 'eu' });
  });
});

describe('an override', () => {
  it.each([
    ['not a URL', 'proxy'],
    ['no scheme', 'proxy.example.com'],
    ['another scheme', 'ftp://proxy.example.com'],
    ['script', 'javascript:alert(1)'],
    ['plain http to another machine', 'http://proxy.example.com'],
    ['plain http to a name that looks local', 'http://127.evil.example'],
    ['plain http to another such name', 'http://localhost.evil.example'],
    ['plain http to the whole network', 'http://0.0.0.0'],
    ['credentials', 'https://me:secret@proxy.example.com'],
    ['a query', 'https://proxy.example.com/?x=1'],
    ['a fragment', 'https://proxy.example.com/#x'],
  ])('cannot be %s', (_, baseUrl) => {
    const problems = problemsOf({ region: 'eu', baseUrl });
    expect(problems).toMatchObject([
      { path: 'baseUrl', message: expect.stringContaining('Base URL must be') },
    ]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  it.each([
    ['https://proxy.example.com', 'https://proxy.example.com'],
    ['https://proxy.example.com/', 'https://proxy.example.com'],
    ['https://proxy.example.com/acme//', 'https://proxy.example.com/acme'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://127.0.0.1:4000/x/', 'http://127.0.0.1:4000/x'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('%s replaces its host, and no other', (baseUrl, api) => {
    expect(resolve({ region: 'eu', baseUrl })).toMatchObject({
      hosts: { api, files: 'https://files.acme.example' },
    });
  });

  it('makes up for a host name that cannot be filled', () => {
    const from = withOther('https://{{tenant}}.acme.example');
    expect(resolve({ region: 'x', baseUrl: 'https://p.example' }, from)).toMatchObject({
      hosts: { api: 'https://p.example' },
    });
  });
});
