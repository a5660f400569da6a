/** The fixture connector, as it is or changed; its settings resolved from values; methods changed in one respect. */
import { compile } from '../../src/definition/compile.ts';
import type { Connector, Method } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import type { RawConnector, RawMethods } from '../../src/definition/raw.ts';
import { loadSource } from '../../src/definition/source.ts';
import type { GivenValues, ResolvedSettings } from '../../src/installation/installation.ts';
import { completeSettings, resolveSettings } from '../../src/installation/settings.ts';
import { fixture } from './overlay.ts';

export const acme = () => loadConnectorOrThrow(fixture('acme'));

/** Account values with which nothing is missing. */
export const accountValues = { keyId: 'the-key-id', keySecret: 'the-key-secret', tenant: 't1' };

/** Resolved settings; throws what `completeSettings` throws. */
export function settle(
  connector: Connector,
  account: GivenValues = accountValues,
  console: GivenValues = {},
): ResolvedSettings {
  return completeSettings(connector, resolveSettings(connector, { console, account }));
}

/** A method of the connector, changed in one respect. */
export function methodOf(connector: Connector, key: string, change: Partial<Method> = {}): Method {
  const method = connector.methods[key];
  if (!method) throw new Error(`the fixture has no method ${key}`);
  return { ...method, ...change };
}

/** The fixture's YAML as data, for a test to change before it is compiled. */
export interface RawAcme {
  connector: RawConnector;
  things: RawMethods;
}

/** Compiles the fixture after `change`; neither schemas nor rules look at the result. */
export async function compileAcme(change: (raw: RawAcme) => void): Promise<Connector> {
  const source = await loadSource(fixture('acme'));
  const files = source.files.map((file) => ({ ...file, data: structuredClone(file.data) }));
  const dataOf = (path: string) => files.find((file) => file.path === path)?.data;
  change({
    connector: dataOf('connector.yaml') as RawConnector,
    things: dataOf('methods/things.yaml') as RawMethods,
  });
  return compile({ ...source, files });
}
