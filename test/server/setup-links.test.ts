import { beforeEach, describe, expect, it } from 'vitest';
import { goodValues } from '../helpers/runtime.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
let installation: string;
let links: string;
beforeEach(async () => {
  api = await createApi();
  const { body } = await api.ask('POST', '/v1.0/connectors/acme/install', { body: { Name: 'Acme' } });
  installation = body.Id;
  links = `/v1.0/account/connectors/${installation}/setup-links`;
});

const own = { 'X-Fishplate-Console': '1', 'Sec-Fetch-Site': 'same-origin' };
const customer = (step: 'open' | 'complete', body: unknown, headers: Record<string, string> = own) =>
  api.ask('POST', `/v1.0/setup-links/${step}`, { token: '', account: '', body, headers });
const newLink = async (body: unknown = {}): Promise<string> =>
  (await api.ask('POST', links, { body })).body.Token;
const properties = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

describe('a setup link is refused', () => {
  it('to a page that is not ours, and to what is no link', async () => {
    const Token = await newLink();
    expectRefusal(await customer('open', { Token }, {}), 403, 'access.foreign-page');
    expectRefusal(await customer('open', { Token: 'fp_link_x' }), 404, 'link.unknown');
    expectRefusal(await customer('open', {}), 400, 'input.invalid');
  });

  it('when its time is over, when it was taken back, and when what it was for is gone', async () => {
    const late = await newLink({ LifetimeMinutes: 1 });
    api.world.advance(60_000);
    expectRefusal(await customer('open', { Token: late }), 410, 'link.expired');

    const { body } = await api.ask('POST', links, { body: {} });
    expect((await api.ask('DELETE', `${links}/${body.Id}`)).status).toBe(200);
    expectRefusal(await customer('open', { Token: body.Token }), 404, 'link.unknown');
    expectRefusal(await api.ask('DELETE', `${links}/${body.Id}`), 404, 'link.unknown');

    const orphan = await newLink();
    await api.ask('DELETE', `/v1.0/account/connectors/${installation}`);
    expectRefusal(await customer('open', { Token: orphan }), 404, 'link.unknown');
  });

  it('to a lifetime out of bounds, and to who may only read', async () => {
    expectRefusal(await api.ask('POST', links, { body: { LifetimeMinutes: 0 } }), 400, 'input.invalid');
    expectRefusal(await api.ask('POST', links, { body: { LifetimeMinutes: 43_201 } }), 400, 'input.invalid');
    const token = await api.signIn(['ReadOnly']);
    expectRefusal(await api.ask('POST', links, { token, body: {} }), 403, 'access.forbidden');
  });
});

describe('a setup link', () => {
  it('says what is asked for as often as it is looked at, and nothing of the account', async () => {
    const Token = await newLink();
    for (let look = 0; look < 3; look++) {
      const { body, text } = await customer('open', { Token });
      expect(body).toMatchObject({ Name: 'Acme', State: 'setup-required', Connector: { Name: 'acme' } });
      expect(body.Settings.some(({ IsMissing }: { IsMissing: boolean }) => IsMissing)).toBe(true);
      expect(text).not.toContain(installation);
    }
  });

  it('stays good after a wrong key, which is told, and is used up by a right one', async () => {
    const Token = await newLink();
    const wrong = await customer('complete', {
      Token,
      Properties: properties({ ...goodValues, keySecret: 'wrong' }),
    });
    expect(wrong.body).toMatchObject({ State: 'failing', StateReason: { Code: 'vendor.bad-credentials' } });
    const right = await customer('complete', { Token, Properties: properties(goodValues) });
    expect(right.body).toMatchObject({ State: 'active', StateReason: null });
    expect(right.body.Identity).not.toBeNull();
    expectRefusal(await customer('open', { Token }), 410, 'link.used');
    expectRefusal(
      await customer('complete', { Token, Properties: properties(goodValues) }),
      410,
      'link.used',
    );
    for (const answer of api.answers) expect(answer).not.toContain(goodValues.keySecret);
    const actors = (await api.access.audit.list({ action: 'installation.complete' })).map(
      ({ actor }) => actor,
    );
    expect(actors).toHaveLength(2);
  });

  it('gives no setting that it did not ask for', async () => {
    const Token = await newLink();
    const answer = await customer('complete', {
      Token,
      Properties: [{ Name: 'baseUrl', Value: 'http://x' }],
    });
    expect(answer.status).toBe(400);
    expectRefusal(answer, 400, 'settings.wrong-level');
  });

  it('is listed without its token', async () => {
    const token = await newLink();
    const { body, text } = await api.ask('GET', links);
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({ UsedDate: null });
    expect(text).not.toContain(token);
  });
});
