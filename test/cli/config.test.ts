import { describe, expect, it } from 'vitest';
import {
  readAllowedAddresses,
  readConnectorFolders,
  readDataFolder,
  readKeySource,
  readLimitShare,
  readLogLevel,
  readPort,
  readRememberMs,
  readTrustProxy,
  readWatching,
} from '../../src/config.ts';
import { Secret } from '../../src/secret.ts';

describe('the configuration', () => {
  it('refuses to start without a key, and with two', () => {
    expect(() => readKeySource({}, '/')).toThrow(expect.objectContaining({ code: 'store.key-missing' }));
    expect(() => readKeySource({ FISHPLATE_KEY: '' }, '/')).toThrow(
      expect.objectContaining({ code: 'store.key-missing' }),
    );
    expect(() => readKeySource({ FISHPLATE_KEY: 'a', FISHPLATE_KEY_FILE: 'b' }, '/')).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });

  it.each(['-1', '65536', '80a', '1e3', ''])(
    'refuses the port "%s", and says where it comes from',
    (port) => {
      expect(() => readPort(port, {})).toThrow(/^--port is /);
      if (port !== '')
        expect(() => readPort(undefined, { FISHPLATE_PORT: port })).toThrow(/^FISHPLATE_PORT is /);
    },
  );

  it.each([
    ['FISHPLATE_METRICS_TOKEN', 'too-short'],
    ['FISHPLATE_METRICS_TOKEN', 'long enough but with spaces'],
    ['FISHPLATE_CALL_LOG', 'none'],
    ['FISHPLATE_CALL_LOG_DETAIL', 'some'],
    ['FISHPLATE_CALL_LOG_DAYS', '0'],
    ['FISHPLATE_CALL_LOG_ROWS', '1e6'],
    ['FISHPLATE_AUDIT_DAYS', '-1'],
    ['FISHPLATE_TRACE_VENDORS', 'sometimes'],
  ])('refuses %s when it is "%s", and never repeats a token', (name, value) => {
    const refusal = (() => {
      try {
        readWatching({ [name]: value });
      } catch (error) {
        return error as Error & { code: string };
      }
    })();
    expect(refusal).toMatchObject({ code: 'config.invalid', message: expect.stringContaining(name) });
    if (name.endsWith('TOKEN')) expect(refusal?.message).not.toContain(value);
  });

  it('reads what is to be watched and kept, and leaves the usual to the runtime', () => {
    expect(readWatching({})).toEqual({ tellVendors: false, retention: {} });
    const env = {
      FISHPLATE_METRICS_TOKEN: 'a-token-for-scrapers',
      FISHPLATE_TRACE_VENDORS: 'Yes',
      FISHPLATE_CALL_LOG: 'notable',
      FISHPLATE_CALL_LOG_DETAIL: 'ALL',
      FISHPLATE_CALL_LOG_DAYS: '7',
      FISHPLATE_CALL_LOG_ROWS: '5000',
      FISHPLATE_AUDIT_DAYS: '400',
    };
    const { metricsToken, ...read } = readWatching(env);
    expect(metricsToken?.reveal()).toBe('a-token-for-scrapers');
    expect(read).toEqual({
      ...{ tellVendors: true, callDetail: 'all', loggedCalls: 'notable' },
      retention: { callDays: 7, callRows: 5_000, auditDays: 400 },
    });
  });

  it('refuses a level that does not exist', () => {
    expect(() => readLogLevel({ FISHPLATE_LOG_LEVEL: 'loud' })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });

  it('allows no address that is not public unless one is named, and refuses what is no address', () => {
    expect(readAllowedAddresses({})).toEqual([]);
    expect(readAllowedAddresses({ FISHPLATE_ALLOW_ADDRESSES: 'loopback, 10.1.0.0/16' })).toEqual([
      'loopback',
      '10.1.0.0/16',
    ]);
    expect(() => readAllowedAddresses({ FISHPLATE_ALLOW_ADDRESSES: 'my-host' })).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        message: 'FISHPLATE_ALLOW_ADDRESSES holds "my-host", which is no address and no network',
      }),
    );
  });

  it('keeps a key that is given in the environment as a secret', () => {
    const { key } = readKeySource({ FISHPLATE_KEY: 'abc' }, '/');
    expect(key).toBeInstanceOf(Secret);
    expect(key?.reveal()).toBe('abc');
  });

  it('lets options go before variables, and variables before what is usual', () => {
    const env = { FISHPLATE_PORT: '1', FISHPLATE_DATA: 'there', FISHPLATE_CONNECTORS: 'a:b' };
    expect([readPort('2', env), readPort(undefined, env), readPort(undefined, {})]).toEqual([2, 1, 8787]);
    expect(readDataFolder('here', env, '/x')).toBe('/x/here');
    expect(readDataFolder(undefined, env, '/x')).toBe('/x/there');
    expect(readDataFolder(undefined, {}, '/x')).toBe('/x/data');
    expect(readConnectorFolders(undefined, env, '/x')).toEqual(['/x/a', '/x/b']);
    expect(readConnectorFolders(['/c'], env, '/x')).toEqual(['/c']);
  });
});

describe('the part of the limits', () => {
  it.each(['0', '-1', '1.01', 'half', '1e-3', '.'])('is not %j', (text) => {
    expect(() => readLimitShare({ FISHPLATE_LIMIT_SHARE: text })).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(text) }),
    );
  });

  it('is all of them unless told otherwise', () => {
    expect(['', '1', '0.25', '.5'].map((text) => readLimitShare({ FISHPLATE_LIMIT_SHARE: text }))).toEqual([
      1, 1, 0.25, 0.5,
    ]);
  });
});

describe('how long answers to keys are kept', () => {
  it.each(['0', '-1', 'a day', '24h', '8761', '1e3'])('is no %j', (text) => {
    expect(() => readRememberMs({ FISHPLATE_IDEMPOTENCY_HOURS: text })).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(text) }),
    );
  });

  it('is given in hours, or left to the runtime', () => {
    expect(readRememberMs({ FISHPLATE_IDEMPOTENCY_HOURS: '0.5' })).toBe(1_800_000);
    expect(readRememberMs({ FISHPLATE_IDEMPOTENCY_HOURS: '' })).toBeUndefined();
  });
});

describe('the proxies that are believed', () => {
  it.each([
    '0',
    '10',
    'true',
    '*',
    '10.0.0.1/33',
    '::/129',
    'example.com',
    '10.0.0.0/8/8',
    '10.0.0.1,',
    ' , ',
  ])('cannot be "%s"', (text) => {
    expect(() => readTrustProxy({ FISHPLATE_TRUST_PROXY: text })).toThrow(/^FISHPLATE_TRUST_PROXY is /);
  });

  it('are a number of them, or addresses and networks; none when nobody says so', () => {
    const read = (text: string) => readTrustProxy({ FISHPLATE_TRUST_PROXY: text });
    expect(readTrustProxy({})).toBeUndefined();
    expect(read('1')).toBe(1);
    expect(read('10.0.0.5, fd00::/8,loopback')).toEqual(['10.0.0.5', 'fd00::/8', 'loopback']);
  });
});
