import { describe, expect, it } from 'vitest';
import type { ShownKey, VendorRules } from '../../src/console/api/sandbox-answers.ts';
import { collectionPath, screenPath } from '../../src/console/api/sandboxes.ts';
import { addressOf, findCollections, nameOf } from '../../src/console/pages/sandbox/collection-names.ts';
import {
  describeAim,
  describeFault,
  emptyFault,
  type FaultDraft,
  presets,
  readFault,
} from '../../src/console/pages/sandbox/fault-draft.ts';
import { formsOf, summaryOfKeys, whyNoMore } from '../../src/console/pages/sandbox/key-forms.ts';
import { describeStatement, emptyPolicy, policyOf } from '../../src/console/pages/sandbox/policy-draft.ts';
import { draftOf, readSwitches } from '../../src/console/pages/sandbox/switches-draft.ts';
import { whatIsOn } from '../../src/console/shell/what-is-on.ts';

describe('a fault that was filled in', () => {
  it.each<[Partial<FaultDraft>, string]>([
    [{ status: '99' }, 'status'],
    [{ status: '' }, 'status'],
    [{ status: '5o3' }, 'status'],
    [{ times: '0' }, 'times'],
    [{ times: '-1' }, 'times'],
    [{ delayMs: '3600001' }, 'delayMs'],
    [{ retryAfter: 'soon' }, 'retryAfter'],
    [{ kind: 'slow' }, 'delayMs'],
    [{ kind: 'content-type' }, 'contentType'],
    [{ pathPrefix: 'accounts' }, 'pathPrefix'],
  ])('%j is refused for its %s', (changes, field) => {
    const { problems, fault } = readFault({ ...emptyFault, ...changes });
    expect(Object.keys(problems ?? {})).toEqual([field]);
    expect(fault).toBeUndefined();
  });

  it('has only what belongs to its kind', () => {
    const draft = { ...emptyFault, retryAfter: '2', body: 'x', contentType: 'text/html' };
    expect(readFault({ ...draft, kind: 'drop-after' }).fault).toEqual({ drop: 'after', times: 1 });
    expect(readFault({ ...draft, kind: 'truncate', times: '' }).fault).toEqual({ truncate: true });
    expect(readFault({ ...draft, kind: 'content-type' }).fault).toEqual({
      ...{ contentType: 'text/html', times: 1 },
    });
  });

  it('takes a body as JSON where it is JSON, and as a text where it is none', () => {
    const bodyOf = (body: string) => readFault({ ...emptyFault, body }).fault?.body;
    expect(bodyOf('{"errors": []}')).toEqual({ errors: [] });
    expect(bodyOf('<html>')).toBe('<html>');
    expect(readFault(emptyFault).fault).toEqual({ status: 503, times: 1 });
  });

  it('is one as each preset fills it in', () => {
    for (const { label, draft } of presets)
      expect(readFault({ ...emptyFault, ...draft }).problems, label).toBeUndefined();
  });

  it('is told in words', () => {
    expect(describeFault({ status: 429, headers: { 'Retry-After': '2' }, delayMs: 50 })).toBe(
      'Answers 429 with Retry-After 2 after 50 ms',
    );
    expect(describeFault({ delayMs: 5000 })).toBe('Answers late after 5.0 s');
    expect(describeFault({ contentType: 'text/html' })).toBe('Answers as text/html');
    expect(describeFault({ drop: 'before' })).toBe('Breaks the connection before anything is done');
    expect(describeAim({})).toBe('All requests');
    expect(describeAim({ method: 'token', host: 'api' })).toBe('Token requests on host api');
    expect(describeAim({ method: 'things.list', pathPrefix: '/v1' })).toBe('things.list below /v1');
  });
});

describe('the switches', () => {
  it('are refused where they are no numbers of seconds', () => {
    const draft = draftOf({});
    expect(readSwitches({ ...draft, lifetime: '0' }, {}).problems).toHaveProperty('lifetime');
    expect(readSwitches({ ...draft, skew: '1.5' }, {}).problems).toHaveProperty('skew');
  });

  it('are read as they were shown, with those that the form does not have', () => {
    const switches = {
      ...{ tokenLifetimeSeconds: 30, clockSkewSeconds: -5, limits: { retryAfter: false } },
      refusals: { expiredToken: { status: 403 } },
    };
    expect(readSwitches(draftOf(switches), switches).switches).toEqual(switches);
    expect(readSwitches(draftOf({}), {}).switches).toEqual({});
    expect(readSwitches({ ...draftOf({}), limits: true }, {}).switches).toEqual({ limits: {} });
  });

  it('send all kinds of refusals as 200, or none, and leave what else they say', () => {
    const before = { refusals: { expiredToken: { status: 403 }, badToken: { status: 402, sentAs: 200 } } };
    const draft = draftOf(before);
    expect(draft.quiet).toBe(true);
    const on = readSwitches({ ...draftOf({}), quiet: true }, {}).switches;
    expect(on?.refusals).toMatchObject({ noToken: { sentAs: 200 }, forbidden: { sentAs: 200 } });
    expect(readSwitches({ ...draft, quiet: false }, before).switches).toEqual({
      refusals: { expiredToken: { status: 403 }, badToken: { status: 402 } },
    });
    expect(readSwitches({ ...draftOf({}), quiet: false }, on ?? {}).switches).toEqual({});
  });

  it('are counted when something is on', () => {
    expect(whatIsOn({ faults: [], clockSkewSeconds: 0, refusals: {} })).toEqual([]);
    const fault = { id: 'a', status: 500 };
    expect(whatIsOn({ faults: [fault, fault], limits: {}, tokenLifetimeSeconds: 1 })).toEqual([
      ...['2 faults', '2 switches'],
    ]);
  });
});

describe('a generated key', () => {
  const shown: ShownKey = {
    ...{ organisationId: 'o', accessKeyId: 'a', apiSecret: 's' },
    copyForms: { environment: 'KEY=a', json: '{"key":"a"}', values: { Key: 'a' } },
  };

  it('is offered in the forms that its vendor has', () => {
    expect(formsOf(shown).map(({ id }) => id)).toEqual(['environment', 'json', 'values']);
    const none = { environment: '', json: '{}', values: {} };
    const [only, ...others] = formsOf({ ...shown, copyForms: none });
    expect(others).toEqual([]);
    expect(only?.values.map(([, value]) => value)).toEqual(['o', 'a', 's']);
  });

  it("is counted in the vendor's words, up to the most that it allows", () => {
    const rules: VendorRules['accessKeys'] = {
      ...{ maximum: 2, regenerate: true, deleteActive: false, active: 'On', inactive: 'Off' },
      ...{ switchable: true, named: false, publicKeys: false },
    };
    const key = { id: 'a', status: 'On', createdAt: 0 };
    expect(summaryOfKeys([key, { ...key, status: 'Off' }], rules)).toBe('1 On, 1 Off');
    expect(summaryOfKeys([], rules)).toBe('None');
    expect(whyNoMore([key], rules)).toBe('');
    expect(whyNoMore([key, key], rules)).toContain('2 keys at most here: replace or delete one first');
    expect(summaryOfKeys([key], { ...rules, switchable: false })).toBe('1');
  });
});

describe('a policy', () => {
  it('allows all methods unless some are named, and denies those that are excepted', () => {
    expect(policyOf({ ...emptyPolicy, name: ' All ' })).toEqual({
      name: 'All',
      statements: [{ effect: 'allow', methods: ['*'] }],
    });
    const draft = { ...emptyPolicy, name: 'Some', reach: 'reading' as const };
    expect(policyOf({ ...draft, allowed: 'a.*\n b.list', denied: 'a.delete' }).statements).toEqual([
      { effect: 'allow', methods: ['a.*', 'b.list'], reading: true },
      { effect: 'deny', methods: ['a.delete'] },
    ]);
  });

  it('is told in words', () => {
    expect(describeStatement({ effect: 'allow', methods: ['*'], reading: true })).toBe(
      'Allows reading everything',
    );
    expect(describeStatement({ effect: 'deny', methods: ['a', 'b'], reading: false })).toBe(
      'Denies changing a and b',
    );
    const details = { plans: { label: 'Plans', type: 'list', labels: { one: 'First' } } } as const;
    const lacking = { effect: 'deny', methods: ['a'], unless: { plans: ['one', 'two'] } } as const;
    expect(describeStatement(lacking, { serviceUsers: { details } })).toBe(
      'Denies a without Plans: First or two',
    );
    expect(describeStatement(lacking)).toBe('Denies a without plans: one or two');
  });
});

describe('addresses of screens', () => {
  it('encode what the API does not take in a path', () => {
    expect(screenPath`policies/${"a (b)*!'.."}?organisationId=${'o/1'}`).toBe(
      'policies/a%20%28b%29%2A%21%27%2E%2E?organisationId=o%2F1',
    );
    expect(collectionPath('bills/*/lineitems', 'most=5')).toBe('collections/bills/%2A/lineitems?most=5');
  });

  it('name collections for people, and find them by that name', () => {
    expect(nameOf('bills/*/lineitems')).toBe('bills / lineitems');
    expect(addressOf('bills/*/line items')).toBe('bills/*/line%20items');
    const all = [
      { name: 'accounts', count: 1 },
      { name: 'bills/*/lineitems', count: 0 },
    ];
    expect(findCollections(all, '', false)).toEqual([all[0]]);
    expect(findCollections(all, 'LINE', true)).toEqual([all[1]]);
  });
});
