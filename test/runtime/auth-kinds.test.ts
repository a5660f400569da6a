import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type PlayedBed, playFixture } from './played-bed.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pairs = { 'signing-client': rsa, 'ec-client': ec } as const;

const signing = Object.keys(pairs) as (keyof typeof pairs)[];
const sessions = ['session-body', 'session-cookie', 'session-query'] as const;
const exchanging = ['basic-client', 'form-client', 'json-client', ...signing, ...sessions] as const;
const fixed = ['key-pair', 'key-header', 'key-query', 'key-cookie', 'bearer', 'basic'] as const;

/** Values for this auth method and no other. */
function valuesFor({ sandbox, makeKey }: PlayedBed, authId: string): Record<string, string> {
  const { keyId, secret } = makeKey();
  const base = { environment: 'sandbox' };
  if (authId === 'signing-client' || authId === 'ec-client') {
    const { publicKey, privateKey } = pairs[authId];
    sandbox.access.setPublicKey(keyId, String(publicKey.export({ type: 'spki', format: 'pem' })));
    return { ...base, keyId, privateKey: String(privateKey.export(pem)) };
  }
  const isAlone = ['key-header', 'key-query', 'key-cookie', 'bearer'].includes(authId);
  return { ...base, ...(!isAlone && { keyId }), secret };
}

async function install(bed: PlayedBed, authId: string, change: Record<string, string> = {}) {
  const values = { ...valuesFor(bed, authId), ...change };
  const view = await bed.runtime.install(bed.account, 'kinds', { authId, values });
  return { ...view.row, missing: view.missing.map(({ key }) => key), values };
}

/** A key of the right form that the vendor has never heard of. */
const strange = (authId: string): Record<string, string> =>
  authId === 'signing-client'
    ? { privateKey: String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem)) }
    : authId === 'ec-client'
      ? { privateKey: String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem)) }
      : { secret: 'not-the-secret' };

describe('an auth method', () => {
  it.each([
    ['basic-client', { authorization: /^Basic / }, /^grant_type=client_credentials&scope=default$/],
    ['form-client', {}, /client_id=\w+&client_secret=/],
    ['json-client', {}, /^\{.*"client_id":"\w+","client_secret":/],
    ['signing-client', {}, /client_assertion_type=urn%3A[^&]*&client_assertion=eyJ/],
  ])(
    'puts its credentials where the definition says, and nowhere else: %s',
    async (authId, headers, body) => {
      const bed = await playFixture('auth-kinds');
      const { values } = await install(bed, authId);
      const request = bed.sent.find(({ url }) => url.includes('/oauth/'));
      expect(String(request?.body)).toMatch(body);
      expect(Object.keys(request?.headers ?? {}).includes('authorization')).toBe('authorization' in headers);
      if (authId === 'basic-client') expect(String(request?.body)).not.toContain(values.secret);
      expect(request?.url).not.toContain(values.secret ?? values.privateKey);
    },
  );

  it.each([
    ['key-pair', (secret: string) => ['authorization', expect.stringMatching(/^Apikey [\w+/=]+$/), secret]],
    ['key-header', (secret: string) => ['x-api-key', secret, '']],
    ['key-cookie', (secret: string) => ['cookie', `KEY=${secret}`, '']],
    ['bearer', (secret: string) => ['authorization', `Bearer ${secret}`, '']],
  ])('is sent with every call, in its header: %s', async (authId, expected) => {
    const bed = await playFixture('auth-kinds');
    const { values } = await install(bed, authId);
    const [name = '', value] = expected(values.secret ?? '');
    const headers = Object.entries(bed.sent.at(-1)?.headers ?? {});
    expect(headers.find(([each]) => each.toLowerCase() === name)?.[1]).toEqual(value);
    expect(bed.sent.at(-1)?.url).not.toContain(values.secret);
  });

  it.each([...exchanging, ...fixed])('refuses wrong credentials: %s', async (authId) => {
    const bed = await playFixture('auth-kinds');
    const wrong = strange(authId);
    const { id, state, stateReason } = await install(bed, authId, wrong);
    expect(state).toBe('failing');
    expect(stateReason?.code).toBe('vendor.bad-credentials');
    const error = await bed.runtime.call(bed.account, id, 'me.get').catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, stateReason])).not.toContain(Object.values(wrong)[0]);
  });

  it.each([
    ['no PEM at all', { privateKey: 'no-key-at-all' }, 'no private key in PEM form'],
    ['a key of another kind', { privateKey: String(ec.privateKey.export(pem)) }, 'must be an RSA key'],
  ])('that signs says what is wrong with %s, and never quotes it', async (_, change, expected) => {
    const bed = await playFixture('auth-kinds');
    const { state, stateReason } = await install(bed, 'signing-client', change);
    expect(state).toBe('failing');
    expect(stateReason).toMatchObject({
      code: 'settings.invalid',
      message: expect.stringContaining(expected),
    });
    expect(JSON.stringify(stateReason)).not.toContain(change.privateKey.slice(30, 60) || change.privateKey);
    expect(bed.asked('token')).toBe(0);
  });

  it.each([
    ['bearer', ['secret']],
    ['basic', ['keyId', 'secret']],
    ['signing-client', ['keyId', 'privateKey']],
  ])('asks for what it needs itself and for nothing else: %s', async (authId, expected) => {
    const { runtime, account } = await playFixture('auth-kinds');
    const { row, missing, settings } = await runtime.install(account, 'kinds', {
      authId,
      values: { environment: 'sandbox' },
    });
    expect(missing.map(({ key }) => key)).toEqual(expected);
    const own = settings.flatMap(({ setting }) => (setting.auth ? [setting.key] : []));
    expect(own.filter((key) => key !== 'certificate')).toEqual(expected);
    expect(row.state).toBe('setup-required');
  });

  it.each([...exchanging, ...fixed])(
    'works from end to end, and no preview tells its secret: %s',
    async (authId) => {
      const bed = await playFixture('auth-kinds');
      const { runtime, account, sent } = bed;
      const { id, state, identity, missing, values } = await install(bed, authId);
      expect({ state, identity, missing }).toEqual({
        state: 'active',
        identity: { login: 'robot' },
        missing: [],
      });
      const { body } = await runtime.call(account, id, 'me.get');
      expect(body).toEqual({ login: 'robot' });

      const preview = await runtime.preview(account, id, 'me.get');
      expect(preview.curl).toContain(`"$TOKEN"`);
      const shown = JSON.stringify(preview);
      const secret = values.secret ?? values.privateKey ?? '';
      const token = sent.at(-1)?.headers.authorization?.split(' ')[1] ?? secret;
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(token);
      // Of the same form as what was sent.
      const { headers = {}, url = '' } = sent.at(-1) ?? {};
      expect(Object.keys(preview.headers).sort()).toEqual(Object.keys(headers).sort());
      expect(preview.url.split('=')[0]).toBe(url.split('=')[0]);
      expect(JSON.stringify(await runtime.calls({ limit: 10 }))).not.toContain(secret);
    },
  );

  it.each(exchanging)('gets one token for all callers, keeps it, and renews it once: %s', async (authId) => {
    const bed = await playFixture('auth-kinds');
    const { runtime, account, sandbox, world, asked } = bed;
    const { id } = await install(bed, authId);
    const before = asked('token');
    await Promise.all([1, 2, 3, 4].map(() => runtime.call(account, id, 'me.get')));
    expect(asked('token')).toBe(before);
    sandbox.restore({ ...sandbox.snapshot(), tokens: [] });
    const results = await Promise.all([1, 2, 3, 4].map(() => runtime.call(account, id, 'me.get')));
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(asked('token')).toBe(before + 1);
    world.advance(3_600_000);
    await runtime.call(account, id, 'me.get');
    expect(asked('token')).toBe(before + 2);
  });

  it.each([
    ['session-body', 'x-session', /^Session ey/],
    ['session-cookie', 'cookie', /^SID=ey/],
    ['key-cookie', 'cookie', /^KEY=/],
    ['key-pair', 'authorization', /^Apikey [A-Za-z0-9+/]+=*$/],
  ])('puts its credential where the definition says: %s', async (authId, name, expected) => {
    const bed = await playFixture('auth-kinds');
    await install(bed, authId);
    expect(bed.sent.at(-1)?.headers[name]).toMatch(expected);
  });

  it('that signs makes an assertion of its own for each request', async () => {
    const bed = await playFixture('auth-kinds');
    const { id } = await install(bed, 'signing-client');
    await bed.runtime.test(bed.account, id);
    const assertions = bed.sent.flatMap(
      ({ body }) => new URLSearchParams(String(body ?? '')).get('client_assertion') ?? [],
    );
    expect(new Set(assertions).size).toBe(2);
    const [header = '', claims = ''] = (assertions[0] ?? '').split('.');
    const read = (text: string) =>
      JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, number>;
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'first' });
    const { iat = 0, exp, ...rest } = read(claims);
    expect(exp).toBe(iat + 60);
    expect(Object.keys(rest).sort()).toEqual(['aud', 'iss', 'jti', 'sub']);
  });

  it('with a login call that answers no token says where it should be', async () => {
    const bed = await playFixture('auth-kinds');
    bed.sandbox.faults.add({ method: 'token', status: 200, body: { data: {} } });
    const { stateReason } = await install(bed, 'session-body');
    expect(stateReason).toMatchObject({
      code: 'token.unreadable',
      message: expect.stringContaining('data.session'),
    });
  });
});

describe('a secret', () => {
  const regenerate = ({ sandbox }: PlayedBed, keyId: string) =>
    sandbox.access.regenerateKey(keyId).apiSecret.reveal();

  it('that the account gives without the key id that the console gives is half a credential', async () => {
    const bed = await playFixture('auth-kinds');
    const { runtime, account } = bed;
    await runtime.setupConsole('kinds', bed.makeKey());
    const { secret } = bed.makeKey();
    const { missing, row } = await runtime.install(account, 'kinds', {
      values: { environment: 'sandbox', secret },
    });
    expect(missing.map(({ key }) => key)).toEqual(['keyId']);
    expect(row.state).toBe('setup-required');
  });

  it('can be replaced alone, by hand and by a rotation: the key id of its level stays', async () => {
    const bed = await playFixture('auth-kinds');
    const { runtime, account } = bed;
    const { id, values } = await install(bed, 'basic-client');
    const { keyId = '' } = values;
    const configured = await runtime.configure(account, id, { values: { secret: regenerate(bed, keyId) } });
    expect(configured.row.state).toBe('active');
    const target = { accountId: account, installationId: id };
    const { trial } = await runtime.rotation.rotate(target, { secret: regenerate(bed, keyId) });
    expect(trial?.ok).toBe(true);
    expect((await runtime.call(account, id, 'me.get')).status).toBe(200);
    const { settings } = await runtime.installation(account, id);
    expect(settings.find(({ setting }) => setting.key === 'keyId')?.value).toBe(keyId);
  });

  it('of the console can be replaced alone as well', async () => {
    const bed = await playFixture('auth-kinds');
    const { runtime, account } = bed;
    const { keyId, secret } = bed.makeKey();
    await runtime.setupConsole('kinds', { keyId, secret });
    const { row } = await runtime.install(account, 'kinds', { values: { environment: 'sandbox' } });
    expect(row.state).toBe('active');
    await runtime.setupConsole('kinds', { secret: regenerate(bed, keyId) });
    expect((await runtime.installation(account, row.id)).row.state).toBe('active');
  });
});
