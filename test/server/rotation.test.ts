import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

const oldSecret = 'the-key-secret';
const newSecret = 'the-next-secret';
let api: Api;
let id: string;
let path: string;
beforeEach(async () => {
  api = await createApi();
  id = await api.install();
  path = `/v1.0/account/connectors/${id}/rotation`;
});
afterEach(() => {
  for (const text of [...api.answers, ...api.log])
    for (const secret of [oldSecret, newSecret]) expect(text).not.toContain(secret);
});

const nothing = { Level: 'account', Staged: null, Fallback: null };
const rotate = (body: object) => api.ask('POST', path, { body });

describe('a rotation over the API is refused', () => {
  it.each([
    ['without credentials', {}, 'input.invalid'],
    [
      'in two forms at once',
      { Settings: { keySecret: newSecret }, Text: `ACME_SECRET=${newSecret}` },
      'input.invalid',
    ],
    ['for no setting at all', { Settings: {} }, 'input.invalid'],
    ['for an unknown key of the request', { Setting: { keySecret: newSecret } }, 'input.invalid'],
    ['for an unknown setting', { Settings: { keySecrett: newSecret } }, 'settings.unknown'],
    [
      'for a setting that is named twice',
      { Settings: { keySecret: 'a', 'Key Secret': 'b' } },
      'settings.unknown',
    ],
    ['for a setting that is no credential', { Settings: { tenant: 't2' } }, 'rotation.not-credentials'],
    ['for text without credentials', { Text: 'nothing to be found here' }, 'settings.paste-unreadable'],
    [
      'for text that names another tenant',
      { Text: `ACME_SECRET=${newSecret}\ntenant=t2` },
      'rotation.not-credentials',
    ],
    [
      'for half a minute of fallback',
      { Settings: { keySecret: newSecret }, FallbackMinutes: 0.5 },
      'input.invalid',
    ],
    ['for the secret in use', { Settings: { keySecret: oldSecret } }, 'rotation.same-credentials'],
  ])('%s, and nothing changes', async (_, body, code) => {
    expectRefusal(await rotate(body), 400, code);
    expect((await api.ask('GET', path)).body).toEqual(nothing);
  });

  it('when the vendor refuses the new credentials: 424, and the installation stays active', async () => {
    expectRefusal(await rotate({ Settings: { keySecret: newSecret } }), 424, 'vendor.bad-credentials');
    expect((await api.ask('GET', `/v1.0/account/connectors/${id}`)).body.State).toBe('active');
    expect((await api.ask('GET', path)).body).toEqual(nothing);
  });

  it('without the right, in another account, and for the console with a token of one account', async () => {
    const reader = await api.signIn(['ReadOnly']);
    const body = { Settings: { keySecret: newSecret } };
    expectRefusal(await api.ask('POST', path, { token: reader, body }), 403, 'access.forbidden');
    expect((await api.ask('GET', path, { token: reader })).status).toBe(200);
    const { id: other } = await api.runtime.accounts.create({ name: 'Other' });
    expectRefusal(await api.ask('POST', path, { account: other, body }), 404, 'installation.unknown');
    const pinned = await api.signIn(['Administrator'], `account:${api.account}`);
    const console = '/v1.0/connectors/acme/rotation';
    for (const verb of ['GET', 'POST', 'DELETE'] as const)
      expectRefusal(await api.ask(verb, console, { token: pinned, body }), 403, 'access.forbidden');
  });

  it('when nothing is staged', async () => {
    expectRefusal(await api.ask('POST', `${path}/swap`), 404, 'rotation.nothing-staged');
    expectRefusal(await api.ask('POST', `${path}/test`), 404, 'rotation.nothing-staged');
  });
});

describe('a rotation over the API', () => {
  it.each([
    ['by name', { Settings: { 'Key Secret': newSecret } }],
    ['as AuthValue', { AuthValue: Buffer.from(`key:${newSecret}`).toString('base64') }],
    ['as pasted text', { Text: `export ACME_KEY=key\nexport ACME_SECRET=${newSecret}\nexport TENANT_ID=t1` }],
  ])('takes the new credentials %s', async (_, body) => {
    api.vendor.secret = newSecret;
    const answer = (await rotate({ ...body, FallbackMinutes: 30 })).body;
    expect(answer).toMatchObject({
      Level: 'account',
      Staged: null,
      Fallback: { PurgeDate: '2026-01-01T00:30:00.000Z', UsedDate: null, UsedFor: null },
      Test: { Ok: true, Tested: 1, Failed: 0, Installations: [{ Id: id, Ok: true, ChangedIdentity: [] }] },
    });
    expect(answer.Fallback.Settings).toContain('keySecret');
  });

  it('goes step by step, and forgets what is staged or kept when told to', async () => {
    const staged = await api.ask('PUT', path, { body: { Settings: { keySecret: newSecret } } });
    expect(staged.body).toMatchObject({ Staged: { Settings: ['keySecret'], Test: null } });
    const tested = await api.ask('POST', `${path}/test`, { body: {} });
    expect(tested.body.Test).toMatchObject({
      Ok: false,
      Failed: 1,
      Installations: [{ Code: 'vendor.bad-credentials' }],
    });
    expect((await api.ask('GET', path)).body.Staged.Test.Ok).toBe(false);
    api.vendor.secret = newSecret;
    expect((await api.ask('POST', `${path}/swap`)).body.Fallback).toMatchObject({ Settings: ['keySecret'] });
    expect((await api.ask('DELETE', `${path}/fallback`)).body).toEqual(nothing);
    await api.ask('PUT', path, { body: { Settings: { keySecret: 'another-one' } } });
    expect((await api.ask('DELETE', path)).body).toEqual(nothing);
  });

  it('leaves a trail with names and results, and without values', async () => {
    api.vendor.secret = newSecret;
    await rotate({ Settings: { keySecret: newSecret } });
    await api.ask('DELETE', `${path}/fallback`);
    const trail = (await api.ask('GET', `/v1.0/audit?target=${id}`)).body as {
      Action: string;
      Detail: object;
    }[];
    expect(trail.map(({ Action }) => Action).sort()).toEqual([
      'installation.purge-fallback',
      'installation.rotate',
    ]);
    expect(trail.find(({ Action }) => Action === 'installation.rotate')?.Detail).toMatchObject({
      connector: 'acme',
      ok: true,
      tested: 1,
    });
  });

  it("replaces the console's credentials, and counts installations that the caller may not read", async () => {
    const console = '/v1.0/connectors/acme/rotation';
    const body = { Settings: { keySecret: newSecret } };
    await api.runtime.setupConsole('acme', { keyId: 'key', keySecret: oldSecret });
    expectRefusal(await api.ask('POST', console, { body }), 409, 'rotation.untestable');
    const { row } = await api.runtime.install(api.account, 'acme', { values: { tenant: 't1' } });
    api.vendor.secret = newSecret;
    const policy = await api.access.policies.create('local', {
      name: 'Setup',
      statements: [{ effect: 'allow', actions: ['connectors:setup'], resources: ['*'] }],
    });
    const token = await api.signIn([policy.id]);
    const staged = await api.ask('PUT', console, { token, body });
    expect(staged.body).toMatchObject({ Level: 'console', Staged: { Settings: ['keySecret'] } });
    const tested = await api.ask('POST', `${console}/test`, { token, body: { Installations: [row.id] } });
    expect(tested.body.Test).toMatchObject({ Ok: true, Tested: 1, Installations: [] });
    const swapped = await api.ask('POST', `${console}/swap`, { body: { FallbackMinutes: 0 } });
    expect(swapped.body).toMatchObject({
      Staged: null,
      Fallback: null,
      Test: { Installations: [{ Id: row.id }] },
    });
  });
});
