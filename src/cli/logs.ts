/** `fishplate logs`: the latest method calls go out, newest first. */
import type { Command } from 'commander';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { CallAnswer, CallMessage } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface LogsOptions extends ApiOptions {
  readonly installation?: string;
  readonly connector?: string;
  readonly method?: string;
  readonly outcome?: string;
  readonly after?: string;
  readonly before?: string;
  readonly limit: string;
  readonly offset?: string;
  readonly json?: boolean;
}

const MOST = 1_000;
const ATTEMPT_HEADINGS = ['sent after', 'result', 'time', 'waited', 'asked to wait', 'token renewed'];

export function logsCommand({ io }: CommandContext): Command {
  const command = createCommand('logs', io, {
    description: 'Shows the latest calls of every account, of one, or of one installation; newest first.',
    examples: [
      'logs',
      'logs --installation acme --limit 5',
      'logs --account a1 --outcome error --after 2026-01-31T09:00:00Z',
      'logs 0b6ac1f0-9b7e-4f5c-8a56-3c1d5f0a7e21',
    ],
  })
    .argument(
      '[call]',
      'the id of one call: shows its attempts, and its request and answer where they were kept',
    )
    .option('--installation <id>', 'only the calls of this installation, by id or name')
    .option('--connector <name>', 'only the calls of this connector')
    .option('--method <key>', 'only the calls of this method')
    .option('--outcome <outcome>', 'only those that went well (ok), failed (error), or failed with this code')
    .option('--after <time>', 'only from this date and time on (ISO 8601)')
    .option('--before <time>', 'only before this date and time')
    .option('--offset <n>', 'how many to pass over')
    .option('--limit <n>', `how many, up to ${MOST}`, '20')
    .option('--json', 'print a JSON array');
  return addAccountOptions(command).action(async (id: string | undefined, options: LogsOptions) => {
    if (id !== undefined) {
      const call = await readCall(id, options, io);
      io.stdout.write(options.json ? `${JSON.stringify(call, null, 2)}\n` : formatCall(call));
      return;
    }
    const calls = await readCalls(options, io);
    io.stdout.write(options.json ? `${JSON.stringify(calls, null, 2)}\n` : formatCalls(calls));
  });
}

async function readCalls(options: LogsOptions, io: Io): Promise<CallAnswer[]> {
  const limit = Number(options.limit);
  if (!/^\d+$/.test(options.limit) || limit < 1 || limit > MOST)
    throw usageError(`--limit is "${options.limit}"`, `Give a number from 1 to ${MOST}.`);
  const api = openApi(options, io);
  const { connector, method, outcome, after, before, offset } = options;
  const query = { limit, connector, method, outcome, after, before, offset };
  if (options.installation === undefined && options.account === undefined)
    return api.get('/v1.0/calls', { query });
  const account = await chooseAccount(api, options, io);
  const installationId =
    options.installation === undefined
      ? undefined
      : (await chooseInstallation(api, account, options.installation)).Id;
  return api.get('/v1.0/account/calls', { account, query: { ...query, installationId } });
}

async function readCall(id: string, options: LogsOptions, io: Io): Promise<CallAnswer> {
  const api = openApi(options, io);
  const path = `calls/${encodeURIComponent(id)}`;
  if (options.account === undefined) return api.get(`/v1.0/${path}`);
  return api.get(`/v1.0/account/${path}`, { account: await chooseAccount(api, options, io) });
}

/** One call, its attempts, and what was sent and answered. */
export function formatCall(call: CallAnswer): string {
  const attempts = call.AttemptDetails.map((attempt) => [
    `${attempt.AtMs} ms`,
    attempt.Error ?? String(attempt.Status),
    `${attempt.DurationMs} ms`,
    attempt.WaitedMs === undefined ? '-' : `${attempt.WaitedMs} ms`,
    attempt.RetryAfterMs === undefined ? '-' : `${attempt.RetryAfterMs} ms`,
    attempt.TokenRenewed ? 'yes' : '-',
  ]);
  const parts = [
    formatCalls([call]),
    ...(attempts.length > 0 ? [formatTable(ATTEMPT_HEADINGS, attempts)] : []),
    ...(call.Request
      ? [formatMessage(`${call.Request.Method} ${call.Request.Url}`, call.Request)]
      : ['Its request and answer were not kept.\n']),
    ...(call.Response ? [formatMessage(String(call.Response.Status), call.Response)] : []),
  ];
  return parts.join('\n');
}

function formatMessage(first: string, { Headers, Body }: CallMessage): string {
  const headers = Object.entries(Headers).map(([name, value]) => `${name}: ${value}`);
  return `${[first, ...headers, ...(Body === null ? [] : ['', Body])].join('\n')}\n`;
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
    call.Id,
  ]);
  return formatTable(['at', 'method', 'outcome', 'status', 'attempts', 'time', 'installation', 'call'], rows);
}
