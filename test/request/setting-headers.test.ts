import { describe, expect, it } from 'vitest';
import type { RawSetting } from '../../src/definition/raw.ts';
import { buildPreview } from '../../src/preview.ts';
import { prepareRequest, provenanceOf } from '../../src/request/prepare.ts';
import { buildRawMethod } from '../../src/request/raw-method.ts';
import { buildWireRecord } from '../../src/wire-record.ts';
import { accountValues, compileAcme, methodOf, settle } from '../helpers/acme.ts';

const setting = (over: Partial<RawSetting>): RawSetting => ({
  label: 'A setting',
  description: 'For a header.',
  level: 'account',
  required: false,
  ...over,
});
const connector = await compileAcme(({ connector: raw, things }) => {
  raw.settings.apiVersion = setting({ label: 'API version' });
  raw.settings.partnerKey = setting({ label: 'Partner key', secret: true });
  raw.defaults.headers = { ...raw.defaults.headers, 'X-Version': '{{apiVersion}}' };
  const { list } = things.methods;
  if (list) list.headers = { 'X-Partner': 'key={{partnerKey}}; for={{tenant}}' };
});
const { 'things.list': list } = connector.methods;
const { auth } = connector;
if (!list || !auth[0]) throw new Error('the fixture has no things.list, or no auth method');
const world = { now: () => 0, uuid: () => 'u' };
const given = (account: Record<string, string>, args = {}, method = list) => {
  const settings = settle(connector, { ...accountValues, ...account });
  return { settings, prepared: prepareRequest(method, args, settings, world) };
};
const headersOf = (account: Record<string, string>, method = list) =>
  given(account, {}, method).prepared.wire.headers;

describe('a header made of settings', () => {
  it.each(['a\r\nX-Admin: 1', 'a\nb', 'a\0b', 'café', '\u2028', ' zz', 'zz\t'])(
    'is never sent with %j, whatever let it in, and the error names the setting and not its value',
    (value) => {
      const settings = settle(connector);
      const resolved = connector.settings.partnerKey;
      if (!resolved) throw new Error('the fixture has lost a setting');
      const values = {
        ...settings.values,
        apiVersion: { setting: resolved, value, source: 'account' as const },
      };
      const attempt = () => prepareRequest(list, {}, { ...settings, values }, world);
      expect(attempt).toThrow(
        expect.objectContaining({
          code: 'settings.invalid',
          problems: [{ path: 'apiVersion', message: expect.not.stringContaining(value) }],
        }),
      );
    },
  );

  it('is not sent without a setting that is required: what is missing is named', () => {
    const needed = { ...connector, settings: { ...connector.settings } };
    const { apiVersion } = connector.settings;
    if (apiVersion) needed.settings.apiVersion = { ...apiVersion, required: true };
    expect(() => settle(needed)).toThrow(expect.objectContaining({ code: 'installation.setup-required' }));
    const settings = { ...settle(connector), connector: needed };
    expect(() => prepareRequest(list, {}, settings, world)).toThrow(
      expect.objectContaining({
        code: 'installation.setup-required',
        problems: [expect.objectContaining({ path: 'apiVersion' })],
      }),
    );
  });

  it('is left out where an optional setting has no value', () => {
    expect(headersOf({})).toEqual({ accept: 'application/json' });
  });

  it('carries the values, of the connector and of the method', () => {
    expect(headersOf({ apiVersion: '2024-06-20', partnerKey: 'pk-12345' })).toEqual({
      accept: 'application/json',
      'x-version': '2024-06-20',
      'x-partner': 'key=pk-12345; for=t1',
    });
    expect(headersOf({ apiVersion: '7', partnerKey: 'pk-12345' }, methodOf(connector, 'things.get'))).toEqual(
      {
        accept: 'application/json',
        'x-version': '7',
      },
    );
  });

  it('is sent with requests that no method describes, too', () => {
    const raw = buildRawMethod(connector, { verb: 'GET', path: '/x' });
    expect(headersOf({ apiVersion: '7' }, raw)).toMatchObject({ 'x-version': '7' });
  });

  it('belongs to every way to authenticate, even one that does without the setting', () => {
    expect(connector.settings.apiVersion).not.toHaveProperty('auth');
  });

  it.each(['pk-12345', 'abc', 'x'])('shows the secret %j nowhere, however short', (partnerKey) => {
    const { settings, prepared } = given({ partnerKey });
    const preview = buildPreview(
      list,
      auth[0] as never,
      settings,
      prepared,
      provenanceOf(list, {}, settings),
    );
    expect(preview.headers['x-partner']).toBe('key=[redacted]; for=t1');
    expect(preview.curl).toContain('x-partner: key=[redacted]; for=t1');
    expect(preview.provenance).toContainEqual({ name: 'x-partner', in: 'header', source: 'account' });
    expect(preview.provenance.map(({ name }) => name)).not.toContain('x-version');
    const record = buildWireRecord({
      ...{ method: list, auth: auth[0] as never, prepared, settings: [settings], credentials: ['a-token'] },
    });
    expect(record.request.headers['x-partner']).toBe('key=[redacted]; for=t1');
  });
});
