import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, FailureCondition, FailureRule } from '../../src/definition/connector.ts';
import { type Answered, findFailure } from '../../src/response/failure-rules.ts';
import type { WireResponse } from '../../src/wire.ts';
import { accountValues, acme, compileAcme, methodOf, settle } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const response = (
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
): WireResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const answered = (over: Partial<Answered> = {}): Answered => ({
  at: 'call',
  host: 'api',
  method: methodOf(connector, 'things.list'),
  settings: settle(connector),
  requestBytes: 0,
  ...over,
});
const rule = (when: FailureCondition, means: FailureRule['means'] = 'busy'): FailureRule => ({ when, means });
const meaningBy = (failures: FailureRule[], given: WireResponse, over: Partial<Answered> = {}) =>
  findFailure({ ...connector, failures }, given, answered(over))?.meaning;

describe('a refusal that no rule explains', () => {
  it('is a redirect: it is not followed, and the hint says so', () => {
    const failure = findFailure({ ...connector, failures: [] }, response(302, ''), answered());
    expect(failure).toEqual({
      meaning: 'failed',
      hint: expect.stringContaining('redirects are not followed'),
    });
    expect(findFailure({ ...connector, failures: [] }, response(402, ''), answered())?.hint).toBeUndefined();
  });

  it.each<[string, string, string]>([
    [
      '/repositories/1?token=s3cret#x',
      'https://api.acme.example/repositories/1',
      'name it as it is called there',
    ],
    ['https://api.acme.example/new', 'https://api.acme.example/new', 'name it as it is called there'],
    ['https://me:s3cret@login.acme.example/in', 'https://login.acme.example/in', 'Check the environment'],
    [
      `https://api.acme.example/${'x'.repeat(400)}`,
      'https://api.acme.example',
      'name it as it is called there',
    ],
    ['javascript:alert(1)', 'another place', 'Check the environment'],
    ['no place', 'another place', 'Check the environment'],
  ])('names where a redirect to %s leads, without its query and user', (location, place, advice) => {
    const given = response(301, '', { location });
    const { hint } = findFailure({ ...connector, failures: [] }, given, answered()) ?? {};
    expect(hint).toContain(`to ${place};`);
    expect(hint).toContain(advice);
    expect(hint).not.toContain('s3cret');
  });

  it('names no more than the host where a token request is redirected: the path may hold a token', () => {
    const given = response(302, '', { location: 'https://api.acme.example/t0ken' });
    const { hint } = findFailure({ ...connector, failures: [] }, given, answered({ at: 'token' })) ?? {};
    expect(hint).toContain('to https://api.acme.example;');
  });

  it.each([
    [301, 'failed', 'failed'],
    [304, 'failed', 'failed'],
    [400, 'invalid', 'bad-credentials'],
    [401, 'expired', 'bad-credentials'],
    [402, 'failed', 'failed'],
    [403, 'forbidden', 'bad-credentials'],
    [404, 'not-found', 'not-found'],
    [405, 'failed', 'failed'],
    [409, 'conflict', 'conflict'],
    [410, 'not-found', 'not-found'],
    [412, 'conflict', 'conflict'],
    [413, 'too-large', 'too-large'],
    [422, 'invalid', 'invalid'],
    [429, 'throttled', 'throttled'],
    [500, 'unavailable', 'unavailable'],
    [503, 'unavailable', 'unavailable'],
    [599, 'unavailable', 'unavailable'],
  ])('of status %i is judged by it: %s, or %s for a token', (status, atCall, atToken) => {
    expect(meaningBy([], response(status))).toBe(atCall);
    expect(meaningBy([], response(status), { at: 'token' })).toBe(atToken);
  });

  it.each([200, 201, 204, 299])('of status %i is none', (status) => {
    expect(meaningBy([], response(status))).toBeUndefined();
  });

  it('may be in HTML, in broken JSON or empty', () => {
    for (const body of ['<html>Bad gateway</html>', '{"a":', ''])
      expect(findFailure(connector, response(502, body), answered())).toMatchObject({
        meaning: 'unavailable',
      });
    expect(findFailure(connector, response(502, '<html>'), answered())).not.toHaveProperty('message');
  });
});

describe('the words and the code of a refusal', () => {
  it('are looked for where the definition says, without its secrets, and then where they usually are', async () => {
    const own = await compileAcme(({ connector: raw }) => {
      raw.refusals = { message: 'fault.words', code: ['fault.no', 'fault.id'] };
    });
    const body = { message: 'm', fault: { words: ['bad the-key-secret', 'worse'], id: 'E7' } };
    const given = { ...answered(), settings: settle(own) };
    expect(findFailure(own, response(400, body), given)).toEqual({
      meaning: 'invalid',
      message: 'bad [redacted]; worse',
      code: 'E7',
    });
    expect(findFailure(own, response(400, { message: 'm', code: 'c' }), given)).toMatchObject({
      message: 'm',
      code: 'c',
    });
  });
});

describe('a rule', () => {
  it.each<[string, FailureCondition, WireResponse, Partial<Answered>]>([
    ['another status', { status: [403] }, response(402), {}],
    ['another class', { status: ['5xx'] }, response(404), {}],
    ['the other place', { at: 'token' }, response(400), {}],
    ['another host', { host: 'files' }, response(400), {}],
    ['another method', { methods: ['things.get'] }, response(400), {}],
    ['no method at all', { methods: ['things.get'] }, response(400), { at: 'token' }],
    ['another text', { text: ['quota'] }, response(400, 'no'), {}],
    ['no such header', { header: { name: 'X-Reason' } }, response(400), {}],
    [
      'another text in the header',
      { header: { name: 'X-Reason', text: ['quota'] } },
      response(400, {}, { 'x-reason': 'no' }),
      {},
    ],
    [
      'a header that only holds one of the values',
      { header: { name: 'X-Remaining', values: ['0'] } },
      response(403, {}, { 'x-remaining': '4990' }),
      {},
    ],
    [
      'a header with the value, but not the text',
      { header: { name: 'X-Remaining', values: ['0'], text: ['1'] } },
      response(403, {}, { 'x-remaining': '0' }),
      {},
    ],
    ['no such value', { body: [{ path: 'code' }] }, response(400, { other: 1 }), {}],
    ['a value that is null', { body: [{ path: 'code' }] }, response(400, { code: null }), {}],
    ['another value', { body: [{ path: 'code', values: ['E1'] }] }, response(400, { code: 'E2' }), {}],
    [
      'a value of another type',
      { body: [{ path: 'ok', values: [true] }] },
      response(400, { ok: 'true' }),
      {},
    ],
    ['a number within', { body: [{ path: 'code', values: ['1'] }] }, response(400, { code: [1] }), {}],
    ['what objects inherit', { body: [{ path: 'constructor' }] }, response(400, {}), {}],
    ['a body that is no JSON', { body: [{ path: 'code' }] }, response(400, 'code'), {}],
    ['a request that is small enough', { requestBytesOver: 10 }, response(400), { requestBytes: 10 }],
    ['a young token', { tokenOlderThanSeconds: 5 }, response(400), { tokenAgeSeconds: 5 }],
    ['no token', { tokenOlderThanSeconds: 0 }, response(400), {}],
    ['one condition of two', { status: [400], text: ['quota'] }, response(400, 'no'), {}],
  ])('does not hold for %s', (_, when, given, over) => {
    expect(meaningBy([rule(when)], given, over)).not.toBe('busy');
  });

  it.each<[string, FailureCondition, WireResponse, Partial<Answered>]>([
    ['one of its statuses', { status: [400, 402] }, response(402), {}],
    ['a class', { status: [400, '5xx'] }, response(599), {}],
    ['its place', { at: 'token' }, response(400), { at: 'token' }],
    ['its host', { host: 'files' }, response(400), { host: 'files' }],
    ['its method', { methods: ['things.get', 'things.list'] }, response(400), {}],
    ['a text in any case', { text: ['x', 'QuoTa'] }, response(400, 'Your quota is used up'), {}],
    ['a text in HTML', { text: ['quota'] }, response(502, '<html>QUOTA</html>'), {}],
    [
      'a header in any case',
      { header: { name: 'X-Reason', text: ['Quota'] } },
      response(400, {}, { 'x-reason': 'QUOTA used up' }),
      {},
    ],
    [
      'a header that is one of the values',
      { header: { name: 'X-Remaining', values: ['-1', '0'] } },
      response(403, {}, { 'x-remaining': ' 0' }),
      {},
    ],
    ['a header that is there', { header: { name: 'x-reason' } }, response(400, {}, { 'x-reason': '' }), {}],
    ['a value that is there', { body: [{ path: 'error.code' }] }, response(400, { error: { code: 0 } }), {}],
    ['a code as text', { body: [{ path: 'code', values: [1] }] }, response(400, { code: '1' }), {}],
    ['a code as number', { body: [{ path: 'code', values: ['1'] }] }, response(400, { code: 1 }), {}],
    ['one of its values', { body: [{ path: 'e.0', values: [1, false] }] }, response(400, { e: [false] }), {}],
    ['a request over the size', { requestBytesOver: 10 }, response(400), { requestBytes: 11 }],
    ['an old token', { tokenOlderThanSeconds: 5 }, response(400), { tokenAgeSeconds: 5.001 }],
  ])('holds for %s', (_, when, given, over) => {
    expect(meaningBy([rule(when)], given, over)).toBe('busy');
  });

  it('that comes first decides, with its hint', () => {
    const failures: FailureRule[] = [
      rule({ status: [403], text: ['quota'] }, 'throttled'),
      { ...rule({ status: [403] }, 'forbidden'), hint: 'Ask for it.' },
      rule({ status: ['4xx'] }, 'failed'),
    ];
    const found = (body: string) => findFailure({ ...connector, failures }, response(403, body), answered());
    expect(found('quota')).toEqual({ meaning: 'throttled', message: 'quota' });
    expect(found('no')).toEqual({ meaning: 'forbidden', message: 'no', hint: 'Ask for it.' });
  });
});

describe('a success', () => {
  it.each<[string, FailureCondition, WireResponse]>([
    ['a status alone', { status: [200] }, response(200, { error: 'x' })],
    ['a text without a status', { text: ['error'] }, response(200, { note: 'no error' })],
    ['a method alone', { methods: ['things.list'] }, response(200)],
    ['a size alone', { requestBytesOver: 0 }, response(200)],
    ['an error that is null', { body: [{ path: 'error' }] }, response(200, { error: null })],
    ['an error that is false', { body: [{ path: 'error' }] }, response(200, { error: false })],
    ['an error that is empty', { body: [{ path: 'error' }] }, response(200, { error: '' })],
    ['an empty list of errors', { body: [{ path: 'errors' }] }, response(200, { errors: [] })],
    ['an empty object of errors', { body: [{ path: 'errors' }] }, response(200, { errors: {} })],
    ['no content', { body: [{ path: 'error' }] }, response(204, '')],
    ['content that is no JSON', { body: [{ path: 'error' }] }, response(200, 'error: none')],
  ])('is not made a failure by %s', (_, when, given) => {
    expect(meaningBy([rule(when)], given)).toBeUndefined();
  });

  it.each<[string, FailureCondition, WireResponse]>([
    ['a value in the body', { body: [{ path: 'error' }] }, response(200, { error: 'expired' })],
    [
      'a code in the body',
      { body: [{ path: 'errcode', values: [40001] }] },
      response(200, { errcode: 40001 }),
    ],
    ['an object of errors', { body: [{ path: 'error' }] }, response(200, { error: { code: 1 } })],
    ['ok: false', { body: [{ path: 'ok', values: [false] }] }, response(200, { ok: false })],
    ['a header', { header: { name: 'x-error' } }, response(200, {}, { 'x-error': '1' })],
    [
      'a text, where the rule speaks of successes',
      { status: ['2xx'], text: ['log in'] },
      response(200, '<html>Please LOG IN</html>'),
    ],
  ])('is a failure when a rule finds %s', (_, when, given) => {
    expect(meaningBy([rule(when, 'expired')], given)).toBe('expired');
  });

  it('is what the fixture says it is', () => {
    expect(findFailure(connector, response(200, { error: 'broken' }), answered())).toEqual({
      meaning: 'failed',
      message: 'broken',
      code: 'broken',
    });
    expect(findFailure(connector, response(200, { data: [] }), answered())).toBeUndefined();
  });
});

describe('a claim', () => {
  const differs = rule(
    { claim: { name: 'tenant', differsFrom: [{ name: 'tenant' }] } },
    'wrong-organisation',
  );
  const meaning = (claims: Record<string, unknown> | undefined, tenant = 't1') =>
    meaningBy([differs], response(403), {
      claims: () => claims,
      settings: settle(connector, { ...accountValues, tenant }),
    });

  it('proves nothing when it is not there, not a text, or not readable', () => {
    for (const claims of [undefined, {}, { tenant: null }, { tenant: ['t2'] }, { tenant: true }])
      expect(meaning(claims)).toBe('forbidden');
    expect(meaningBy([differs], response(403))).toBe('forbidden');
  });

  it('that is as it should be explains nothing', () => {
    expect(meaning({ tenant: 't1' })).toBe('forbidden');
    expect(meaning({ tenant: 12 }, '12')).toBe('forbidden');
  });

  it('that differs explains the refusal', () => {
    expect(meaning({ tenant: 't2' })).toBe('wrong-organisation');
    expect(meaning({ tenant: 13 }, '12')).toBe('wrong-organisation');
  });

  it('may have a URL for a name', () => {
    const named = rule({ claim: { name: 'https://acme.example/org', differsFrom: [{ name: 'tenant' }] } });
    const over = { claims: () => ({ 'https://acme.example/org': 't2' }) };
    expect(meaningBy([named], response(403), over)).toBe('busy');
  });

  it('cannot differ from a setting that has no value', () => {
    const unset = rule({ claim: { name: 'tenant', differsFrom: [{ name: 'baseUrl' }] } });
    expect(meaningBy([unset], response(403), { claims: () => ({ tenant: 't2' }) })).toBe('forbidden');
  });

  it('is not read unless a rule asks', () => {
    const claims = () => {
      throw new Error('asked');
    };
    expect(meaningBy([rule({ status: [500] })], response(403), { claims })).toBe('forbidden');
  });
});

describe("the vendor's message", () => {
  it('comes without the secrets of the settings, wherever it would be cut', () => {
    for (let before = 470; before <= 500; before++) {
      const message = `${'x'.repeat(before)}the-key-secret`;
      const failure = findFailure(connector, response(400, { message }), answered());
      expect(failure?.message).not.toMatch(/the-?|key/);
    }
  });

  it('comes without a Basic header that it echoes', () => {
    const echo = `no such key: Basic ${Buffer.from('the-key-id:the-key-secret').toString('base64')}`;
    const failure = findFailure(connector, response(401, { message: echo }), answered({ at: 'token' }));
    expect(failure?.message).toBe('no such key: Basic [redacted]');
  });
});
