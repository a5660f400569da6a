import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Setting, SettingLevel, ValueSource } from '../../src/definition/connector.ts';
import { isFishplateError } from '../../src/errors.ts';
import {
  assertSettable,
  completeSettings,
  faultOf,
  fillFromSettings,
  type GivenLevels,
  resolveSettings,
  secretTexts,
  settingText,
} from '../../src/installation/settings.ts';
import { Secret } from '../../src/secret.ts';
import { accountValues, acme, settle } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const errorOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

const levels: readonly SettingLevel[] = ['console', 'account', 'either'];
const overridables: readonly Setting['overridable'][] = ['none', 'account', 'call'];
const sources = ['default', 'console', 'account', 'call'] as const;

/** All subsets, the empty one first. */
const subsets = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, at) => bits & (1 << at)));

const settingOf = (key: string, change: Partial<Setting>): Setting => ({
  key,
  id: 1,
  label: key,
  description: key,
  level: 'either',
  required: true,
  secret: false,
  multiline: false,
  overridable: 'account',
  open: false,
  maxLength: 100,
  aliases: [],
  ...change,
});
const withSettings = (...settings: Setting[]): Connector => ({
  ...connector,
  settings: Object.fromEntries(settings.map((setting) => [setting.key, setting])),
});
const given = (
  ...entries: readonly (readonly [key: string, sources: readonly ValueSource[]])[]
): GivenLevels => {
  const at = (level: ValueSource) =>
    Object.fromEntries(
      entries.filter(([, list]) => list.includes(level)).map(([key]) => [key, `${key}@${level}`]),
    );
  return { console: at('console'), account: at('account'), call: at('call') };
};

/** What the words of the design say, written down once more: who may speak, and who may not be spoken over. */
function oracle(
  level: SettingLevel,
  overridable: Setting['overridable'],
  by: readonly ValueSource[],
): ValueSource | undefined {
  const speakers = by.filter(
    (source) =>
      source === 'default' ||
      (source === 'console' && level !== 'account') ||
      (source === 'account' && level !== 'console') ||
      (source === 'call' && overridable === 'call'),
  );
  const locked = speakers.includes('console') && overridable === 'none';
  return locked ? 'console' : [...sources].reverse().find((source) => speakers.includes(source));
}

describe('a setting', () => {
  const cases = levels.flatMap((level) =>
    overridables.flatMap((overridable) => subsets(sources).map((by) => ({ level, overridable, by }))),
  );

  it.each(cases)(
    'of level $level, overridable by $overridable, given by $by, comes from the right one',
    ({ level, overridable, by }) => {
      const setting = settingOf('a', {
        level,
        overridable,
        ...(by.includes('default') && { default: 'a@default' }),
      });
      const { values, missing } = resolveSettings(withSettings(setting), given(['a', by]));
      const expected = oracle(level, overridable, by);
      expect(values.a?.source).toBe(expected);
      expect(values.a?.value).toBe(expected && `a@${expected}`);
      expect(missing).toEqual(expected === undefined ? [setting] : []);
    },
  );

  it('that is not required is not missed', () => {
    expect(resolveSettings(withSettings(settingOf('a', { required: false })), {}).missing).toEqual([]);
  });

  it.each(['toString', 'constructor', 'valueOf', 'hasOwnProperty'])(
    'called %s is missing until it is given: what objects inherit is no value',
    (key) => {
      const own = withSettings(settingOf(key, { overridable: 'call' }));
      expect(resolveSettings(own, { console: {}, account: {}, call: {} })).toMatchObject({
        values: {},
        missing: [{ key }],
      });
      expect(resolveSettings(own, { account: { [key]: 'x' } }).values[key]?.value).toBe('x');
      expect(settingText({}, key)).toBeUndefined();
    },
  );
});

describe('settings of one group', () => {
  const pairs = overridables.flatMap((overridable) =>
    subsets(['console', 'account', 'call'] as const).flatMap((byA) =>
      subsets(['console', 'account', 'call'] as const).map((byB) => ({ overridable, byA, byB })),
    ),
  );

  it.each(pairs)(
    'overridable by $overridable, id by $byA and secret by $byB, are never mixed',
    ({ overridable, byA, byB }) => {
      const members = ['a', 'b'].map((key) => settingOf(key, { overridable, group: 'g' }));
      const { values, missing } = resolveSettings(withSettings(...members), given(['a', byA], ['b', byB]));
      const found = new Set(Object.values(values).map(({ source }) => source));
      expect(found.size).toBeLessThanOrEqual(1);

      const isGiven = (source: 'console' | 'account' | 'call') =>
        byA.includes(source) || byB.includes(source);
      const latest =
        overridable === 'none' && isGiven('console')
          ? 'console'
          : (['call', 'account', 'console'] as const).find(
              (source) => isGiven(source) && (source !== 'call' || overridable === 'call'),
            );
      const expected = { a: latest && byA.includes(latest), b: latest && byB.includes(latest) };
      expect([values.a !== undefined, values.b !== undefined]).toEqual([
        expected.a ?? false,
        expected.b ?? false,
      ]);
      expect(missing.map(({ key }) => key)).toEqual(['a', 'b'].filter((key) => values[key] === undefined));
    },
  );

  it('may differ in who may replace them, and are not mixed even then', () => {
    const all = overridables.flatMap((a) => overridables.map((b) => [a, b] as const));
    for (const [first, second] of all)
      for (const byA of subsets(['console', 'account', 'call'] as const))
        for (const byB of subsets(['console', 'account', 'call'] as const)) {
          const own = withSettings(
            settingOf('a', { overridable: first, group: 'g' }),
            settingOf('b', { overridable: second, group: 'g' }),
          );
          const { values } = resolveSettings(own, given(['a', byA], ['b', byB]));
          expect(new Set(Object.values(values).map(({ source }) => source)).size).toBeLessThanOrEqual(1);
        }
  });

  it('do not take along settings of other groups, or of none', () => {
    const own = withSettings(
      settingOf('a', { group: 'g' }),
      settingOf('b', { group: 'h' }),
      settingOf('c', {}),
    );
    const { values } = resolveSettings(
      own,
      given(['a', ['console', 'account']], ['b', ['console']], ['c', ['console']]),
    );
    expect(Object.values(values).map(({ source }) => source)).toEqual(['account', 'console', 'console']);
  });

  it('fall back on defaults, which belong to no level', () => {
    const own = withSettings(
      settingOf('a', { group: 'g' }),
      settingOf('b', { group: 'g', default: 'b@default' }),
    );
    const { values } = resolveSettings(own, given(['a', ['account']], ['b', ['console']]));
    expect([values.a?.source, values.b?.source]).toEqual(['account', 'default']);
  });
});

describe("a setting's value", () => {
  it.each<[string, Partial<Setting>, string, string]>([
    ['nothing', {}, '', 'is empty'],
    ['spaces alone', {}, '  ', 'begins or ends with a space'],
    ['a space in front', {}, ' x', 'begins or ends with a space'],
    ['a no-break space behind', {}, 'x\u00a0', 'begins or ends with a space'],
    ['a line feed', {}, 'x\ny', 'holds a line break'],
    ['a header smuggled in', {}, 'x\r\nX-Admin: 1', 'holds a line break'],
    ['a tab', {}, 'x\ty', 'control character'],
    ['a zero byte', {}, 'x\u0000', 'control character'],
    ['delete', {}, 'x\u007f', 'control character'],
    ['a next line', {}, 'x\u0085y', 'control character'],
    ['half a character', {}, 'x\ud83d', 'unpaired surrogate'],
    ['too much', { maxLength: 3 }, 'abcd', 'is longer than 3 characters'],
    ['no choice', { choices: [{ value: 'a', label: 'A' }] }, 'b', 'must be one of a'],
    ['what the pattern forbids', { pattern: '^\\d+$' }, 'x', 'must be like ^\\d+$'],
    [
      'what the pattern forbids, in words',
      { pattern: '^\\d+$', patternHint: 'digits' },
      'x',
      'must be digits',
    ],
  ])('cannot be %s', (_, change, value, fault) => {
    expect(faultOf(settingOf('a', change), value)).toContain(fault);
  });

  it('of a secret is never quoted', () => {
    const setting = settingOf('a', {
      secret: true,
      pattern: '^x$',
      choices: [{ value: 'x', label: 'X' }],
      maxLength: 5,
    });
    for (const value of ['s3cr', 's3cr\n', ' s3cr', 's3cret-s3cret'])
      expect(faultOf(setting, value)).not.toContain('s3cr');
  });

  it.each<[string, Partial<Setting>, string]>([
    ['letters of any script', {}, 'Zażółć 日本 \u{1F511}'],
    ['lines, where it may have several', { multiline: true }, '-----BEGIN-----\nabc\n-----END-----'],
    [
      'a choice, whatever the pattern says',
      { choices: [{ value: 'A B', label: '' }], pattern: '^x$' },
      'A B',
    ],
    [
      'another value than the choices, where they are open',
      { choices: [{ value: 'a', label: '' }], open: true },
      'b',
    ],
    ['as long as allowed', { maxLength: 3 }, 'abc'],
  ])('may be %s', (_, change, value) => {
    expect(faultOf(settingOf('a', change), value)).toBeUndefined();
  });

  it('that is wrong at any level is a problem of the resolution, by name', () => {
    const { problems } = resolveSettings(connector, { account: { ...accountValues, region: 'EU!' } });
    expect(problems).toEqual([{ path: 'region', message: 'Region must be like ^[a-z]+$' }]);
  });
});

describe('setting values', () => {
  it('that do not exist is refused with the nearest names, before anything else', () => {
    const error = errorOf(() =>
      assertSettable(connector, 'account', { regoin: 'x', constructor: 'y', tenant: '' }),
    );
    expect(error).toMatchObject({
      code: 'settings.unknown',
      problems: [{ path: 'regoin', hint: 'did you mean "region"?' }, { path: 'constructor' }],
    });
  });

  it.each([
    ['console', 'tenant', 'Tenant is given by the account only'],
    ['account', 'style', 'Array style is given by the console only'],
    ['call', 'tenant', 'Tenant cannot be replaced for one call'],
    ['call', 'keySecret', 'Key Secret cannot be replaced for one call'],
  ] as const)('at the level %s is refused for %s', (level, key, message) => {
    expect(errorOf(() => assertSettable(connector, level, { [key]: 'x' }))).toMatchObject({
      code: 'settings.wrong-level',
      problems: [{ path: key, message }],
    });
  });

  it('that break their rules has all of them told, without the values of secrets', () => {
    const error = errorOf(() =>
      assertSettable(connector, 'account', { keySecret: 'top\nsecret', tenant: '', region: 'A' }),
    );
    expect(error).toMatchObject({ code: 'settings.invalid' });
    expect(isFishplateError(error) && error.problems.map(({ path }) => path)).toEqual([
      'keySecret',
      'tenant',
      'region',
    ]);
    expect(JSON.stringify(error)).not.toContain('top');
  });

  it('may take values away, whatever their rules', () => {
    expect(() => assertSettable(connector, 'account', { tenant: null, keySecret: null })).not.toThrow();
    expect(() => assertSettable(connector, 'call', { style: 'repeat' })).not.toThrow();
  });
});

describe('settings', () => {
  it('that lack something say what, in the order of the definition', () => {
    const error = errorOf(() => settle(connector, { keySecret: 'x' }));
    expect(error).toMatchObject({
      code: 'installation.setup-required',
      message: 'Acme still needs Key ID, Tenant',
      problems: [{ path: 'keyId' }, { path: 'tenant' }],
    });
  });

  it('that are wrong are refused, whoever gave them', () => {
    expect(errorOf(() => settle(connector, accountValues, { style: 'tabs' }))).toMatchObject({
      code: 'settings.invalid',
      problems: [{ path: 'style', message: 'Array style must be one of comma, repeat' }],
    });
  });

  it('give their texts for redaction, the secret ones only', () => {
    const { values } = settle(connector, { ...accountValues, keySecret: new Secret('wrapped-secret') });
    expect(secretTexts(values)).toEqual(['wrapped-secret']);
    expect(JSON.stringify(values)).not.toContain('wrapped-secret');
  });

  it('fill templates, and say which is missing when one that is optional turns out to be needed', () => {
    const settings = settle(connector);
    expect(fillFromSettings(['/', { name: 'tenant', transform: 'upper' }], settings)).toBe('/T1');
    expect(errorOf(() => fillFromSettings([{ name: 'baseUrl' }], settings))).toMatchObject({
      code: 'installation.setup-required',
      problems: [{ path: 'baseUrl', message: 'Base URL is missing' }],
    });
  });

  it('are complete with a secret given as text or wrapped', () => {
    const { values } = completeSettings(
      connector,
      resolveSettings(connector, {
        console: { keyId: 'k', keySecret: new Secret('s') },
        account: { tenant: 't' },
      }),
    );
    expect([settingText(values, 'keySecret'), values.keySecret?.source]).toEqual(['s', 'console']);
  });
});
