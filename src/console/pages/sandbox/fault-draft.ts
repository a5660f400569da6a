/** What was filled in to make requests go wrong comes in; a fault, or what is wrong with it, goes out - and faults as words. Pure. */
import type { Fault } from '../../api/sandbox-answers.ts';
import { formatCount, formatDuration, listOf } from '../../parts/format.ts';
import { specialMethods } from './special-methods.ts';

export const faultKinds = [
  { value: 'status', label: 'Another answer: a status of your choice' },
  { value: 'slow', label: 'Only slow: the right answer, late' },
  { value: 'drop-before', label: 'No answer: the connection breaks, nothing was done' },
  { value: 'drop-after', label: 'No answer: it was done, then the connection breaks' },
  { value: 'truncate', label: 'Half an answer: it breaks off in the middle' },
  { value: 'content-type', label: 'The right answer under a wrong content type' },
] as const;

export type FaultKind = (typeof faultKinds)[number]['value'];

/** The fields as texts; empty ones say nothing. */
export interface FaultDraft {
  readonly method: string;
  readonly host: string;
  readonly pathPrefix: string;
  readonly kind: FaultKind;
  readonly status: string;
  readonly retryAfter: string;
  readonly body: string;
  readonly contentType: string;
  readonly delayMs: string;
  readonly times: string;
}

export const emptyFault: FaultDraft = {
  ...{ method: '', host: '', pathPrefix: '', kind: 'status', status: '503', retryAfter: '', body: '' },
  ...{ contentType: '', delayMs: '', times: '1' },
};

/** What people try first. */
export const presets: readonly { readonly label: string; readonly draft: Partial<FaultDraft> }[] = [
  { label: 'Unavailable once', draft: {} },
  { label: 'Too many requests, twice', draft: { status: '429', retryAfter: '2', times: '2' } },
  { label: 'Slow by 5 s', draft: { kind: 'slow', delayMs: '5000' } },
  { label: 'Lost answer', draft: { kind: 'drop-after' } },
  { label: 'Half an answer', draft: { kind: 'truncate' } },
  {
    label: "A proxy's HTML page",
    draft: { status: '502', body: '<html>Bad gateway</html>', contentType: 'text/html' },
  },
];

export type DraftProblems = Partial<Readonly<Record<keyof FaultDraft, string>>>;

type FaultRead =
  | { readonly fault: Fault; readonly problems?: undefined }
  | { readonly problems: DraftProblems; readonly fault?: undefined };

const LONGEST_DELAY_MS = 3_600_000;

/** Only the fields that belong to the kind are read. */
export function readFault(draft: FaultDraft): FaultRead {
  const { kind } = draft;
  const isStatus = kind === 'status';
  const problems: Record<string, string> = {};
  const number = (name: 'status' | 'retryAfter' | 'delayMs' | 'times', least: number, most: number) => {
    const value = readNumber(draft[name]);
    if (value === undefined || (value >= least && value <= most)) return value;
    problems[name] =
      most === Number.MAX_SAFE_INTEGER
        ? `A whole number from ${least}`
        : `A whole number from ${least} to ${formatCount(most)}`;
    return undefined;
  };
  const status = isStatus ? number('status', 200, 599) : undefined;
  const retryAfter = isStatus ? number('retryAfter', 0, 86_400) : undefined;
  const delayMs = number('delayMs', 0, LONGEST_DELAY_MS);
  const times = number('times', 1, Number.MAX_SAFE_INTEGER);
  const contentType = draft.contentType.trim();
  if (isStatus && draft.status.trim() === '') problems.status = 'Fill this in';
  if (kind === 'slow' && !problems.delayMs && !delayMs) problems.delayMs = 'Say how slow';
  if (kind === 'content-type' && contentType === '') problems.contentType = 'Fill this in';
  const pathPrefix = draft.pathPrefix.trim();
  if (pathPrefix !== '' && !pathPrefix.startsWith('/')) problems.pathPrefix = 'Begins with a slash';
  if (Object.keys(problems).length > 0) return { problems };
  const takesType = kind === 'content-type' || (isStatus && contentType !== '');
  return {
    fault: {
      ...(draft.host !== '' && { host: draft.host }),
      ...(draft.method !== '' && { method: draft.method }),
      ...(pathPrefix !== '' && { pathPrefix }),
      ...(times !== undefined && { times }),
      ...(delayMs !== undefined && { delayMs }),
      ...(status !== undefined && { status }),
      ...(isStatus && draft.body.trim() !== '' && { body: readBody(draft.body) }),
      ...(retryAfter !== undefined && { headers: { 'Retry-After': String(retryAfter) } }),
      ...(kind === 'drop-before' && { drop: 'before' as const }),
      ...(kind === 'drop-after' && { drop: 'after' as const }),
      ...(kind === 'truncate' && { truncate: true }),
      ...(takesType && { contentType }),
    },
  };
}

/** Undefined for an empty text, NaN for what is no whole number: no range has it. */
function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** JSON where it is JSON, else the text itself. */
function readBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** "Answers 429 with Retry-After 2, after 5.0 s". */
export function describeFault(fault: Fault): string {
  const { status, headers = {}, drop, truncate, contentType, delayMs } = fault;
  const said = Object.entries(headers).map(([name, value]) => `${name} ${value}`);
  if (contentType !== undefined) said.push(`as ${contentType}`);
  const parts: string[] = [];
  if (status !== undefined) parts.push(`Answers ${status}`);
  if (drop === 'before') parts.push('Breaks the connection before anything is done');
  if (drop === 'after') parts.push('Does it, then breaks the connection');
  if (truncate) parts.push('Breaks off in the middle of the answer');
  if (parts.length === 0) parts.push(said.length > 0 ? 'Answers' : 'Answers late');
  if (said.length > 0) parts.push(`with ${listOf(said)}`.replace('with as', 'as'));
  if (delayMs) parts.push(`after ${formatDuration(delayMs)}`);
  return parts.join(' ');
}

/** "accounts.list on host ingest below /organizations"; all when nothing narrows it. */
export function describeAim({ method, host, pathPrefix }: Fault): string {
  const parts = [
    method === undefined ? 'All requests' : (specialMethods[method] ?? method),
    host !== undefined && `on host ${host}`,
    pathPrefix !== undefined && `below ${pathPrefix}`,
  ];
  return parts.filter(Boolean).join(' ');
}
