import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/console/api/answers.ts';
import { sectionsOf } from '../../src/console/parts/settings-form/sections.ts';
import {
  buildSchema,
  buildUi,
  changesOf,
  explainFault,
  initialData,
  type StoredSettings,
  sortProblems,
} from '../../src/console/parts/settings-form/settings-schema.ts';

const parameter = (TargetName: string, more: Partial<Parameter> = {}): Parameter => ({
  ...{ Id: 1, TargetName, DisplayName: `The ${TargetName}`, Description: 'What it is.', Level: 'either' },
  ...{ Group: null, IsSensitive: false, IsOptional: false, IsMultiline: false, DefaultValue: null },
  ...{ Role: null, Aliases: [], AuthenticationIds: null, IsCallOverridable: false },
  ...{ Choices: [], IsOpen: true, Pattern: null, PatternHint: null, Help: null },
  ...more,
});
const key = parameter('key', { Group: 'credentials' });
const secret = parameter('secret', { Group: 'credentials', IsSensitive: true });
const style = parameter('style', {
  ...{ Level: 'console', IsOptional: true, DefaultValue: 'comma', IsOpen: false },
  Choices: [{ Value: 'comma', Name: 'Joined by commas' }],
});
const tenant = parameter('tenant', { Level: 'account', Pattern: '^t', PatternHint: 'a t and digits' });
const given = (source: 'console' | 'account' | 'default', value: string | null) => ({
  isSet: true,
  value,
  source,
});
const request = (
  parameters: readonly Parameter[],
  stored: StoredSettings = {},
  more: { level?: 'console' | 'account'; demandsRequired?: boolean } = {},
) =>
  ({
    parameters,
    stored,
    level: more.level ?? 'console',
    demandsRequired: more.demandsRequired ?? false,
  }) as const;

describe('the form of settings', () => {
  it('asks for nothing in the console, and in an account for what is still missing', () => {
    expect(buildSchema(request([key, style, tenant])).required).toEqual([]);
    const account = { level: 'account', demandsRequired: true } as const;
    expect(buildSchema(request([key, style, tenant], {}, account)).required).toEqual(['key', 'tenant']);
    const fromConsole = { key: given('console', null), secret: given('console', null) };
    expect(buildSchema(request([key, secret, tenant], fromConsole, account)).required).toEqual(['tenant']);
  });

  it('wants a group as a whole, unless the rest of it is stored here already', () => {
    expect(buildSchema(request([key, secret])).dependentRequired).toEqual({
      key: ['secret'],
      secret: ['key'],
    });
    const stored = { key: given('console', 'k'), secret: given('console', null) };
    expect(buildSchema(request([key, secret], stored)).dependentRequired).toEqual({});
    const elsewhere = buildSchema(request([key, secret], stored, { level: 'account' }));
    expect(elsewhere.dependentRequired).toEqual({ key: ['secret'], secret: ['key'] });
  });

  it('keeps to the choices unless others are allowed too', () => {
    const open = parameter('open', { Choices: [{ Value: 'prod', Name: 'Production' }] });
    const { properties } = buildSchema(request([style, open]));
    expect(properties?.style).toMatchObject({ enum: ['comma', null] });
    expect(properties?.open).not.toHaveProperty('enum');
    expect(buildUi(request([style, open, secret])).secret['ui:widget']).toBe('setting-secret');
  });

  it("starts with this level's own values, and with no secret", () => {
    const stored = {
      key: given('console', 'k'),
      secret: given('console', null),
      style: given('default', 'comma'),
    };
    expect(initialData(request([key, secret, style], stored))).toEqual({ key: 'k' });
    expect(initialData(request([key, secret, style], stored, { level: 'account' }))).toEqual({});
  });
});

describe('the changes of a form', () => {
  const stored = {
    key: given('console', 'k'),
    secret: given('console', null),
    style: given('default', 'comma'),
  };

  it('are none when nothing was touched', () => {
    const untouched = request([key, secret, style], stored);
    expect(changesOf(untouched, initialData(untouched))).toEqual({});
    expect(changesOf(request([key, secret]), { key: '', secret: undefined })).toEqual({});
  });

  it('set what is new, replace secrets, and take away what was emptied or removed', () => {
    const all = request([key, secret, style], stored);
    expect(changesOf(all, { key: 'other', secret: 'new' })).toEqual({ key: 'other', secret: 'new' });
    expect(changesOf(all, { key: undefined, secret: null })).toEqual({ key: null, secret: null });
    expect(changesOf(all, { key: 'k', style: 'comma' })).toEqual({ style: 'comma' });
  });

  it('take nothing away that another level gives', () => {
    expect(
      changesOf(request([key, secret], stored, { level: 'account' }), { key: undefined, secret: null }),
    ).toEqual({});
  });
});

describe('what is wrong', () => {
  it('stands at its field, without the label that stands there already; the rest is kept', () => {
    const { fields, others } = sortProblems(
      [key, secret],
      [
        { path: 'secret', message: 'The secret is too long' },
        { path: 'Settings.key', message: 'is not known', hint: 'look again' },
        { path: 'other', message: 'is odd' },
      ],
    );
    expect(fields).toEqual({ secret: ['Is too long'], key: ['Is not known - look again'] });
    expect(others).toEqual([{ path: 'other', message: 'is odd' }]);
  });

  it("is told in the words of the connector's author", () => {
    expect(explainFault(tenant, 'pattern', 'x')).toBe('Must be a t and digits');
    expect(explainFault(style, 'enum', 'x')).toBe('Must be one of Joined by commas');
    expect(explainFault(secret, 'dependentRequired', 'x')).toContain('fill in The secret too');
    expect(explainFault(undefined, 'pattern', 'as it is')).toBe('as it is');
  });
});

describe('the sections', () => {
  it('keep groups together where their first setting stands; a group of one is none', () => {
    const fields = [style, key, tenant, secret].map(({ TargetName }) => ({ name: TargetName }));
    const names = sectionsOf([style, key, tenant, secret], fields).map(({ group, fields: own }) => [
      group,
      own.map(({ name }) => name),
    ]);
    expect(names).toEqual([
      [null, ['style']],
      ['credentials', ['key', 'secret']],
      [null, ['tenant']],
    ]);
    expect(sectionsOf([key], [{ name: 'key' }])[0]?.group).toBeNull();
  });
});
