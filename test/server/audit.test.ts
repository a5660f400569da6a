import { describe, expect, it } from 'vitest';
import type { PlayedSandbox } from '../../src/server/services.ts';
import { createApi } from './api.ts';

const played: PlayedSandbox = {
  ...{ name: 'acme', title: 'Acme' },
  ask: async (verb, path) => {
    if (verb === 'GET') return { status: 200, body: [{ id: 'u1' }] };
    return path.endsWith('access-keys')
      ? { status: 200, body: { accessKeyId: 'k1', apiSecret: 'sandbox-s3cr3t' } }
      : { status: 200, body: { id: 'u1' } };
  },
};
const own = { 'X-Fishplate-Console': '1' };

async function createAuditedApi() {
  const api = await createApi({ sandboxes: [played] });
  const user = await api.access.serviceUsers.create('local', { name: 'Owner', policies: ['Administrator'] });
  const { key, secret } = await api.access.accessKeys.create('local', user.id);
  const signIn = (body: object) =>
    api.ask('POST', '/v1.0/session', { token: '', account: '', headers: own, body });
  const trail = async (action: string) =>
    (await api.access.audit.list({ action })).map(({ actor, target, detail }) => ({ actor, target, detail }));
  return { ...api, user, key, secret, signIn, trail };
}

describe('the audit', () => {
  it('has every use of a link that is used up, expired or unknown, and no token of one', async () => {
    const { access, user, key, signIn, trail, world } = await createAuditedApi();
    const target = { accessKeyId: key.id };
    const input = { kind: 'sign-in', accountId: null, target, lifetimeMs: 600_000 } as const;
    const used = await access.links.create(`${user.id}/${key.id}`, input);
    const expired = await access.links.create(`${user.id}/${key.id}`, input);
    expect((await signIn({ Link: used.token })).status).toBe(200);
    await signIn({ Link: used.token });
    world.advance(600_000);
    await signIn({ Link: expired.token });
    await signIn({ Link: `${expired.token}0` });
    const refusals = await trail('sign-in-link.refuse');
    expect(refusals.map((row) => [row.target, row.detail.reason]).reverse()).toEqual([
      [used.link.id, 'link.used'],
      [expired.link.id, 'link.expired'],
      ['unknown', 'link.unknown'],
    ]);
    expect(JSON.stringify(await access.audit.list())).not.toContain(used.token);
  });

  it('has no more than sixty refused links a minute', async () => {
    const { signIn, trail } = await createAuditedApi();
    for (let n = 0; n < 70; n++) await signIn({ Link: `no-link-${n}` });
    expect((await trail('sign-in-link.refuse')).length).toBeLessThanOrEqual(60);
  });

  it('has who signed a browser in, and by what', async () => {
    const { access, user, key, secret, signIn, trail } = await createAuditedApi();
    await signIn({ ClientId: key.id, ClientSecret: secret.reveal() });
    const { token } = await access.links.create('local', {
      ...{ kind: 'sign-in', accountId: null, target: { accessKeyId: key.id }, lifetimeMs: 60_000 },
    });
    await signIn({ Link: token });
    expect(
      (await trail('session.start')).map((row) => [row.actor, row.target, row.detail.by]).reverse(),
    ).toEqual([
      [`${user.id}/${key.id}`, key.id, 'access-key'],
      [`${user.id}/${key.id}`, key.id, 'link'],
    ]);
  });

  it('has to whom a secret was shown: of an access key, and of a key of a played vendor', async () => {
    const { ask, user, trail, access } = await createAuditedApi();
    const path = `/v1.0/service-users/${user.id}/access-keys`;
    const made = await ask('POST', path, { body: { Name: 'Second' } });
    await ask('POST', `${path}/${made.body.Id}/regenerate`);
    expect((await trail('access-key.create'))[0]?.detail).toMatchObject({ secretShown: true });
    expect((await trail('access-key.regenerate'))[0]?.detail).toMatchObject({ secretShown: true });
    const screen = (Verb: string, Path: string) =>
      ask('POST', '/v1.0/sandboxes/acme', { body: { Verb, Path } });
    await screen('GET', 'service-users');
    await screen('POST', 'service-users');
    await screen('POST', 'service-users/u1/access-keys');
    const shown = (await trail('sandbox.ask')).map(({ target, detail }) => [
      target,
      detail.path,
      detail.secretShown,
    ]);
    expect(shown.reverse()).toEqual([
      ['sandbox/acme', 'service-users', false],
      ['sandbox/acme', 'service-users/u1/access-keys', true],
    ]);
    expect(JSON.stringify(await access.audit.list())).not.toContain('s3cr3t');
  });
});
