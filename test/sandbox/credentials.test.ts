import { describe, expect, it } from 'vitest';
import type { AuthMethod, Setting } from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import { nameCredentials } from '../../src/sandbox/key-values.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { basicHeader, call, openSandbox } from './open-sandbox.ts';
import { clientCredentials, method, smallConnector, smallScript as whole } from './small-connector.ts';

const smallScript: SandboxScript = {
  organisationSetting: 'org',
  organisations: whole.organisations,
  policies: whole.policies,
};
const template = (text: string) => parseTemplate(text).template;
const common = { id: 'auth', label: 'Key', description: 'Key' };
const basic = (username: string, password: string): AuthMethod => ({
  ...common,
  kind: 'basic',
  username: template(username),
  password: template(password),
});
const apiKey = (
  value: string,
  more: { prefix?: string; encode?: 'base64'; name?: string } = {},
): AuthMethod => ({
  ...common,
  kind: 'api-key',
  in: 'header',
  name: 'Authorization',
  ...more,
  value: template(value),
});

function settingsOf(changes: Readonly<Record<string, Partial<Setting>>>): Record<string, Setting> {
  const { settings } = smallConnector();
  const [base] = Object.values(settings);
  if (!base) throw new Error('no setting');
  const all = { org: {}, keyId: {}, secret: { secret: true }, email: {}, ...changes };
  return Object.fromEntries(Object.entries(all).map(([key, more]) => [key, { ...base, key, ...more }]));
}

interface Play {
  readonly settings?: Readonly<Record<string, Partial<Setting>>>;
  readonly script?: SandboxScript;
}

async function open(auth: AuthMethod, { settings = {}, script = smallScript }: Play = {}) {
  const connector = smallConnector({
    auth: [auth],
    settings: settingsOf(settings),
    methodList: [method('me.get', 'GET /me', { response: { type: 'object' } })],
  });
  const { sandbox, urls } = await openSandbox(connector, script);
  const makeKey = () => {
    const { key } = sandbox.access.createServiceUser({ name: 'x', policies: ['All'], generateKey: true });
    if (!key) throw new Error('no key');
    const { accessKeyId, organisationId } = key;
    const secret = key.apiSecret.reveal();
    const values = nameCredentials(connector, script, auth, { accessKeyId, secret, organisationId });
    return { id: accessKeyId, secret, values };
  };
  const ask = async (headers: Record<string, string>) => (await call(`${urls.api}/me`, { headers })).status;
  return { ask, makeKey, urls };
}

describe('the sandbox refuses', () => {
  it('a secret that nobody has, the secret of another key, and constants that differ', async () => {
    const { ask, makeKey } = await open(basic('{{keyId}}/token', '{{secret}}'));
    const [one, other] = [makeKey(), makeKey()];
    const told = (user: string, password: string) => ask({ authorization: basicHeader(user, password) });
    expect(await told(`${one.id}/token`, one.secret)).toBe(200);
    expect(await told(`${one.id}/token`, 'wrong')).toBe(401);
    expect(await told(`${one.id}/token`, other.secret)).toBe(401);
    expect(await told('nobody/token', one.secret)).toBe(401);
    expect(await told(one.id, one.secret)).toBe(401);
    expect(await told(`${one.id}/tokens`, one.secret)).toBe(401);
  });

  it('two values of one setting, and what the script says otherwise', async () => {
    const twice = await open(basic('{{secret}}', '{{secret}}'));
    const { secret } = twice.makeKey();
    expect(await twice.ask({ authorization: basicHeader(secret, secret) })).toBe(200);
    expect(await twice.ask({ authorization: basicHeader(secret, 'x') })).toBe(401);
    const script = { ...smallScript, accessKeys: { settings: { email: 'ada@example.com' } } };
    const said = await open(basic('{{email}}', '{{secret}}'), { script });
    const key = said.makeKey();
    expect(key.values).toEqual({ email: 'ada@example.com', secret: key.secret });
    expect(await said.ask({ authorization: basicHeader('ada@example.com', key.secret) })).toBe(200);
    expect(await said.ask({ authorization: basicHeader('bob@example.com', key.secret) })).toBe(401);
  });

  it('the organisation of somebody else as such', async () => {
    const { ask, makeKey } = await open(basic('{{org}}', '{{secret}}'));
    const { secret, values } = makeKey();
    expect(values).toEqual({ secret });
    expect(await ask({ authorization: basicHeader('one', secret) })).toBe(200);
    expect(await ask({ authorization: basicHeader('two', secret) })).toBe(403);
  });
});

describe('the sandbox takes what the templates make of a key', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  it.each<[string, AuthMethod, (secret: string, id: string) => Record<string, string>]>([
    [
      'the secret as user, without a password',
      basic('{{secret}}', ''),
      (secret) => ({ authorization: basicHeader(secret, '') }),
    ],
    [
      'the secret as user, with a constant password',
      basic('{{secret}}', 'x'),
      (secret) => ({ authorization: basicHeader(secret, 'x') }),
    ],
    [
      'a constant user',
      basic('api', '{{secret}}'),
      (secret) => ({ authorization: basicHeader('api', secret) }),
    ],
    [
      'any address beside the secret',
      basic('{{email}}/token', '{{secret}}'),
      (secret) => ({ authorization: basicHeader('me@here.example/token', secret) }),
    ],
    [
      'an encoded value with a prefix',
      apiKey('{{email}}/token:{{secret}}', { prefix: 'Basic ', encode: 'base64' }),
      (secret) => ({ authorization: `Basic ${encoded(`a@b.example/token:${secret}`)}` }),
    ],
    [
      'a value with words around it',
      apiKey('Token token={{secret}}, id={{keyId}}'),
      (secret, id) => ({ authorization: `Token token=${secret}, id=${id}` }),
    ],
    [
      'a bearer token made of both',
      { ...common, kind: 'bearer', token: template('{{keyId}}|{{secret}}') },
      (secret, id) => ({ authorization: `Bearer ${id}|${secret}` }),
    ],
  ])('%s', async (_, auth, headersOf) => {
    const { ask, makeKey } = await open(auth);
    const { id, secret } = makeKey();
    expect(await ask(headersOf(secret, id))).toBe(200);
    expect(await ask(headersOf(`${secret}x`, id))).toBe(401);
  });

  it('as a client of the token endpoint whose id is more than the key’s', async () => {
    const auth = { ...clientCredentials, clientId: template('tenant/{{keyId}}') };
    const { urls, makeKey } = await open(auth);
    const { id, secret } = makeKey();
    const token = (user: string) =>
      call(`${urls.api}/oauth/token`, {
        body: { grant_type: 'client_credentials' },
        headers: { authorization: basicHeader(user, secret) },
      });
    expect((await token(`tenant/${id}`)).status).toBe(200);
    expect((await token(id)).status).toBe(401);
  });
});

describe('secrets that the sandbox makes', () => {
  const bearer: AuthMethod = { ...common, kind: 'bearer', token: template('{{secret}}') };
  const make = async (pattern: string | undefined, accessKeys = {}) => {
    const script = { ...smallScript, accessKeys };
    const settings = { secret: { secret: true, ...(pattern !== undefined && { pattern }) } };
    const { makeKey } = await open(bearer, { settings, script });
    return [makeKey().secret, makeKey().secret];
  };

  it.each([
    '^sk_(test|live)_[A-Za-z0-9]{24,}$',
    '^[0-9a-f]{32}$',
    '^ghp_[A-Za-z0-9]{36}$|^github_pat_\\w{82}$',
    '^xox[bp]-\\d{10,13}-\\d{10,13}-[a-zA-Z0-9]{24}$',
    '^[A-Z0-9]+$',
    '^key-.+$',
    '^\\d{6,}$',
  ])('match %s, and differ', async (pattern) => {
    const secrets = await make(pattern);
    for (const secret of secrets) expect(secret).toMatch(new RegExp(pattern, 'u'));
    expect(new Set(secrets).size).toBe(2);
  });

  it('begin as the script says, and have its length', async () => {
    const [secret = ''] = await make(undefined, { secretPrefix: 'pat_', secretLength: 30 });
    expect(secret).toMatch(/^pat_.{26}$/);
    const [both = ''] = await make('^pat_[a-z]+$', { secretPrefix: 'pat_' });
    expect(both).toMatch(/^pat_[a-z]+$/);
  });

  it('are the usual ones where no text by chance can match', async () => {
    const [secret] = await make('^constant$');
    expect(secret).toHaveLength(40);
  });
});
