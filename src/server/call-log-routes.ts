/** The runtime comes in; the routes of the call log go out, over all accounts and of one: lists, and one call with its attempts. */
import type { AttemptEntry } from '../call-row.ts';
import { type ErrorCode, errorCatalogue, FishplateError } from '../errors.ts';
import type { CallRow } from '../store/rows.ts';
import type { WireRecord } from '../wire-record.ts';
import { dateOf } from './installation-view.ts';
import { newestFirstQuery, sliceOf } from './lists.ts';
import { type QuerySpec, type QueryValues, queryText, queryTime } from './query.ts';
import { type Call, param, type Reply, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Calls';

const filters = {
  installationId: { type: 'text', description: 'Only calls of this installation.' },
  connector: { type: 'text', description: 'Only calls of this connector, by name.' },
  method: { type: 'text', description: 'Only calls of the method with this key.' },
  outcome: {
    type: 'text',
    description: 'ok for those that went well, error for the others, or the code of an error.',
  },
  after: { type: 'text', description: 'Only calls from this time on: a date and time (ISO 8601).' },
  before: { type: 'text', description: 'Only calls before this time.' },
  offset: { type: 'integer', description: 'How many to pass over, in place of a page.' },
} as const satisfies QuerySpec;

export function callLogRoutes({ runtime }: Services): Route[] {
  const list = async (call: Call, accountId: string | undefined, sinceMs = 0): Promise<Reply> => {
    const rows = await runtime.calls({
      ...(accountId !== undefined && { accountId }),
      ...filterOf(call.query, sinceMs),
    });
    return { body: rows.map(callView) };
  };
  /** An account of this id that was deleted before is another one: its calls are not for this one to see. */
  const sinceOf = async (accountId: string) => (await runtime.accounts.get(accountId)).createdAt;
  const listOwn = async (call: Call, accountId: string): Promise<Reply> =>
    list(call, accountId, await sinceOf(accountId));
  const readOne = async (call: Call, accountId: string | null): Promise<Reply> => {
    const row = await runtime.loggedCall(param(call, 'call'));
    if (accountId !== null && (row.accountId !== accountId || row.at < (await sinceOf(accountId))))
      // In the words of one that is in no account's log: which of the two it is, is not told.
      throw new FishplateError('call.unknown', `there is no call "${row.id}" in the log`);
    return { body: { ...callView(row), ...wireView(row) } };
  };
  return [
    {
      verb: 'GET',
      path: '/v1.0/calls',
      operation: 'listCalls',
      tag,
      summary: 'List method calls, newest first; a token pinned to one account sees those of that account.',
      access: { action: 'logs:read', resources: ['account/*'] },
      query: {
        ...newestFirstQuery,
        accountId: { type: 'text', description: 'Only calls of this account.' },
        ...filters,
      },
      answer: { list: 'call-record' },
      handle: (call) => {
        const own = ownAccount(call);
        return own === undefined ? list(call, queryText(call.query, 'accountId')) : listOwn(call, own);
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/calls/{call}',
      operation: 'getCall',
      tag,
      summary: 'Read one call: its attempts, and - where they were kept - its request and answer, redacted.',
      access: { action: 'logs:read', resources: ['account/*'] },
      answer: 'call-record',
      handle: (call) => readOne(call, call.caller.accountId),
    },
    {
      verb: 'GET',
      path: '/v1.0/account/calls',
      operation: 'listAccountCalls',
      tag,
      summary: 'List the method calls of the account, newest first.',
      access: { action: 'logs:read', resources: ['account/{account}'] },
      query: { ...newestFirstQuery, ...filters },
      answer: { list: 'call-record' },
      handle: (call) => listOwn(call, call.account),
    },
    {
      verb: 'GET',
      path: '/v1.0/account/calls/{call}',
      operation: 'getAccountCall',
      tag,
      summary: 'Read one call of the account, as above.',
      access: { action: 'logs:read', resources: ['account/{account}'] },
      answer: 'call-record',
      handle: (call) => readOne(call, call.account),
    },
  ];
}

/** Throws `input.invalid` for a time that is none. */
function filterOf(query: QueryValues, sinceMs: number) {
  const texts = ['installationId', 'connector', 'method', 'outcome'] as const;
  const given = texts.flatMap((name) => {
    const text = queryText(query, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const after = queryTime(query, 'after');
  const before = queryTime(query, 'before');
  const { limit, offset } = sliceOf(query);
  return {
    ...Object.fromEntries(given),
    ...{ limit, offset: Number(query.offset ?? offset), afterMs: Math.max(after ?? 0, sinceMs) },
    ...(before !== undefined && { beforeMs: before }),
  };
}

/** Throws `access.forbidden` when a pinned token asks for another account's calls. */
function ownAccount({ caller, query }: Call): string | undefined {
  const wanted = queryText(query, 'accountId');
  if (caller.accountId === null) return undefined;
  if (wanted !== undefined && wanted !== caller.accountId)
    throw new FishplateError('access.forbidden', `The token is pinned to account ${caller.accountId}`);
  return caller.accountId;
}

function callView(row: CallRow): Record<string, unknown> {
  const { attempts: _, ...detail } = row.detail;
  return {
    Id: row.id,
    Date: dateOf(row.at),
    AccountId: row.accountId,
    AccountConnectorId: row.installationId,
    Connector: row.connector,
    Method: row.method,
    Outcome: row.outcome,
    Status: row.status,
    Attempts: row.attempts,
    AttemptDetails: attemptsOf(row).map(attemptView),
    DurationMs: row.durationMs,
    RequestBytes: row.requestBytes,
    ResponseBytes: row.responseBytes,
    RequestId: row.requestId,
    Detail: detail,
    ...explanationOf(row.outcome),
  };
}

/** What the code of an error means, and what to do about it; nothing for a call that went well. */
function explanationOf(outcome: string): Record<string, string> {
  if (!isErrorCode(outcome)) return {};
  const { meaning, hint } = errorCatalogue[outcome];
  return { Meaning: meaning, Hint: hint };
}

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);

/** A call that went well at once leaves no list of its attempts: there is nothing in it that the row does not say. */
function attemptsOf({ detail, attempts, status, durationMs }: CallRow): readonly AttemptEntry[] {
  if (Array.isArray(detail.attempts)) return detail.attempts as AttemptEntry[];
  return attempts === 1 && status !== null ? [{ atMs: 0, durationMs, status }] : [];
}

const attemptView = ({ atMs, durationMs, status, error, waitedMs, renewed, retryAfterMs }: AttemptEntry) => ({
  AtMs: atMs,
  DurationMs: durationMs,
  Status: status ?? null,
  ...(error !== undefined && { Error: error }),
  ...(waitedMs !== undefined && { WaitedMs: waitedMs }),
  ...(renewed && { TokenRenewed: true }),
  ...(retryAfterMs !== undefined && { RetryAfterMs: retryAfterMs }),
});

function wireView({ wire }: CallRow): Record<string, unknown> {
  if (!wire) return {};
  const { request, response } = JSON.parse(wire.reveal()) as WireRecord;
  const bodyOf = ({ body }: { readonly body?: string }) => ({ Body: body ?? null });
  return {
    Request: { Method: request.method, Url: request.url, Headers: request.headers, ...bodyOf(request) },
    ...(response && {
      Response: { Status: response.status, Headers: response.headers, ...bodyOf(response) },
    }),
  };
}
