/** `fishplate drift`: a connector's folder and an OpenAPI file come in, where the two differ goes out. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Difference } from '../definition/drift/difference.ts';
import { readOpenApi } from '../definition/drift/document.ts';
import { compareWithOpenApi, type Drift } from '../definition/drift/drift.ts';
import type { KnownDeviation } from '../definition/drift/known.ts';
import { loadKnownDeviations } from '../definition/drift/load-known.ts';
import { type CommandContext, createCommand } from './command.ts';
import { loadConnectorFolder, problemsError } from './connectors.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';
import { readInput } from './read-input.ts';

interface DriftOptions {
  readonly json?: boolean;
  readonly known?: boolean;
}

export function driftCommand({ io, done }: CommandContext): Command {
  return createCommand('drift', io, {
    description:
      "Compares a connector with the vendor's OpenAPI document and lists what is missing, extra or different.\n" +
      "Deviations that are meant stand in the connector's drift.yaml. Exits with 1 when there is any other.",
    examples: ['drift connector/acme openapi.json', 'drift connector/acme openapi.yaml --json'],
  })
    .argument('<connector>', 'the folder of the connector')
    .argument('<document>', 'OpenAPI 3.0 or 3.1, as JSON or YAML; - for what is piped in')
    .option('--known', 'list the known deviations too')
    .option('--json', 'print one JSON object: {operations, differences, known, unusedKnown}')
    .action(async (folder: string, file: string, options: DriftOptions) =>
      done(await drift(folder, file, options, io)),
    );
}

async function drift(name: string, file: string, options: DriftOptions, io: Io): Promise<ExitCode> {
  const folder = resolve(io.cwd, name);
  const { connector } = await loadConnectorFolder(folder);
  const loaded = await loadKnownDeviations(folder);
  if ('problems' in loaded) throw problemsError('connector.invalid', loaded.problems, folder);
  const found = compareWithOpenApi(connector, readOpenApi(await readInput(file, io)), loaded.known);
  io.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : formatDrift(found, options));
  return isClean(found) ? exitCodes.ok : exitCodes.failed;
}

const isClean = ({ operations, differences, unusedKnown }: Drift): boolean =>
  [operations.missing, operations.extra, differences, unusedKnown].every((list) => list.length === 0);

function formatDrift({ operations, differences, known, unusedKnown }: Drift, options: DriftOptions): string {
  const { total, matched, missing, extra } = operations;
  const sections = [
    ...formatDifferences(differences),
    ...formatList(
      'Operations without a method',
      missing.map(({ operationId, verb, path }) => `${operationId}: ${verb} ${path}`),
    ),
    ...formatList(
      'Methods without an operation',
      extra.map(({ method, verb, path }) => `${method}: ${verb} ${path}`),
    ),
    ...formatList('Known deviations that match nothing any more', unusedKnown.map(formatDeviation)),
    ...(options.known ? formatList('Known deviations', countReasons(known)) : []),
  ];
  const counts = `${count(differences.length, 'difference')}, ${count(known.length, 'known deviation')}`;
  return [...sections, `${matched} of ${total} operations, ${counts}\n`].join('\n');
}

function formatDifferences(differences: readonly Difference[]): string[] {
  const byMethod = new Map<string, string[]>();
  for (const { method, operationId, where, path, message } of differences) {
    const title = `${method} (${operationId})`;
    byMethod.set(title, [...(byMethod.get(title) ?? []), `${`${where} ${path}`.trim()}: ${message}`]);
  }
  return [...byMethod].flatMap(([title, lines]) => formatList(title, lines));
}

const formatList = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}\n${lines.map((line) => `  ${line}\n`).join('')}`];

const formatDeviation = ({ method, where, path, what, reason }: KnownDeviation): string =>
  `${[method, where, path, what].map((part) => [part].flat().join('|')).join(' ')}: ${reason}`;

function countReasons(known: Drift['known']): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of known) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, times]) => `${times} x ${reason}`);
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
