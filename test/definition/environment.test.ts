import { describe, expect, it } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { withEnvironment } from '../../src/definition/environment.ts';
import { accountValues, acme, compileAcme, settle } from '../helpers/acme.ts';

const hosts = { api: 'http://127.0.0.1:4000/api/', files: 'http://127.0.0.1:4000/files' };
const hostsOf = (connector: Connector, values: Record<string, string>) =>
  settle(connector, { ...accountValues, ...values }).hosts;

describe('an added environment', () => {
  it('must give a URL to every host: a forgotten one would reach the real vendor', async () => {
    const connector = await acme();
    expect(() => withEnvironment(connector, 'sandbox', 'Sandbox', { api: hosts.api })).toThrow('"files"');
  });

  it('is chosen like the others, and only when it is', async () => {
    const connector = withEnvironment(await acme(), 'sandbox', 'Sandbox', hosts);
    expect(hostsOf(connector, { region: 'sandbox' })).toEqual({
      api: 'http://127.0.0.1:4000/api',
      files: 'http://127.0.0.1:4000/files',
    });
    expect(hostsOf(connector, { region: 'eu' }).api).toBe('https://api.acme.example');
    expect(hostsOf(connector, { region: 'us' }).api).toBe('https://api.us.acme.example');
  });

  it('is offered last among the choices', async () => {
    const connector = withEnvironment(await acme(), 'sandbox', 'Sandbox', hosts);
    expect(connector.settings.region?.choices).toEqual([
      { value: 'eu', label: 'Europe' },
      { value: 'sandbox', label: 'Sandbox' },
    ]);
  });

  it('may have a name that the pattern of the setting forbids to others', async () => {
    const connector = withEnvironment(await acme(), 'sand-box-1', 'Sandbox', hosts);
    expect(hostsOf(connector, { region: 'sand-box-1' }).files).toBe('http://127.0.0.1:4000/files');
  });

  it('leaves the connector it came from as it was', async () => {
    const connector = await acme();
    const before = JSON.stringify(connector);
    const changed = withEnvironment(connector, 'sandbox', 'Sandbox', hosts);
    expect(JSON.stringify(connector)).toBe(before);
    expect(Object.isFrozen(changed.settings.region?.choices)).toBe(true);
    expect(changed.methods).toBe(connector.methods);
  });
});

describe('a connector with one environment and no choice', () => {
  const single = () =>
    compileAcme(({ connector }) => {
      const { eu } = connector.environments.named;
      connector.environments = { named: { ...(eu && { eu }) } };
      delete connector.settings.region;
    });

  it('gets a setting that chooses, with the real environment as its default', async () => {
    const connector = withEnvironment(await single(), 'sandbox', 'Sandbox', hosts);
    expect(connector.settings.environment).toMatchObject({ level: 'account', default: 'eu', required: true });
    expect(hostsOf(connector, {}).api).toBe('https://api.acme.example');
    expect(hostsOf(connector, { environment: 'sandbox' }).api).toBe('http://127.0.0.1:4000/api');
  });

  it('is refused when that name is taken by something else', async () => {
    const connector = await single();
    const taken = {
      ...connector,
      settings: { ...connector.settings, environment: connector.settings.tenant as never },
    };
    expect(() => withEnvironment(taken, 'sandbox', 'Sandbox', hosts)).toThrow('"environment"');
  });
});

describe('an environment that any text could name', () => {
  const open = () =>
    compileAcme(({ connector }) => {
      const { region } = connector.settings;
      if (!region) throw new Error('the fixture has lost a setting');
      delete region.choices;
      delete region.open;
    });

  it('still can be named by any text of the pattern, once another one was added', async () => {
    const connector = withEnvironment(await open(), 'sandbox', 'Sandbox', hosts);
    expect(() => hostsOf(connector, { region: 'US' })).toThrow();
    expect(hostsOf(connector, { region: 'eu' }).api).toBe('https://api.acme.example');
    expect(hostsOf(connector, { region: 'us' }).api).toBe('https://api.us.acme.example');
    expect(hostsOf(connector, { region: 'sandbox' }).api).toBe('http://127.0.0.1:4000/api');
    expect(connector.settings.region?.choices?.map(({ value }) => value)).toEqual(['eu', 'sandbox']);
  });
});
