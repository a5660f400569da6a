/** What becomes of a call's request comes in, step by step; its row of the call log goes out, and an event for each step. */
import { createCallIds } from './call-id.ts';
import type { CallLog } from './call-log.ts';
import {
  type Also,
  type AttemptAbout,
  type Begun,
  type CallAbout,
  detailOf,
  type Noted,
  rowOf,
} from './call-row.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import { FishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { codeOf, sendWithin } from './observed-send.ts';
import type { Observer } from './observer.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { RAW_KEY } from './request/raw-method.ts';
import { Secret } from './secret.ts';
import { retryAfterMs } from './transport/retry-timing.ts';
import type { Send, SendOptions, WireRequest, WireResponse, World } from './wire.ts';
import { buildWireRecord } from './wire-record.ts';

/** Of which calls the request and the answer are kept, redacted, beside the row that every call leaves. */
export type CallDetail = 'none' | 'errors' | 'all';

/**
 * Which calls leave a row: all of them, or those worth a look - they failed, needed more than one attempt, waited for their
 * turn, or were made with other credentials than usual.
 */
export type LoggedCalls = 'all' | 'notable';

export type SendAttempt = (
  send: Send,
  request: WireRequest,
  about: AttemptAbout,
  options: SendOptions,
) => Promise<WireResponse>;

/** A request of a call, from before it is sent. The recorder alone writes into it. */
export interface CallRecord {
  readonly about: CallAbout;
  readonly row: Begun;
  readonly prepared: PreparedRequest;
  readonly auth: AuthMethod;
  readonly settings: ResolvedSettings;
  readonly entries: Noted[];
  /** What the attempts carried: an error may quote one that has been replaced since. Never to be shown. */
  readonly credentials: string[];
  attempts: number;
  /** Time in the queues of the vendor's limits so far, in milliseconds. */
  waitedMs: number;
  /** When the last attempt ended, or the request was begun: milliseconds since the epoch. */
  endedAt: number;
  last: AttemptAbout | undefined;
  former: AttemptAbout | undefined;
  response: WireResponse | undefined;
}

export interface CallRecorder {
  open(about: CallAbout, prepared: PreparedRequest, auth: AuthMethod, settings: ResolvedSettings): CallRecord;
  /** Sends the request, within a span, and notes what became of it. */
  attempt(
    record: CallRecord,
    send: Send,
    request: WireRequest,
    about: AttemptAbout,
    options: SendOptions,
  ): Promise<WireResponse>;
  /** Writes the row; so does `failed`. */
  answered(record: CallRecord, response: WireResponse, also?: Also): void;
  failed(record: CallRecord, error: unknown, also?: Also): void;
  /** The row of a call for which nothing was sent: it was refused, or an earlier one had its answer. */
  unsent(about: CallAbout, outcome: string, status: number | null, also?: Also): void;
}

export interface CallRecorderTools {
  readonly log: CallLog;
  readonly world: World;
  readonly observer: Observer;
  /** `all` unless given. */
  readonly rows?: LoggedCalls;
  readonly detail: CallDetail;
}

const MOST_ENTRIES = 10;
/** Beyond so many in a second only the rows are kept: a vendor that is down must not fill the disk with its apologies. */
const MOST_DETAILED_A_SECOND = 100;

export function createCallRecorder({
  log,
  world,
  observer,
  rows = 'all',
  detail,
}: CallRecorderTools): CallRecorder {
  const nextId = createCallIds(world);
  const mayDetail = createAllowance(MOST_DETAILED_A_SECOND);
  const begin = (about: CallAbout) => rowOf(nextId(), world.now(), about);

  const note = (record: CallRecord, startedAt: number, status: number | undefined, error?: string) => {
    const { row, last: how, attempts, entries, about, response } = record;
    if (!how) return;
    const now = world.now();
    // Only who refuses is waited for.
    const askedMs = response && response.status >= 400 ? retryAfterMs(response, now) : undefined;
    const durationMs = now - startedAt;
    const pausedMs = attempts === 1 ? how.waitedMs : startedAt - record.endedAt;
    record.endedAt = now;
    // Of a call that goes well at once nobody reads them.
    if (entries.length < MOST_ENTRIES) entries.push({ startedAt, durationMs, status, error, how, askedMs });
    observer.event({
      type: 'attempt',
      connector: row.connector,
      installationId: row.installationId,
      accountId: row.accountId,
      requestId: about.requestId,
      method: row.method,
      number: attempts,
      waitedMs: how.waitedMs,
      pausedMs,
      durationMs,
      status,
      error,
    });
  };

  const wireOf = (record: CallRecord, failed: 0 | 1, now: number): Secret | null => {
    if (detail === 'none' || (detail === 'errors' && failed === 0) || !mayDetail(now)) return null;
    const { about, auth, prepared, response, settings, last, former } = record;
    const sent = [last, former].filter((each) => each !== undefined);
    const traffic = {
      ...{ method: about.method, auth, prepared, response },
      settings: [settings, ...sent.map((each) => each.settings)],
      credentials: sent.map((each) => each.credential),
    };
    return new Secret(JSON.stringify(buildWireRecord(traffic)));
  };

  const finish = (
    record: CallRecord,
    outcome: string,
    status: number | null,
    responseBytes: number,
    also: Also | undefined,
  ) => {
    const { row, attempts, waitedMs, prepared } = record;
    const now = world.now();
    const failed = outcome === 'ok' ? 0 : 1;
    // Of a call that went well at once the row says it all.
    const isPlain = failed === 0 && attempts === 1 && waitedMs === 0 && !also;
    if (isPlain && rows === 'notable') return;
    // Name by name: a row is made for every call, and a spread would cost more than all of this.
    log.add({
      id: row.id,
      at: row.at,
      accountId: row.accountId,
      installationId: row.installationId,
      connector: row.connector,
      method: row.method,
      outcome,
      failed,
      status,
      attempts,
      durationMs: now - row.at,
      requestBytes: prepared.bodyBytes,
      responseBytes,
      requestId: row.requestId,
      detail: isPlain ? row.detail : detailOf(record, failed, also),
      wire: wireOf(record, failed, now),
    });
  };

  return {
    open: (about, prepared, auth, settings) => {
      const row = begin(about);
      return {
        about,
        row,
        prepared,
        auth,
        settings,
        entries: [],
        credentials: [],
        attempts: 0,
        waitedMs: 0,
        endedAt: row.at,
        last: undefined,
        former: undefined,
        response: undefined,
      };
    },
    attempt: async (record, send, request, how, options) => {
      record.waitedMs += how.waitedMs;
      if (record.last?.credential !== how.credential) {
        record.former = record.last;
        record.credentials.push(how.credential);
      }
      record.last = how;
      record.response = undefined;
      const startedAt = world.now();
      const { method, parent } = record.about;
      const sending = { template: () => templateOf(method), number: ++record.attempts, parent };
      try {
        const response = await sendWithin(observer.startSpan, sending, send, request, options);
        record.response = response;
        note(record, startedAt, response.status);
        return response;
      } catch (error) {
        note(record, startedAt, undefined, codeOf(error));
        throw error;
      }
    },
    answered: (record, response, also) => finish(record, 'ok', response.status, bytesOf(response), also),
    failed: (record, error, also) => {
      const status = error instanceof FishplateError ? (error.vendor?.status ?? null) : null;
      finish(record, codeOf(error), status, record.response ? bytesOf(record.response) : 0, also);
    },
    unsent: (about, outcome, status, also) => {
      const row = begin(about);
      const nothing = { attempts: 0, durationMs: 0, requestBytes: 0, responseBytes: 0, wire: null };
      const failed = outcome === 'ok' ? 0 : 1;
      log.add({ ...row, ...nothing, outcome, failed, status, detail: { ...row.detail, ...also } });
    },
  };
}

/** As they came; what is no text has more of them once it is read as one. */
const bytesOf = ({ bytes, body }: WireResponse): number => bytes?.length ?? Buffer.byteLength(body);

/** A request that no method describes has a path full of ids, of which there is no end. */
const templateOf = ({ key, path }: Method): string =>
  key === RAW_KEY ? '(request)' : formatTemplate(path, (name) => `{${name}}`);

function createAllowance(most: number): (now: number) => boolean {
  let since = 0;
  let used = 0;
  return (now) => {
    if (now - since >= 1_000 || now < since) {
      since = now;
      used = 0;
    }
    return ++used <= most;
  };
}
