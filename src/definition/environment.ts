/** A connector and one more environment come in; the connector that offers it too goes out. */
import type { Connector } from './connector.ts';

/**
 * Adds an environment with fixed hosts, such as a sandbox on this machine, and offers it in the environment's choices.
 * Definitions can only name https hosts; this is how a harness, and nothing else, brings in its own.
 */
export function withEnvironment(
  connector: Connector,
  name: string,
  label: string,
  hosts: Readonly<Record<string, string>>,
): Connector {
  const { setting } = connector.environments;
  const templates = Object.fromEntries(
    Object.entries(hosts).map(([host, url]) => [host, [url.replace(/\/$/, '')]]),
  );
  const chooser = setting === undefined ? undefined : connector.settings[setting];
  const named = Object.freeze({
    ...connector.environments.named,
    [name]: Object.freeze({ label, hosts: Object.freeze(templates) }),
  });
  return Object.freeze({
    ...connector,
    environments: Object.freeze({ ...connector.environments, named }),
    settings:
      chooser === undefined
        ? connector.settings
        : Object.freeze({
            ...connector.settings,
            [chooser.key]: Object.freeze({
              ...chooser,
              choices: [...(chooser.choices ?? []), { value: name, label }],
            }),
          }),
  });
}
