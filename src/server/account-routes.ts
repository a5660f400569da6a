/** The runtime comes in; the routes of accounts go out: the platform owner's customers, which installations belong to. */
import type { Caller } from '../access/authenticate.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { AccountRow } from '../store/rows.ts';
import { accountView, type GivenAccount, monthOf, readDetails } from './account-fields.ts';
import { isDescending, listQuery, sliceOf } from './lists.ts';
import type { QueryValues } from './query.ts';
import { type Call, param, type Route } from './route.ts';
import type { Services } from './services.ts';

const columns = { Name: 'name', CreatedDate: 'createdAt', Id: 'id' } as const;
const query = listQuery(['CreatedDate', 'Name', 'Id']);
const tag = 'Accounts';
const read = { action: 'accounts:read', resources: ['account/{accountId}'] } as const;
const write = { action: 'accounts:write', resources: ['account/{accountId}'] } as const;

export function accountRoutes(services: Services): Route[] {
  const { runtime, access, now } = services;
  const { accounts } = runtime;
  const view = (row: AccountRow) => accountView(row, now());
  return [
    {
      verb: 'GET',
      path: '/v1.0/accounts',
      operation: 'listAccounts',
      tag,
      summary: 'List the accounts; a token pinned to one account sees that one.',
      access: { action: 'accounts:read', resources: ['account/*'] },
      query,
      answer: { list: 'account' },
      handle: async ({ caller, query }) => {
        const own = caller.accountId;
        const rows = own === null ? await accounts.list(orderOf(query)) : [await accounts.get(own)];
        return { body: rows.map(view) };
      },
    },
    {
      verb: 'POST',
      path: '/v1.0/accounts',
      operation: 'createAccount',
      tag,
      summary: 'Create an account.',
      access: { action: 'accounts:write', resources: ['account/*'] },
      body: { schema: 'account', required: ['Name'] },
      answer: 'account',
      audit: 'account.create',
      handle: async ({ caller, body }) => {
        const given = body as GivenAccount;
        const details = readDetails(given);
        await checkParent(services, caller, given);
        const row = await accounts.create({
          name: given.Name ?? '',
          details,
          ...(given.Id !== undefined && { id: given.Id }),
          ...(given.ParentAccountId !== undefined && { parentId: given.ParentAccountId }),
        });
        return {
          body: view(row),
          audited: { target: row.id, accountId: row.id, detail: { name: row.name } },
        };
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/accounts/{accountId}',
      operation: 'getAccount',
      tag,
      summary: 'Read an account.',
      access: read,
      answer: 'account',
      handle: async (call) => ({ body: view(await accounts.get(param(call, 'accountId'))) }),
    },
    {
      verb: 'PUT',
      path: '/v1.0/accounts/{accountId}',
      operation: 'updateAccount',
      tag,
      summary: 'Change an account: only the keys that are present; null is a value.',
      access: write,
      body: { schema: 'account' },
      answer: 'account',
      audit: 'account.update',
      handle: async (call) => {
        const row = await updateAccount(services, call);
        return {
          body: view(row),
          audited: { target: row.id, accountId: row.id, detail: { name: row.name } },
        };
      },
    },
    {
      verb: 'DELETE',
      path: '/v1.0/accounts/{accountId}',
      operation: 'deleteAccount',
      tag,
      summary: 'Delete an account with its installations; its call log and audit stay.',
      access: write,
      answer: 'message',
      audit: 'account.delete',
      handle: async (call) => {
        const { id, name } = await accounts.get(param(call, 'accountId'));
        await accounts.delete(id);
        return {
          body: { Message: `Account '${name}' deleted.` },
          audited: { target: id, accountId: id, detail: { name } },
        };
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/accounts/{accountId}/subaccounts',
      operation: 'listSubaccounts',
      tag,
      summary: 'List the accounts below an account, as far as the caller may read them.',
      access: read,
      query,
      answer: { list: 'account' },
      handle: async (call) => {
        const parent = await accounts.get(param(call, 'accountId'));
        const { limit, offset, ...order } = orderOf(call.query);
        const rows = await accounts.list({ ...order, parentId: parent.id });
        const visible = rows.filter(({ id }) =>
          access.permits(call.caller, 'accounts:read', `account/${id}`),
        );
        return { body: visible.slice(offset, offset + limit).map(view) };
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/accounts/{accountId}/usage',
      operation: 'getAccountUsage',
      tag,
      summary: 'Count the method calls of this calendar month (UTC).',
      access: read,
      answer: 'account-usage',
      handle: async (call) => {
        const { id, createdAt } = await accounts.get(param(call, 'accountId'));
        const { start, end, startMs } = monthOf(now());
        // Calls from before are those of an account that had this id and was deleted.
        const used = await runtime.countCalls(id, Math.max(startMs, createdAt));
        return { body: { Id: id, TasksUsed: used, StartTime: start, EndTime: end } };
      },
    },
  ];
}

function orderOf(query: QueryValues) {
  const column = String(query.orderBy ?? 'CreatedDate') as keyof typeof columns;
  return { ...sliceOf(query), orderBy: columns[column], descending: isDescending(query) };
}

async function updateAccount(services: Services, call: Call): Promise<AccountRow> {
  const { runtime } = services;
  const given = call.body as GivenAccount;
  const row = await runtime.accounts.get(param(call, 'accountId'));
  if (given.Id !== undefined && given.Id !== row.id)
    throw new FishplateError('input.invalid', `Id cannot be changed from "${row.id}" to "${given.Id}"`);
  const details = readDetails(given);
  await checkParent(services, call.caller, given);
  return runtime.accounts.update(row.id, {
    ...(given.Name !== undefined && { name: given.Name }),
    ...(given.ParentAccountId !== undefined && { parentId: given.ParentAccountId }),
    ...(Object.keys(details).length > 0 && { details: { ...row.details, ...details } }),
  });
}

/** A parent that does not exist is a bad value; 404 would speak of the account in the path. */
async function checkParent(
  { runtime, access }: Services,
  caller: Caller,
  { ParentAccountId: parent }: GivenAccount,
): Promise<void> {
  if (parent === undefined || parent === null) return;
  const unknown = new FishplateError('input.invalid', `ParentAccountId: there is no account "${parent}"`);
  // One that the caller may not read is as unknown as one that never was.
  if (!access.permits(caller, 'accounts:read', `account/${parent}`)) throw unknown;
  try {
    await runtime.accounts.get(parent);
  } catch (error) {
    if (isFishplateError(error, 'account.unknown')) throw unknown;
    throw error;
  }
}
