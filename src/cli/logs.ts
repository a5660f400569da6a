/** `fishplate logs`: the latest method calls go out, newest first. */
import type { Command } from 'commander';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { CallAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface LogsOptions extends ApiOptions {
  readonly installation?: string;
  readonly limit: string;
  readonly json?: boolean;
}

const MOST = 1_000;

export function logsCommand({ io }: CommandContext): Command {
  const command = createCommand('logs', io, {
    description: 'Shows the latest calls of every account, of one, or of one installation; newest first.',
    examples: ['logs', 'logs --installation acme --limit 5', 'logs --account a1 --json'],
  })
    .option('--installation <id>', 'only the calls of this installation, by id or name')
    .option('--limit <n>', `how many, up to ${MOST}`, '20')
    .option('--json', 'print a JSON array');
  return addAccountOptions(command).action(async (options: LogsOptions) => {
    const calls = await readCalls(options, io);
    io.stdout.write(options.json ? `${JSON.stringify(calls, null, 2)}\n` : formatCalls(calls));
  });
}

async function readCalls(options: LogsOptions, io: Io): Promise<CallAnswer[]> {
  const limit = Number(options.limit);
  if (!/^\d+$/.test(options.limit) || limit < 1 || limit > MOST)
    throw usageError(`--limit is "${options.limit}"`, `Give a number from 1 to ${MOST}.`);
  const api = openApi(options, io);
  if (options.installation === undefined && options.account === undefined)
    return api.get('/v1.0/calls', { query: { limit } });
  const account = await chooseAccount(api, options, io);
  const installationId =
    options.installation === undefined
      ? undefined
      : (await chooseInstallation(api, account, options.installation)).Id;
  return api.get('/v1.0/account/calls', { account, query: { limit, installationId } });
}

export function formatCalls(calls: readonly CallAnswer[]): string {
  const rows = calls.map((call) => [
    call.Date,
    call.Method,
    call.Outcome,
    call.Status === null ? '-' : String(call.Status),
    String(call.Attempts),
    `${call.DurationMs} ms`,
    call.AccountConnectorId,
  ]);
  return formatTable(['at', 'method', 'outcome', 'status', 'attempts', 'time', 'installation'], rows);
}
