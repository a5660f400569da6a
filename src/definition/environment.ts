/** A connector and one more environment come in; the connector that offers it too goes out. */
import { deepFreeze } from './compile.ts';
import type { Connector, Environments, Setting } from './connector.ts';
import { integerId } from './ids.ts';

/**
 * Adds an environment with fixed hosts, such as a sandbox on this machine, and offers it in the environment's choices.
 * Definitions can only name https hosts; this is how a harness, and nothing else, brings in its own. A connector with
 * one environment and no setting to choose it gets such a setting, `environment`. Throws a TypeError when one of the
 * connector's hosts is given no URL.
 */
export function withEnvironment(
  connector: Connector,
  name: string,
  label: string,
  hosts: Readonly<Record<string, string>>,
): Connector {
  const { environments } = connector;
  const all = [...Object.values(environments.named), environments.other].flatMap((one) =>
    Object.keys(one?.hosts ?? {}),
  );
  const absent = all.find((host) => !Object.hasOwn(hosts, host));
  if (absent !== undefined)
    throw new TypeError(`the environment "${name}" has no URL for the host "${absent}"`);
  const templates = Object.fromEntries(
    Object.entries(hosts).map(([host, url]) => [host, [url.replace(/\/$/, '')]]),
  );
  const chooser = connector.settings[environments.setting ?? ''] ?? chooserOf(connector);
  return deepFreeze({
    ...connector,
    environments: {
      ...environments,
      setting: chooser.key,
      named: { ...environments.named, [name]: { label, hosts: templates } },
    },
    settings: {
      ...connector.settings,
      [chooser.key]: {
        ...chooser,
        // A setting that could be any text so far still can.
        open: chooser.open || chooser.choices === undefined,
        choices: [...(chooser.choices ?? choicesOf(environments)), { value: name, label }],
      },
    },
  });
}

const choicesOf = ({ named }: Environments) =>
  Object.entries(named).map(([value, { label }]) => ({ value, label }));

/** The setting that chooses between the environments, for a connector that had no choice so far. */
function chooserOf({ name, version, settings, environments }: Connector): Setting {
  const key = 'environment';
  if (Object.hasOwn(settings, key)) throw new TypeError(`${name} has a setting "${key}" of another kind`);
  const known = choicesOf(environments);
  return {
    key,
    id: integerId(name, version, 'setting', key),
    label: 'Environment',
    description: 'Which of the environments to work in.',
    level: 'account',
    required: true,
    secret: false,
    multiline: false,
    overridable: 'none',
    ...(known[0] && { default: known[0].value }),
    choices: known,
    open: false,
    maxLength: 100,
    aliases: [],
  };
}
