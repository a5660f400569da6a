/** Access comes in; the route of the audit goes out: who changed what, and who was refused. */
import type { AuditRow } from '../store/rows.ts';
import { dateOf } from './installation-view.ts';
import { newestFirstQuery, sliceOf } from './lists.ts';
import { type QueryValues, queryText, queryTime } from './query.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Access';

const auditFilters = {
  actor: 'Only what this actor did.',
  action: 'Only this action, such as access-key.create.',
  target: 'Only what was done to this.',
  accountId: 'Only what belongs to this account.',
} as const;

export function auditRoutes({ access: { audit } }: Services): Route[] {
  const names = Object.keys(auditFilters) as (keyof typeof auditFilters)[];
  return [
    {
      verb: 'GET',
      path: '/v1.0/audit',
      operation: 'listAudit',
      tag,
      summary: 'List what was changed or refused and who did it, newest first.',
      access: { action: 'audit:read', resources: ['*'] },
      query: {
        ...newestFirstQuery,
        ...Object.fromEntries(
          names.map((name) => [name, { type: 'text', description: auditFilters[name] } as const]),
        ),
        after: { type: 'text', description: 'Only from this time on: a date and time (ISO 8601).' },
        before: { type: 'text', description: 'Only before this time.' },
      },
      answer: { list: 'audit-record' },
      handle: async ({ query }) => {
        const where = Object.fromEntries(
          names.flatMap((name) => {
            const text = queryText(query, name);
            return text === undefined ? [] : [[name, text]];
          }),
        );
        return {
          body: (await audit.list({ ...where, ...timesOf(query), ...sliceOf(query) })).map(auditView),
        };
      },
    },
  ];
}

/** Throws `input.invalid` for a time that is none. */
function timesOf(query: QueryValues): { afterMs?: number; beforeMs?: number } {
  const afterMs = queryTime(query, 'after');
  const beforeMs = queryTime(query, 'before');
  return { ...(afterMs !== undefined && { afterMs }), ...(beforeMs !== undefined && { beforeMs }) };
}

const auditView = ({ id, at, actor, action, target, accountId, detail }: AuditRow) => ({
  Id: id,
  Date: dateOf(at),
  Actor: actor,
  Action: action,
  Target: target,
  AccountId: accountId,
  Detail: detail,
});
