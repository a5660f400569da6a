import { afterEach, describe, expect, it, vi } from 'vitest';
import { isApiError, isSignedOut, readError } from '../../src/console/api/api-error.ts';
import { ask, pathOf, request } from '../../src/console/api/request.ts';
import { rightOf } from '../../src/console/api/session.ts';

const answering = (status: number, body: string, type = 'application/json; charset=utf-8') => {
  const fetch = vi.fn(
    async (..._: unknown[]) =>
      new Response(body, { status, headers: { 'X-Request-Id': 'req-1', 'Content-Type': type } }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
};
afterEach(() => vi.unstubAllGlobals());

describe('a request of the console', () => {
  it('throws everything that the API says of an error', async () => {
    const Problems = [{ Path: 'name', Message: 'is taken', Hint: 'choose another' }];
    const Vendor = { Status: 401, Message: 'no' };
    answering(
      424,
      JSON.stringify({
        Message: 'm',
        Code: 'c.d',
        Category: 'credentials',
        Hint: 'h',
        RequestId: 'r',
        Problems,
        Vendor,
      }),
    );
    const error = await request('GET', '/x').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      ...{ code: 'c.d', category: 'credentials', message: 'm', hint: 'h', requestId: 'r', status: 424 },
      problems: [{ path: 'name', message: 'is taken', hint: 'choose another' }],
      vendor: { status: 401, message: 'no' },
    });
    expect(isApiError(error, 'c.d')).toBe(true);
    expect(isSignedOut(error)).toBe(false);
  });

  it.each([
    [502, '<html>Bad gateway</html>'],
    [500, '{"error":"other"}'],
    [200, '<html>Sign in to the wifi</html>'],
  ])('names an answer (%i) that is not of this API', async (status, body) => {
    answering(status, body);
    await expect(request('GET', '/x')).rejects.toMatchObject({
      code: 'console.unreadable',
      status,
      requestId: 'req-1',
    });
  });

  it('says that no answer came, and lets an abort through as it is', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(request('GET', '/x')).rejects.toMatchObject({
      code: 'console.unreachable',
      category: 'unavailable',
    });
    const signal = AbortSignal.abort();
    await expect(request('GET', '/x', { signal })).rejects.toBeInstanceOf(TypeError);
  });

  it('says that it comes from the console, and for which account; leaves empty filters out', async () => {
    const fetch = answering(200, '[1]');
    const answer = await ask('GET', '/x', { account: 'acme', query: { page: 2, of: '', at: undefined } });
    expect(answer.body).toEqual([1]);
    const [url, options] = fetch.mock.calls[0] as [string, RequestInit];
    expect(url).toBe('/x?page=2');
    expect(options).toMatchObject({
      ...{ method: 'GET', credentials: 'same-origin' },
      headers: { 'X-Fishplate-Console': '1', 'X-Cyclr-Account': 'acme' },
    });
    expect(options).not.toHaveProperty('body');
  });

  it('encodes what it puts into a path', () => {
    expect(pathOf`accounts/${'a/b ?'}/calls/${5}`).toBe('/v1.0/accounts/a%2Fb%20%3F/calls/5');
  });
});

describe('a right', () => {
  const ServiceUser = { Id: '1', Name: 'Robot', Policies: ['ReadOnly'] };
  it('is there or says why not', () => {
    const session = { ServiceUser, AccountId: null, May: ['accounts:read'] };
    expect(rightOf(session, 'accounts:read')).toEqual({ allowed: true, reason: '' });
    expect(rightOf(session, 'accounts:write').reason).toBe(
      'Robot has ReadOnly, which does not allow accounts:write.',
    );
    expect(rightOf(null, 'accounts:read').allowed).toBe(false);
  });
});

describe('our own 401', () => {
  it('is the end of the session', () => {
    const body = {
      Message: 'm',
      Code: 'access.unauthenticated',
      Category: 'unauthenticated',
      Hint: '',
      RequestId: 'r',
    };
    expect(isSignedOut(readError(401, body, undefined))).toBe(true);
  });
});
