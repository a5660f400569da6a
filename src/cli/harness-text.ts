/** A running harness comes in; what a person wants to know of it, and the next three commands to try, go out. */
import { relative, resolve } from 'node:path';
import { DEFAULT_DATA, readVariable } from '../config.ts';
import { credentialTemplates } from '../definition/auth-settings.ts';
import type { Connector } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
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
    return `\nTry these in another terminal, in this folder:\n${exportLine(harness, dataFolder)}${lines.join('')}`;
  }
  return '';
}

function firstCommands(connector: Connector, address: SandboxAddress, method: string): string[] {
  const [auth] = connector.auth;
  const credentials = auth ? [...new Set(credentialTemplates(auth).flatMap(placeholderNames))] : [];
  const { setting: environment } = connector.environments;
  const others = Object.keys(address).filter(
    (key) => Object.hasOwn(connector.settings, key) && !credentials.includes(key),
  );
  const pairs = (keys: readonly string[]) => keys.map((key) => `${key}=${address[key] ?? ''}`).join(' ');
  const place = environment === undefined ? '' : `${environment}=${SANDBOX_ENVIRONMENT} `;
  return [
    `setup ${connector.name} ${pairs(credentials)}`,
    `install ${connector.name} ${place}${pairs(others)}`,
    `call ${quoted(connector.title)} ${method}`,
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
