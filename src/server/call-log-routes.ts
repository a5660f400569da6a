/** The runtime comes in; the routes of the call log go out, over all accounts and of one. */
import { FishplateError } from '../errors.ts';
import type { CallRow } from '../store/store.ts';
import { dateOf } from './installation-view.ts';
import { newestFirstQuery, sliceOf } from './lists.ts';
import { queryText } from './query.ts';
import type { Call, Reply, Route } from './route.ts';
import type { Services } from './services.ts';

export function callLogRoutes({ runtime }: Services): Route[] {
  const installationId = { type: 'text', description: 'Only calls of this installation.' } as const;
  const list = async (call: Call, accountId: string | undefined, sinceMs = 0): Promise<Reply> => {
    const installation = queryText(call.query, 'installationId');
    const rows = await runtime.calls({
      ...(accountId !== undefined && { accountId }),
      ...(installation !== undefined && { installationId: installation }),
      ...sliceOf(call.query),
    });
    return { body: rows.filter(({ at }) => at >= sinceMs).map(callView) };
  };
  /** An account of this id that was deleted before is another one: its calls are not for this one to see. */
  const listOwn = async (call: Call, accountId: string): Promise<Reply> =>
    list(call, accountId, (await runtime.accounts.get(accountId)).createdAt);
  return [
    {
      verb: 'GET',
      path: '/v1.0/calls',
      operation: 'listCalls',
      tag: 'Calls',
      summary: 'List method calls, newest first; a token pinned to one account sees those of that account.',
      access: { action: 'logs:read', resources: ['account/*'] },
      query: {
        ...newestFirstQuery,
        accountId: { type: 'text', description: 'Only calls of this account.' },
        installationId,
      },
      answer: { list: 'call-record' },
      handle: (call) => {
        const own = ownAccount(call);
        return own === undefined ? list(call, queryText(call.query, 'accountId')) : listOwn(call, own);
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/account/calls',
      operation: 'listAccountCalls',
      tag: 'Calls',
      summary: 'List the method calls of the account, newest first.',
      access: { action: 'logs:read', resources: ['account/{account}'] },
      query: { ...newestFirstQuery, installationId },
      answer: { list: 'call-record' },
      handle: (call) => listOwn(call, call.account),
    },
  ];
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
    DurationMs: row.durationMs,
    RequestBytes: row.requestBytes,
    ResponseBytes: row.responseBytes,
    RequestId: row.requestId,
    Detail: row.detail,
  };
}
