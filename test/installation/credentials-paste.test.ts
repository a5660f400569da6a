import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { findSetting, parsePaste } from '../../src/installation/credentials-paste.ts';
import { acme } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const expected = { keyId: 'the-id', keySecret: 's3cr/et+==', tenant: 't1' };

describe('a pasted text without any setting', () => {
  it.each([
    ['nothing', ''],
    ['prose', 'Please find the key attached.'],
    ['other names', 'PATH=/bin\nHOME=/root'],
    ['empty JSON', '{}'],
    ['a JSON text', '"s3cret"'],
    ['broken JSON', '{"keySecret": "s3cr'],
    ['names without values', 'ACME_KEY=\nACME_SECRET=""\nTenant:'],
    ['a lone secret with base64 padding', 's3cretS3cretS3cret='],
    ['a lone secret with more of it', 's3cretS3cretS3cret=='],
    ['a lone secret with a colon', 's3cret:hunter2'],
    ['a URL', 'https://s3cret.example/x'],
    ['names that objects inherit', '{"constructor": "s3cret", "__proto__": {"toString": "x"}}'],
  ])('is refused: %s', (_, text) => {
    const refuse = () => parsePaste(connector, text);
    expect(refuse).toThrow(expect.objectContaining({ code: 'settings.paste-unreadable' }));
    expect(refuse).not.toThrow(/s3cr/);
  });

  it('is refused when it is too long for one, whatever it holds', () => {
    expect(() => parsePaste(connector, `ACME_KEY=x\n${'#'.repeat(20_000)}`)).toThrow(/has 20011 characters/);
  });

  it('is told the names that it does hold', () => {
    expect(() => parsePaste(connector, 'OTHER_KEY=a\nother.thing: b\nOther Secret: c')).toThrow(
      /it names only OTHER_KEY, Other Secret$/,
    );
  });
});

describe('a pasted text', () => {
  it.each<[string, string]>([
    ['.env lines', 'ACME_KEY=the-id\nACME_SECRET=s3cr/et+==\nTENANT_ID=t1'],
    ['.env lines of Windows', 'ACME_KEY=the-id\r\nACME_SECRET=s3cr/et+==\r\nTENANT=t1\r\n'],
    ['export lines', 'export ACME_KEY=the-id\n  export ACME_SECRET=s3cr/et+==\nexport tenant=t1'],
    ['a copied terminal', '$ export ACME_KEY=the-id\n$ export ACME_SECRET=s3cr/et+==\n$ export tenant=t1'],
    ['double quotes', 'ACME_KEY="the-id"\nACME_SECRET="s3cr/et+=="\nTENANT="t1";'],
    ['single quotes', "export ACME_KEY='the-id';\nexport ACME_SECRET='s3cr/et+==' # secret\nTENANT='t1'"],
    ['spaces around =', 'ACME_KEY = the-id\nACME_SECRET = "s3cr/et+=="\nTENANT =  t1  '],
    ['comments', '# keys\nACME_KEY=the-id # the id\nACME_SECRET=s3cr/et+==\n\nTENANT=t1 # x=y'],
    ['PowerShell', '$env:ACME_KEY = "the-id"\n$Env:ACME_SECRET="s3cr/et+=="\n$env:TENANT=\'t1\''],
    ['cmd', 'set ACME_KEY=the-id\nSET "ACME_SECRET=s3cr/et+=="\nset TENANT=t1'],
    ['setx', 'setx ACME_KEY "the-id"\nsetx ACME_SECRET "s3cr/et+=="\nsetx TENANT t1'],
    ['JSON', JSON.stringify({ keyId: 'the-id', keySecret: 's3cr/et+==', tenantId: 't1' })],
    [
      'JSON, nested',
      JSON.stringify({
        data: [{ key: { ACME_KEY: 'the-id' } }, { acme_secret: 's3cr/et+==' }],
        org: { tenant: 't1' },
      }),
    ],
    ['JavaScript', "{\n  keyId: 'the-id',\n  keySecret: 's3cr/et+==',\n  tenant: \"t1\",\n}"],
    ['YAML', 'keyId: the-id\nkeySecret: "s3cr/et+=="\ntenant: t1'],
    ['an INI file', '[acme]\nkey_id=the-id\nkey_secret=s3cr/et+==\ntenant=t1'],
    ['label and value', 'Key ID: the-id\nKey Secret: s3cr/et+==\nTenant:t1'],
    ['label over value', 'Key ID\nthe-id\n\nKey Secret:\ns3cr/et+==\nTenant\n\n"t1"'],
    ['names in any case, with any separator', 'KEY-ID: the-id\nkey_secret: s3cr/et+==\nTenantID: t1'],
  ])('is read as %s', (_, text) => {
    expect(parsePaste(connector, text)).toEqual({ values: expected, unknown: [] });
  });

  it.each<[string, string, string]>([
    ['a hash', 'ACME_SECRET=ab#cd', 'ab#cd'],
    ['an equals sign', 'ACME_SECRET=ab=cd==', 'ab=cd=='],
    ['a colon', 'Key Secret: ab:cd', 'ab:cd'],
    ['a quote', `ACME_SECRET=a'b"c`, `a'b"c`],
    ['an escaped quote', 'ACME_SECRET="a\\"b"', 'a"b'],
    ['a hash in quotes', 'ACME_SECRET="ab # cd" # comment', 'ab # cd'],
    ['a dollar sign', "ACME_SECRET='$HOME'", '$HOME'],
    ['letters of any script', 'ACME_SECRET=zażółć\u{1F511}', 'zażółć\u{1F511}'],
    [
      'several lines',
      'ACME_SECRET="-----BEGIN-----\nab=\ncd\n-----END-----"\nTENANT=t',
      '-----BEGIN-----\nab=\ncd\n-----END-----',
    ],
    ['several lines in one', 'ACME_SECRET="-----BEGIN-----\\nab\\n"', '-----BEGIN-----\nab'],
  ])('keeps a secret with %s whole', (_, text, secret) => {
    const { values, unknown } = parsePaste(connector, text);
    expect(values.keySecret).toBe(secret);
    expect(unknown).toEqual([]);
  });

  it('takes numbers and booleans of JSON for texts', () => {
    expect(parsePaste(connector, '{"tenant": 12, "region": true, "style": null}').values).toEqual({
      tenant: '12',
      region: 'true',
    });
  });

  it('takes the first of several values for one setting', () => {
    expect(parsePaste(connector, 'TENANT=one\ntenant_id=two').values).toEqual({ tenant: 'one' });
  });

  it('does not take the next label for the value of the one before', () => {
    expect(parsePaste(connector, 'Key Secret\nTenant\nt1')).toEqual({
      values: { tenant: 't1' },
      unknown: [],
    });
    expect(parsePaste(connector, 'Key Secret\nTENANT=t1')).toEqual({ values: { tenant: 't1' }, unknown: [] });
  });

  it('names what it did not know, once each and without values', () => {
    const text = 'ACME_KEY=k\nACME_URL=https://x.example\nACME_URL=s3cret\nExpires On: s3cret';
    const paste = parsePaste(connector, text);
    expect(paste.unknown).toEqual(['ACME_URL', 'Expires On']);
    expect(JSON.stringify(paste)).not.toContain('s3cret');
  });
});

describe('a pasted secret', () => {
  const secrets = [
    'c2VjcmV0LXNlY3JldA==',
    'c2VjcmV0c2VjcmV0cw=',
    'SECRETSECRET=',
    'sec:ret',
    'sec_ret:x=y',
    'sec=ret',
    'https://sec.ret',
    'sec"ret',
    "'secret",
    '#secret',
    'secret#1',
    'export',
    'tenant-secret',
  ];
  const forms: readonly [string, (secret: string) => string][] = [
    ['an assignment', (secret) => `TENANT=t1\nACME_SECRET=${secret}\nOTHER=1`],
    ['a label', (secret) => `Tenant: t1\nKey Secret: ${secret}\nOther: 1`],
    ['a label above it', (secret) => `Tenant\nt1\nKey Secret\n${secret}\nOther\n1`],
    ['JSON', (secret) => JSON.stringify({ tenant: 't1', keySecret: secret, other: { deep: 1 } })],
    ['a line of its own', (secret) => `Tenant: t1\n${secret}`],
    ['several lines of its own', (secret) => `Tenant: t1\n${secret}\n${secret}\n`],
  ];

  it.each(forms)('never ends up among the unknown names: %s', (form, write) => {
    for (const secret of secrets) {
      const { unknown, values } = parsePaste(connector, write(secret));
      // On a line of its own, what looks like NAME=value in every respect cannot be told from it.
      if (secret === 'sec=ret' && form.includes('of its own')) continue;
      expect(unknown.join(' ').toLowerCase(), secret).not.toMatch(/sec|c2v|export/);
      if (!form.includes('of its own')) expect(values.keySecret).toBe(secret);
      expect(values.tenant).toBe('t1');
    }
  });
});

describe('finding a setting', () => {
  it.each(['', '   ', '!!!', 'ключ', 'nothing'])('finds none for %j', (name) => {
    expect(findSetting(connector, name)).toBeUndefined();
  });

  it.each([
    ['keyId', 'keyId'],
    ['KEY_ID', 'keyId'],
    ['key id', 'keyId'],
    ['Acme Key', 'keyId'],
    ['tenant-id', 'tenant'],
    ['Array style', 'style'],
  ])('finds %s as %s', (name, key) => {
    expect(findSetting(connector, name)?.key).toBe(key);
  });

  it("puts a setting's own name before another one's alias", () => {
    const { keyId, tenant } = connector.settings;
    if (!keyId || !tenant) throw new Error('the fixture has changed');
    const both = { ...connector, settings: { keyId: { ...keyId, aliases: ['tenant'] }, tenant } };
    expect(findSetting(both, 'TENANT')?.key).toBe('tenant');
  });
});
