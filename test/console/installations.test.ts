import { describe, expect, it } from 'vitest';
import type { ConnectorRelease, ConsoleSetup, Parameter } from '../../src/console/api/answers.ts';
import { ApiError, isSignedOut } from '../../src/console/api/api-error.ts';
import type { Installation } from '../../src/console/api/installation-answers.ts';
import {
  describeStanding,
  settingRows,
  stateOfLink,
} from '../../src/console/pages/installation/describe-installation.ts';
import {
  describeStagedTest,
  describeStep,
  titleOfRefusal,
} from '../../src/console/pages/installation/describe-rotation.ts';
import { sentence } from '../../src/console/parts/format.ts';
import { describeIdentity, factsOf } from '../../src/console/parts/identity.ts';
import {
  accountParameters,
  freeName,
  givenByConsole,
  hasOwnCredentials,
  lackingInConsole,
} from '../../src/console/parts/installation-settings.ts';
import { readPaste } from '../../src/console/parts/paste-box/read-paste.ts';
import { errorOfReason, titleOfReason } from '../../src/console/parts/test-reason.ts';

const parameter = (TargetName: string, more: Partial<Parameter> = {}): Parameter => ({
  ...{ Id: 1, TargetName, DisplayName: `The ${TargetName}`, Description: 'What it is.', Level: 'either' },
  ...{ Group: null, IsSensitive: false, IsOptional: false, IsMultiline: false, DefaultValue: null },
  ...{ Role: null, Aliases: [], AuthenticationIds: null, IsCallOverridable: false },
  ...{ Choices: [], IsOpen: true, Pattern: null, PatternHint: null, Help: null },
  ...more,
});
const key = parameter('key', { Role: 'credentials', Aliases: ['ACME_KEY'] });
const secret = parameter('secret', { Role: 'credentials', IsSensitive: true });
const tenant = parameter('tenant', { Level: 'account', Role: 'organisation' });
const style = parameter('style', {
  ...{ Level: 'console', DefaultValue: 'comma', IsOptional: true },
  Choices: [{ Value: 'comma', Name: 'Commas' }],
});
const base = parameter('base', { Level: 'console' });
const other = parameter('other', { AuthenticationIds: ['second'] });

const connector = {
  ...{ Id: 1, Name: 'acme', Title: 'acme', Version: '1.0.0', Description: 'Parts.', Status: 'Approved' },
  ...{ Icon: null, Categories: [], Guide: null, AuthDescription: null, Uploads: [] },
  Parameters: [key, secret, tenant, style, base, other],
  Authentication: [
    { Id: 'first', AuthName: 'First', AuthDescription: '' },
    { Id: 'second', AuthName: 'Second', AuthDescription: '' },
  ],
} satisfies ConnectorRelease;

const setup = {
  ...{ Connector: connector, State: 'setup-required', Installations: [] },
  Settings: [key, secret, style, base].map(({ TargetName, DisplayName }) => ({
    ...{ Name: TargetName, Label: DisplayName, Level: 'either', Group: null, IsSensitive: false },
    ...{ IsOptional: false, IsSet: TargetName === 'key', Value: null, Source: null, UpdatedDate: null },
  })),
} satisfies ConsoleSetup;

const installation = (more: Partial<Installation> = {}): Installation => ({
  ...{ Id: 'i1', AccountId: 'a1', Name: 'Mine', Description: null, AuthenticationId: 'first' },
  ...{ State: 'active', StateReason: null, Identity: { name: 'Robot' }, TestedDate: null },
  ...{ CreatedDate: '2026-01-01T00:00:00Z', ModifiedDate: '2026-01-01T00:00:00Z', Connector: connector },
  Properties: [
    {
      ...{ Name: 'secret', Label: 'S', Value: null, Source: 'account', IsSensitive: true, IsSet: true },
    },
  ],
  Missing: [{ Name: 'tenant', Label: 'The tenant' }],
  ...more,
});

describe('what an account is asked for', () => {
  it('depends on the way to authenticate, and leaves out what is the console alone to give', () => {
    const names = (id: string | undefined) =>
      accountParameters(connector, id).map(({ TargetName }) => TargetName);
    expect(names(undefined)).toEqual(['key', 'secret', 'tenant']);
    expect(names('second')).toEqual(['key', 'secret', 'tenant', 'other']);
  });

  it('leaves out what the console gives, and says what only the console could give', () => {
    const all = accountParameters(connector, undefined);
    expect(givenByConsole(all, setup)).toEqual([key]);
    expect(givenByConsole(all, undefined)).toEqual([]);
    expect(lackingInConsole(connector, setup)).toEqual([base]);
  });

  it('gives a second installation another name', () => {
    expect(freeName('acme', [])).toBe('acme');
    expect(freeName('acme', ['acme', 'acme 2'])).toBe('acme 3');
  });
});

describe('pasted text', () => {
  it('fills the fields by any of their names, and says what was left out without a value', () => {
    const found = readPaste([key, secret], [tenant], 'ACME_KEY=k1\nTHE_SECRET=s1\nTENANT=t1\nUNHEARD=u1');
    expect(found?.values).toEqual({ key: 'k1', secret: 's1' });
    expect(found?.sentence).toBe(
      'Filled in The key and The secret. Left out The tenant: not asked for here. One more name in it belongs to no field.',
    );
  });

  it('is nothing when it names no field of the form, or is too long for any screen', () => {
    expect(readPaste([key], [tenant], 'TENANT=t1')).toBeUndefined();
    expect(readPaste([key], [], 'some words')).toBeUndefined();
    expect(readPaste([key], [], `ACME_KEY=${'k'.repeat(20_000)}`)).toBeUndefined();
  });
});

describe('a failed test', () => {
  const reason = (Code: string) => ({ Code, Message: 'acme answered 401', Hint: 'Look again.' });

  it('stands at the field that it speaks of', () => {
    const pathOf = (code: string) => errorOfReason(reason(code), [key, secret, tenant]).problems[0]?.path;
    expect(pathOf('vendor.bad-credentials')).toBe('secret');
    expect(pathOf('vendor.wrong-organisation')).toBe('tenant');
    expect(pathOf('vendor.wrong-environment')).toBeUndefined();
    expect(pathOf('vendor.forbidden')).toBeUndefined();
  });

  it('has a title for each cause', () => {
    const codes = ['vendor.bad-credentials', 'vendor.wrong-organisation', 'vendor.wrong-environment', 'x.y'];
    expect(new Set(codes.map(titleOfReason)).size).toBe(codes.length);
  });
});

describe('an installation in words', () => {
  it('says for each state what to do next', () => {
    expect(describeStanding(installation()).text).toBe('Calls are made as Robot.');
    expect(describeStanding(installation({ State: 'setup-required' })).text).toContain('The tenant');
    expect(describeStanding(installation({ State: 'setup-required', Missing: [] })).title).toBe(
      'Not proven yet',
    );
    expect(describeStanding(installation({ State: 'de-authenticated' })).text).toContain('the id stays');
    const StateReason = { Code: 'vendor.revoked', Message: 'acme1 answered 401', Hint: 'Make a new key.' };
    expect(describeStanding(installation({ State: 'failing', StateReason })).text).toBe(
      'acme1 answered 401. Make a new key.',
    );
  });

  it('shows where each value comes from, and those of the console only to who may see them', () => {
    const rows = settingRows(installation(), setup);
    const of = (name: string) => rows.find((row) => row.key === name);
    expect(of('secret')).toMatchObject({ isSet: true, value: null, source: 'account' });
    expect(of('tenant')).toMatchObject({ isSet: false, isMissing: true, source: null });
    expect(of('style')).toMatchObject({ value: 'Commas (comma)', source: 'default' });
    expect(of('other')).toBeUndefined();
    expect(settingRows(installation(), undefined).map((row) => row.key)).toEqual(['key', 'secret', 'tenant']);
    expect(hasOwnCredentials(installation())).toBe(true);
    expect(hasOwnCredentials(installation({ Properties: [] }))).toBe(false);
  });

  it('knows who it is as far as the connector says', () => {
    expect(describeIdentity(null)).toBeUndefined();
    expect(describeIdentity({ id: 'u1' })).toBe('u1');
    expect(describeIdentity({ name: 'Robot', organisation: 'Acme', organisationType: 'PRODUCTION' })).toBe(
      'Robot in Acme (PRODUCTION)',
    );
    expect(factsOf({ id: 'u1', name: 'Robot', organisationId: 'o1', empty: null })).toEqual([
      { name: 'Name', value: 'Robot' },
      { name: 'ID', value: 'u1' },
      { name: 'Organisation ID', value: 'o1' },
    ]);
  });
});

describe('setup links and rotations in words', () => {
  it('tells open, used and expired links apart', () => {
    const link = { Id: 'l', CreatedDate: '2026-01-01T00:00:00Z', ExpiresDate: '2026-01-02T00:00:00Z' };
    const at = (iso: string) => new Date(iso).getTime();
    expect(stateOfLink({ ...link, UsedDate: null }, at('2026-01-01T12:00:00Z'))).toBe('open');
    expect(stateOfLink({ ...link, UsedDate: null }, at('2026-01-02T00:00:00Z'))).toBe('expired');
    const UsedDate = '2026-01-01T01:00:00Z';
    expect(stateOfLink({ ...link, UsedDate }, at('2026-01-03T00:00:00Z'))).toBe('used');
  });

  it('says what a step brought about, and who staged credentials are', () => {
    const none = { Level: 'account', Staged: null, Fallback: null } as const;
    expect(describeStep('swap', none)).toBe('Rotated. The new credentials are in use.');
    expect(describeStagedTest(null)).toBe('Not tested yet.');
    const result = { Id: 'i1', Ok: true, Identity: { name: 'Next' }, ChangedIdentity: ['id'] };
    expect(describeStagedTest({ Date: '', Ok: true, Tested: 1, Failed: 0, Installations: [result] })).toBe(
      'They work: Next. This is another user than the one in use.',
    );
  });

  it('has a title for what the vendor refuses, and leaves other errors to their kind', () => {
    const error = (code: string) =>
      new ApiError({ code, category: 'x', message: 'm', hint: '', requestId: undefined, status: 424 });
    expect(titleOfRefusal(error('vendor.bad-credentials'))).toBe('The key is not accepted');
    expect(titleOfRefusal(error('rotation.other-organisation'))).toBe('These are of another organisation');
    expect(titleOfRefusal(error('installation.changed'))).toBeUndefined();
  });
});

describe('messages', () => {
  it('begin with a capital unless they begin with a name', () => {
    expect(sentence('the key is wrong')).toBe('The key is wrong.');
    expect(sentence('m3 answered 401')).toBe('m3 answered 401.');
  });

  it('that an account is not there do not end the session', () => {
    const error = (code: string) =>
      new ApiError({ code, category: 'x', message: 'm', hint: '', requestId: undefined, status: 401 });
    expect(isSignedOut(error('access.account-required'))).toBe(false);
    expect(isSignedOut(error('access.unauthenticated'))).toBe(true);
  });
});
