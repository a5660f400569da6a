/** A running harness comes in; what a person wants to know of it, and the next three commands to try, go out. */
import { relative, resolve } from 'node:path';
import { DEFAULT_DATA, readVariable } from '../config.ts';
import { credentialTemplates } from '../definition/auth-settings.ts';
import type { Connector, Setting } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import { sampleSetting } from '../sandbox/sample-setting.ts';
import { loadDemoScript } from './demo-script.ts';
import type { SandboxAddress } from './harness-file.ts';
import { type Harness, SANDBOX_ENVIRONMENT } from './harness-start.ts';
import type { Io } from './io.ts';
import { packageVersion } from './package.ts';

export async function formatHarness(
  harness: Harness,
  dataFolder: string | undefined,
  io: Io,
): Promise<string> {
  const { file } = harness;
  const sandboxes = Object.entries(file.sandbox).map(
    ([name, address]) => `\n${name} sandbox\n${formatFields(address)}`,
  );
  const api = {
    url: file.apiUrl,
    documentation: `${file.apiUrl}/openapi.json`,
    'client id': file.clientId,
    'client secret': file.clientSecret,
    account: file.account,
    data: dataFolder ?? 'in memory, gone when it stops',
  };
  const unplayed = harness.connectors.filter(({ connector }) => !file.sandbox[connector.name]);
  const names = [...new Set(unplayed.map(({ connector }) => connector.name))];
  const others =
    names.length === 0 ? '' : `\nwithout a sandbox, for want of a sandbox.yaml: ${names.join(', ')}\n`;
  const next = await nextCommands(harness, dataFolder, io);
  const console = `\nConsole\n  ${harness.signInUrl}\n  signs you in, once; "npx fishplate sign-in" makes another such link\n`;
  const parts = [console, `\nAPI\n${formatFields(api)}`, ...sandboxes, others, next];
  return `Fishplate ${packageVersion()} harness\n${parts.join('')}\nCtrl-C stops it.\n`;
}

function formatFields(fields: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`)
    .join('');
}

/** Commands that work as they stand, in another terminal of the same folder. Nothing without a sandbox to try them on. */
async function nextCommands(harness: Harness, dataFolder: string | undefined, io: Io): Promise<string> {
  const { file, connectors, added } = harness;
  // Whoever adds a connector wants to try that one, and need not have written a demo of it.
  for (const loaded of [...added, ...connectors]) {
    const { connector, folder } = loaded;
    const address = file.sandbox[connector.name];
    const demo = address && (await loadDemoScript(folder, connector));
    const script = demo && 'script' in demo ? demo.script : undefined;
    const method = script?.try ?? (added.includes(loaded) ? connector.test.method : undefined);
    if (!address || method === undefined) continue;
    const installation = await activeInstallation(harness, connector);
    const commands = installation
      ? [`test ${quoted(installation)}`, `call ${quoted(installation)} ${method}`, 'logs']
      : firstCommands(connector, address, method);
    const data = dataOption(dataFolder, io);
    const lines = commands.map((command) => `  npx fishplate ${command}${data}\n`);
    const others = otherLines(harness, connector, data);
    return `\nTry these in another terminal, in this folder:\n${exportLine(harness, dataFolder)}${lines.join('')}${others}`;
  }
  return otherLines(harness, undefined, dataOption(dataFolder, io));
}

/** Each sandbox that is not tried above can be installed by a line of its own. */
function otherLines({ connectors, file }: Harness, tried: Connector | undefined, data: string): string {
  const played = connectors.filter(
    ({ connector }) => file.sandbox[connector.name] && connector.name !== tried?.name,
  );
  const newest = new Map(played.map(({ connector }) => [connector.name, connector]));
  const lines = [...newest.values()].flatMap((connector) =>
    installCommands(connector, file.sandbox[connector.name] ?? {}, () => false).map(
      (command) => `  npx fishplate ${command}${data}\n`,
    ),
  );
  return lines.length === 0 ? '' : `\nThe other sandboxes are installed so:\n${lines.join('')}`;
}

function firstCommands(connector: Connector, address: SandboxAddress, method: string): string[] {
  const [auth] = connector.auth;
  const credentials = auth ? credentialTemplates(auth).flatMap(placeholderNames) : [];
  const commands = installCommands(connector, address, (key) => credentials.includes(key));
  return [...commands, `call ${quoted(connector.title)} ${method}`];
}

/** What only the console may give, and what `shared` says, goes to `setup`; the rest, with the environment, to `install`. */
function installCommands(
  { name, settings, environments, auth: [auth] }: Connector,
  address: SandboxAddress,
  shared: (key: string) => boolean,
): string[] {
  // What other ways to authenticate need is not asked for, and would keep a group's values from coming from one level.
  const needed = Object.values(settings).filter(
    ({ key, required, default: usual, auth: ways }) =>
      key !== environments.setting &&
      (address[key] !== undefined ||
        (required && usual === undefined && (!ways || !auth || ways.includes(auth.id)))),
  );
  const isShared = ({ key, level }: Setting) => level === 'console' || (level === 'either' && shared(key));
  const pairs = (list: readonly Setting[]) =>
    list.map((setting) => `${setting.key}=${quoted(address[setting.key] ?? sampleSetting(setting))}`);
  const setup = pairs(needed.filter(isShared));
  const place = environments.setting === undefined ? [] : [`${environments.setting}=${SANDBOX_ENVIRONMENT}`];
  const own = [...place, ...pairs(needed.filter((setting) => !isShared(setting)))];
  return [
    ...(setup.length > 0 ? [['setup', name, ...setup].join(' ')] : []),
    ['install', name, ...own].join(' '),
  ];
}

/** Quotes for the shell, where a name has more than plain letters. */
const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

/** Name of an installation that works already, so that a second start does not ask for a second one. */
async function activeInstallation({ api, file }: Harness, connector: Connector): Promise<string | undefined> {
  const views = await api.runtime.installations(file.account);
  return views.find(({ row }) => row.connector === connector.name && row.state === 'active')?.row.name;
}

/** The other terminal has the same folder, but perhaps not the same variables. */
function dataOption(dataFolder: string | undefined, io: Io): string {
  const isUsual = dataFolder === resolve(io.cwd, DEFAULT_DATA);
  if (dataFolder === undefined || (isUsual && readVariable(io.env, 'FISHPLATE_DATA') === undefined))
    return '';
  const path = relative(io.cwd, dataFolder);
  return ` --data ${path.startsWith('..') ? dataFolder : path}`;
}

/** Without a data folder there is nothing to find the harness by. */
function exportLine({ file }: Harness, dataFolder: string | undefined): string {
  if (dataFolder !== undefined) return '';
  const { apiUrl, clientId, clientSecret } = file;
  return `  export FISHPLATE_URL=${apiUrl} FISHPLATE_CLIENT_ID=${clientId} FISHPLATE_CLIENT_SECRET=${clientSecret}\n`;
}
