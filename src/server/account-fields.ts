/** An account's row comes in and goes out as the partner API has it; what callers write comes in and goes out as a row. */
import { FishplateError, type InputProblem } from '../errors.ts';
import type { AccountRow } from '../store/rows.ts';
import { dateOf } from './installation-view.ts';

/** Everything of an account that is not a column of its own, with what it is when nobody says. */
const usualDetails = {
  Description: null,
  Timezone: 'UTC',
  AuditInfo: null,
  TaskAuditInfo: null,
  StepDataSuccessRetentionHours: null,
  StepDataErroredRetentionHours: null,
  TransactionErrorWebhookEnabled: false,
  TransactionErrorWebhookUrl: null,
  TransactionErrorWebhookIncludeWarnings: false,
} as const;

type Detail = keyof typeof usualDetails;

/** A checked account.schema.json. */
export interface GivenAccount extends Partial<Record<Detail, unknown>> {
  readonly Id?: string;
  readonly Name?: string;
  readonly ParentAccountId?: string | null;
}

/** Describes an account (account.schema.json). */
export function accountView(row: AccountRow, now: number): Record<string, unknown> {
  return {
    Id: row.id,
    Name: row.name,
    ParentAccountId: row.parentId,
    ...usualDetails,
    ...row.details,
    CreatedDate: dateOf(row.createdAt),
    NextBillDateUtc: monthOf(now).end,
  };
}

/** The calendar month in UTC that usage is counted by. */
export function monthOf(now: number): { start: string; end: string; startMs: number } {
  const date = new Date(now);
  const startMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const endMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString(), startMs };
}

/**
 * The details that are given, checked beyond what the schema can say. As in the partner API, whoever enables the
 * webhook names its URL in the same request. Throws `input.invalid` with all problems.
 */
export function readDetails(given: GivenAccount): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  for (const key of Object.keys(usualDetails) as Detail[])
    if (given[key] !== undefined) details[key] = given[key];
  const problems: InputProblem[] = [];
  if (given.Name !== undefined && given.Name.trim() === '')
    problems.push({ path: 'Name', message: 'is required and must not be blank' });
  if (typeof given.Timezone === 'string' && !isTimezone(given.Timezone))
    problems.push({ path: 'Timezone', message: `"${given.Timezone}" is not an IANA time zone` });
  const url = given.TransactionErrorWebhookUrl;
  if (given.TransactionErrorWebhookEnabled === true && (url === undefined || url === null || url === ''))
    problems.push({
      path: 'TransactionErrorWebhookUrl',
      message: 'must be given when TransactionErrorWebhookEnabled is true',
    });
  else if (typeof url === 'string' && url !== '') {
    const full = completeUrl(url);
    if (full === undefined)
      problems.push({ path: 'TransactionErrorWebhookUrl', message: 'is not a valid http or https URL' });
    else details.TransactionErrorWebhookUrl = full;
  }
  if (problems.length > 0)
    throw new FishplateError(
      'input.invalid',
      problems.map(({ path, message }) => `${path} ${message}`).join('; '),
      { problems },
    );
  return details;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function completeUrl(text: string): string | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return /^https?:\/\/[^\s/]/i.test(full) && URL.canParse(full) ? full : undefined;
}
