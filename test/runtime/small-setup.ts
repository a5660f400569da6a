/** URLs come in; the invented vendor's connector at these URLs goes out, with a key that the console or an account gives. */
import type { Connector } from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import { smallConnector } from '../sandbox/small-connector.ts';

export function connectorAt(
  urls: Readonly<Record<string, string>>,
  change: Partial<Connector> = {},
): Connector {
  const small = smallConnector();
  const { org, keyId, secret } = small.settings;
  if (!org || !keyId || !secret) throw new Error('the connector has other settings');
  const hosts = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, parseTemplate(url).template]),
  );
  return {
    ...small,
    settings: {
      org: { ...org, level: 'account' },
      keyId: { ...keyId, group: 'credentials' },
      secret: { ...secret, group: 'credentials', secret: true },
    },
    environments: { named: { main: { label: 'Main', hosts } } },
    ...change,
  };
}
