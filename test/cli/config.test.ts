import { describe, expect, it } from 'vitest';
import {
  readConnectorFolders,
  readDataFolder,
  readKeySource,
  readLogLevel,
  readPort,
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

  it('refuses a level that does not exist', () => {
    expect(() => readLogLevel({ FISHPLATE_LOG_LEVEL: 'loud' })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
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
