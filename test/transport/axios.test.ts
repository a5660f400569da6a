import { inspect } from 'node:util';
import nock from 'nock';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { type AxiosSendOptions, createAxiosSend } from '../../src/transport/axios.ts';
import type { SendOptions, WireRequest } from '../../src/wire.ts';

const HOST = 'https://api.acme.example';
const request: WireRequest = {
  method: 'POST',
  url: `${HOST}/t1/things?key=query-s3cret`,
  headers: { authorization: 'Bearer header-s3cret', 'content-type': 'application/json' },
  body: '{"password":"body-s3cret"}',
};

afterEach(() => nock.cleanAll());

function createSend(options?: AxiosSendOptions) {
  const send = createAxiosSend({ adapter: 'http', ...options });
  onTestFinished(() => send.close());
  return send;
}

const errorOf = async (sent: WireRequest = request, options?: SendOptions, made?: AxiosSendOptions) => {
  const error: unknown = await createSend(made)(sent, options).catch((reason: unknown) => reason);
  if (!(error instanceof FishplateError)) throw new Error(`not a FishplateError: ${inspect(error)}`);
  return error;
};
const shown = (error: Error) =>
  [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error.stack)].join('\n');

describe('a request that never left', () => {
  it('says so when its host does not exist', async () => {
    nock(HOST)
      .post(/./)
      .query(true)
      .replyWithError(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await errorOf()).toMatchObject({
      code: 'transport.host-not-found',
      outcome: 'not-sent',
      message: 'the host api.acme.example does not exist',
    });
  });

  it.each([
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EPROTO',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('says so when no connection could be made, and why: %s', async (code) => {
    nock(HOST)
      .post(/./)
      .query(true)
      .replyWithError(Object.assign(new Error('header-s3cret'), { code }));
    expect(await errorOf()).toMatchObject({
      code: 'transport.unreachable',
      outcome: 'not-sent',
      message: `no connection to api.acme.example (${code})`,
    });
  });

  it('says so too when the system gave up connecting', async () => {
    const connect = Object.assign(new Error('x'), { code: 'ETIMEDOUT', syscall: 'connect' });
    nock(HOST).post(/./).replyWithError(connect);
    expect(await errorOf()).toMatchObject({ code: 'transport.unreachable', outcome: 'not-sent' });
  });

  it('because its caller had left before', async () => {
    const interceptor = nock(HOST).post(/./).query(true).reply(200);
    const error = await errorOf(request, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ code: 'transport.cancelled', category: 'cancelled', outcome: 'not-sent' });
    expect(interceptor.isDone()).toBe(false);
  });

  it('because its URL is none, is a defect of ours', async () => {
    await expect(createSend()({ ...request, url: 'undefined/x' })).rejects.toThrow(TypeError);
  });
});

describe('a request that may have arrived', () => {
  it.each([
    ['ECONNRESET', 'transport.interrupted'],
    ['EPIPE', 'transport.interrupted'],
    ['HPE_INVALID_CONSTANT', 'transport.interrupted'],
    ['SOMETHING_NEW', 'transport.interrupted'],
    ['ETIMEDOUT', 'transport.timeout'],
    ['ECONNABORTED', 'transport.timeout'],
  ])('is not called unsent: %s', async (code, ours) => {
    nock(HOST)
      .post(/./)
      .query(true)
      .replyWithError(Object.assign(new Error('header-s3cret'), { code }));
    expect(await errorOf()).toMatchObject({ code: ours, outcome: 'sent-unknown' });
  });

  it('waits however long it may, without a timer that overflows', async () => {
    nock(HOST).post(/./).query(true).reply(200, 'done');
    expect((await createSend()(request, { timeoutMs: Number.MAX_SAFE_INTEGER })).body).toBe('done');
  });
});

describe('no error', () => {
  it('shows credentials, query or body, however deep one looks', async () => {
    nock(HOST).post(/./).query(true).replyWithError(new Error('header-s3cret query-s3cret'));
    expect(shown(await errorOf())).not.toContain('s3cret');
  });
});
