import { beforeEach, describe, expect, it } from 'vitest';
import { goodValues } from '../helpers/runtime.ts';
import { type Api, createApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await createApi();
});

const own = { 'X-Fishplate-Console': '1', 'Sec-Fetch-Site': 'same-origin' };

describe('what forms are told of a setting', () => {
  it('is which field a failed test speaks of, and what the vendor calls it', async () => {
    const { body } = await api.ask('GET', '/v1.0/connectors/acme');
    const parameters = body[0].Parameters as readonly Readonly<Record<string, unknown>>[];
    const of = (name: string) => parameters.find(({ TargetName }) => TargetName === name);
    expect(of('keyId')?.Role).toBe('credentials');
    expect(of('keySecret')?.Role).toBe('credentials');
    expect(parameters.filter(({ Role }) => Role === 'environment')).toHaveLength(1);
    expect(of('baseUrl')?.Role).toBeNull();
    for (const { Aliases } of parameters) expect(Array.isArray(Aliases)).toBe(true);
  });

  it('is to a customer what the account gave already, but no secret', async () => {
    const { body: installed } = await api.ask('POST', '/v1.0/connectors/acme/install', {
      body: {
        Name: 'Acme',
        Properties: Object.entries({ ...goodValues, keySecret: 'wrong' }).map(([Name, Value]) => ({
          Name,
          Value,
        })),
      },
    });
    const links = `/v1.0/account/connectors/${installed.Id}/setup-links`;
    const { body: link } = await api.ask('POST', links, { body: {} });
    const { body, text } = await api.ask('POST', '/v1.0/setup-links/open', {
      ...{ token: '', account: '', headers: own, body: { Token: link.Token } },
    });
    const settings = body.Settings as readonly Readonly<Record<string, unknown>>[];
    const of = (name: string) => settings.find(({ TargetName }) => TargetName === name);
    expect(of('keyId')).toMatchObject({ IsSet: true, Source: 'account', Value: goodValues.keyId });
    expect(of('keySecret')).toMatchObject({ IsSet: true, Source: 'account', Value: null });
    expect(text).not.toContain('"wrong"');
  });
});
