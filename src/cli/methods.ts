/** `fishplate methods`: a connector comes in, what it can do goes out. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConnectorFolders } from '../config.ts';
import type { Connector, Method } from '../definition/connector.ts';
import { createLibrary } from '../definition/library.ts';
import { didYouMean } from '../definition/problem.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import { isConnectorFolder } from './connector-folders.ts';
import { loadConnectorFolder, loadConnectors } from './connectors.ts';
import type { Io } from './io.ts';
import { describeMethod } from './methods-view.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface MethodsOptions {
  readonly json?: boolean;
  readonly category?: string;
  readonly search?: string;
  readonly connectors?: readonly string[];
}

export function methodsCommand({ io }: CommandContext): Command {
  return createCommand('methods', io, {
    description: 'Lists the methods of a connector. Nothing needs to run for it.',
    examples: [
      'methods acme',
      'methods acme --category Accounts',
      'methods acme --json --search "list meter"',
    ],
  })
    .argument('<connector>', 'its name, or the folder it is in')
    .option('--category <name>', 'only the methods of this category')
    .option('--search <words>', 'only the methods with all these words in key, name or description')
    .option('--connectors <dir>', 'folder of further connectors; may be repeated', collect)
    .option(
      '--json',
      'print a JSON array: {key, uuid, id, name, category, verb, host, path, warning, parameters, body}',
    )
    .action(async (name: string, options: MethodsOptions) => {
      const connector = await findConnector(name, options, io);
      const methods = selectMethods(connector, options);
      const text = options.json ? formatJson(connector, methods) : formatMethods(connector, methods);
      io.stdout.write(text);
    });
}

async function findConnector(name: string, options: MethodsOptions, io: Io): Promise<Connector> {
  const folder = resolve(io.cwd, name);
  if (isConnectorFolder(folder)) return (await loadConnectorFolder(folder)).connector;
  const loaded = await loadConnectors(readConnectorFolders(options.connectors, io.env, io.cwd));
  return createLibrary(loaded.map(({ connector }) => connector)).find(name);
}

function selectMethods(connector: Connector, { category, search }: MethodsOptions): Method[] {
  const methods = Object.values(connector.methods);
  if (category !== undefined) assertCategory(methods, category);
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return methods.filter((method) => {
    const text = `${method.key} ${method.name} ${method.category} ${method.description}`.toLowerCase();
    const isWanted = category === undefined || method.category.toLowerCase() === category.toLowerCase();
    return isWanted && words.every((word) => text.includes(word));
  });
}

function assertCategory(methods: readonly Method[], wanted: string): void {
  const known = [...new Set(methods.map((method) => method.category))];
  if (known.some((category) => category.toLowerCase() === wanted.toLowerCase())) return;
  throw usageError(
    `there is no category "${wanted}"`,
    didYouMean(wanted, known) ?? `There are ${known.join(', ')}.`,
  );
}

const formatJson = (connector: Connector, methods: readonly Method[]): string =>
  `${JSON.stringify(
    methods.map((method) => describeMethod(connector, method)),
    null,
    2,
  )}\n`;

function formatMethods(connector: Connector, methods: readonly Method[]): string {
  const rows = methods.map((method) => {
    const described = describeMethod(connector, method);
    return [described.key, described.name, described.category, described.verb, described.path];
  });
  const table = formatTable(['key', 'name', 'category', 'verb', 'path'], rows);
  const warnings = methods.flatMap(({ key, warning }) =>
    warning === undefined ? [] : [`! ${key}: ${warning}\n`],
  );
  return [table, ...warnings].join('');
}
