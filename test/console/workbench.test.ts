import { describe, expect, it } from 'vitest';
import type { MethodBrief } from '../../src/console/api/methods.ts';
import { readAnswer } from '../../src/console/pages/workbench/answer.ts';
import {
  hasFields,
  hidingUi,
  sortProblems,
  withoutFields,
  withTitles,
} from '../../src/console/pages/workbench/argument-schema.ts';
import { checkCall, noFaults } from '../../src/console/pages/workbench/check-call.ts';
import {
  callOf,
  emptyDraft,
  fragmentOf,
  prune,
  readFragment,
} from '../../src/console/pages/workbench/draft.ts';
import { findMethods, MENTIONED } from '../../src/console/pages/workbench/find-methods.ts';
import { sizeText, typeOf } from '../../src/console/pages/workbench/read-upload.ts';
import { columnsOf, toCsv } from '../../src/console/pages/workbench/rows.ts';

const method = (Key: string, more: Partial<MethodBrief> = {}): MethodBrief => ({
  ...{ Id: 1, Key, Name: Key, Description: '', Category: 'Things', HttpMethod: 'GET', EndPoint: '/' },
  ...{ IsReadOnly: true, IsDeprecated: false, IsBeta: false, IsPaged: false },
  ...{ TakesMerge: false, TakesStrict: false, BatchedList: null, Warning: null, SensitivePaths: [] },
  ...more,
});

describe('the methods of the workbench', () => {
  const create = method('plans.create', { Name: 'Create Plan', Category: 'Plans' });
  const attach = method('accountPlans.create', { Name: 'Create Account Plan', Category: 'Account Plans' });
  const list = method('bills.list', { Name: 'List Bills', Category: 'Bills', Description: 'Of a plan.' });
  const all = [create, attach, list];
  const titles = (text: string, category = '') => findMethods(all, text, category).map(({ title }) => title);

  it('come by category, whatever the case of what is searched for', () => {
    expect(titles('')).toEqual(['Account Plans', 'Bills', 'Plans']);
    expect(titles('', 'Bills')).toEqual(['Bills']);
    expect(titles('BILLS list')).toEqual(['Bills']);
    expect(titles('nothing')).toEqual([]);
  });

  it('go first when they are called just like that, and last when only the description has the words', () => {
    expect(titles('create plan')).toEqual(['Plans', 'Account Plans']);
    expect(titles('plan')).toEqual(['Plans', 'Account Plans', MENTIONED]);
  });
});

describe('a call of the workbench', () => {
  const none = { paths: [], settings: [] };

  it('sends nothing of what was touched and left empty, and all of what was given empty', () => {
    expect(
      prune({ a: undefined, b: { c: undefined }, d: {}, e: [], f: [{ g: undefined, h: 1 }], i: null }),
    ).toEqual({
      ...{ d: {}, e: [], f: [{ h: 1 }], i: null },
    });
    expect(callOf(emptyDraft)).toEqual({ Parameters: {} });
    expect(callOf({ ...emptyDraft, body: { a: 1 }, merge: true, settings: { x: '' } })).toEqual({
      ...{ Parameters: {}, Body: { a: 1 }, Merge: true },
    });
  });

  it('survives in a link: parameters, body, switches and settings', () => {
    const draft = {
      ...emptyDraft,
      ...{
        parameters: { ids: ['a&b', 'c'] },
        body: { name: 'Ä #1' },
        strict: true,
        settings: { style: 'x' },
      },
    };
    const fragment = fragmentOf(draft, none) ?? '';
    expect(readFragment(`#${fragment}`)).toEqual(draft);
    expect(fragmentOf(emptyDraft, none)).toBe('');
  });

  it('has no secret, no idempotency key and nothing of endless length in its link', () => {
    const body = { url: 'u', credentials: { secret: 'hush', type: 't' }, list: [{ key: 'hush' }] };
    const secrets = { paths: ['credentials.secret', 'list[].key'], settings: ['apiSecret'] };
    const draft = { ...emptyDraft, body, settings: { apiSecret: 'hush' }, idempotencyKey: 'once' };
    const fragment = fragmentOf(draft, secrets) ?? '';
    expect(fragment).not.toMatch(/hush|once/);
    expect(readFragment(fragment).body).toEqual({ url: 'u', credentials: { type: 't' }, list: [{}] });
    expect(fragmentOf({ ...emptyDraft, body: { text: 'x'.repeat(10_000) } }, none)).toBeUndefined();
  });

  it('takes a broken link for one that says nothing', () => {
    expect(readFragment('#Parameters={no&Body=1,&Settings=[1]')).toEqual(emptyDraft);
  });
});

describe('the form of a call', () => {
  const schema = {
    $ref: '#/$defs/Place',
    $defs: {
      Place: { anyOf: [{ $ref: '#/$defs/CloudPlaceRequest' }, { const: 'here' }, { type: 'null' }] },
      CloudPlaceRequest: { type: 'object', properties: { bucket: { type: 'string' } } },
    },
  };

  it('names the branches of a union, so that a person can choose', () => {
    const { Place } = withTitles(schema).$defs as Record<string, { anyOf: { title: string }[] }>;
    expect(Place?.anyOf.map(({ title }) => title)).toEqual(['Cloud Place', 'here', 'null']);
  });

  it('is there where the schema names a field, and JSON where it does not', () => {
    expect(hasFields(schema)).toBe(true);
    expect(hasFields({ type: 'object', additionalProperties: true })).toBe(false);
    expect(hasFields({ $ref: '#/$defs/Loop', $defs: { Loop: { allOf: [{ $ref: '#/$defs/Loop' }] } } })).toBe(
      false,
    );
  });

  it('hides secrets as they are typed, also those in lists', () => {
    expect(hidingUi(['credentials.secret', 'keys[].value'])).toEqual({
      credentials: { secret: { 'ui:widget': 'password' } },
      keys: { items: { value: { 'ui:widget': 'password' } } },
    });
  });

  it('leaves out what a file fills in', () => {
    const request = {
      ...{ type: 'object', required: ['fileName', 'table'] },
      allOf: [{ $ref: '#/$defs/File' }],
      properties: { table: {}, fileName: {} },
      $defs: { File: { properties: { bytes: {} }, required: ['bytes'] } },
    };
    expect(withoutFields(request, ['fileName', 'bytes'])).toMatchObject({
      ...{ required: ['table'], properties: { table: {} }, allOf: [{ properties: {}, required: [] }] },
    });
  });

  it('is checked before it is sent - but for the length of a list that is split, and for what is merged', () => {
    const list = { type: 'array', maxItems: 1, items: { type: 'object', required: ['id'] } };
    const method = {
      Parameters: { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] },
      Body: { type: 'object', required: ['rows'], properties: { rows: list } },
      IsBodyOptional: false,
    };
    expect(checkCall(method, emptyDraft, null).count).toBe(2);
    const draft = { ...emptyDraft, parameters: { size: 1 }, body: { rows: [{ id: 1 }, { id: 2 }] } };
    const tooLong = { rows: { __errors: ['Has too many entries'] } };
    expect(checkCall(method, draft, null)).toMatchObject({ count: 1, body: tooLong });
    expect(checkCall(method, draft, 'rows')).toEqual(noFaults);
    expect(checkCall(method, { ...draft, body: {} }, 'rows').count).toBe(1);
    expect(checkCall(method, { ...draft, body: {}, merge: true }, 'rows').count).toBe(0);
    expect(checkCall(method, { ...draft, merge: true, bodyText: '{' }, 'rows').count).toBe(1);
    expect(checkCall({ ...method, IsBodyOptional: true }, { ...draft, body: undefined }, null).count).toBe(0);
  });

  it('puts the problems of the API at their fields', () => {
    const problems = ['id', 'Parameters.size', 'body.lines.0.price', 'body', 'limit'].map((path) => ({
      ...{ path, message: 'is wrong', hint: 'mend it' },
    }));
    const sorted = sortProblems(problems, ['id', 'size'], true);
    const wrong = { __errors: ['Is wrong - mend it'] };
    expect(sorted.parameters).toEqual({ id: wrong, size: wrong });
    expect(sorted.body).toEqual({ lines: { 0: { price: wrong } } });
    expect(sorted.others.map(({ path }) => path)).toEqual(['body', 'limit']);
    expect(sortProblems(problems, [], false).others).toHaveLength(5);
  });
});

describe('an answer of the workbench', () => {
  const headers = (more: Record<string, string> = {}) =>
    new Headers({ 'X-Vendor-Status': '200', 'X-Attempts': '2', 'X-Request-Id': 'r1', ...more });

  it('has the rows of a page and the way to the next', () => {
    const body = { data: { items: [{ id: 1 }] } };
    const next = { 'X-Items': 'data.items', 'X-Next-Page': '{"token":"t"}' };
    expect(readAnswer({ body, headers: headers(next) }, 12)).toMatchObject({
      ...{ status: 200, attempts: 2, durationMs: 12, waitedMs: 0, isReplayed: false, requestId: 'r1' },
      ...{ rows: [{ id: 1 }], next: { token: 't' } },
    });
    expect(readAnswer({ body, headers: headers({ 'X-Items': 'nowhere' }) }, 1).rows).toBeUndefined();
  });

  it('finds the one list of an answer that is no page', () => {
    const rowsOf = (body: unknown) => readAnswer({ body, headers: headers() }, 1).rows;
    expect(rowsOf([1, 2])).toEqual([1, 2]);
    expect(rowsOf({ total: 1, things: [{ a: 1 }] })).toEqual([{ a: 1 }]);
    expect(rowsOf({ a: [{}], b: [{}] })).toBeUndefined();
    expect(rowsOf('text')).toBeUndefined();
  });

  it('shows what people look for first: names, then plain fields, then groups, then dates', () => {
    const row = { dtCreated: '2026', address: {}, id: '1', currency: 'GBP', name: 'Acme' };
    expect(columnsOf([row])).toEqual(['name', 'id', 'currency', 'address', 'dtCreated']);
    expect(columnsOf([1, 2])).toEqual(['']);
  });

  it('is saved as CSV that no spreadsheet takes for a formula', () => {
    const rows = [
      { a: 'x,"y"', b: 1 },
      { a: '=1+1', c: { d: -2 } },
    ];
    expect(toCsv(rows).split('\r\n')).toEqual(['a,b,c', '"x,""y""",1,', `'=1+1,,"{""d"":-2}"`]);
  });
});

describe('a file to upload', () => {
  it('has the type that the vendor takes, by what the browser says or by its ending', () => {
    const taken = ['application/jsonl', 'text/csv'];
    expect(typeOf({ name: 'a.csv', type: '' }, taken)).toBe('text/csv');
    expect(typeOf({ name: 'a.JSONL', type: 'text/plain' }, taken)).toBe('application/jsonl');
    expect(typeOf({ name: 'a.png', type: 'image/png' }, taken)).toBeUndefined();
    expect([0, 900, 2048, 50_000, 3_355_443].map(sizeText)).toEqual([
      '0 bytes',
      '900 bytes',
      '2.0 KB',
      '49 KB',
      '3.2 MB',
    ]);
  });
});
