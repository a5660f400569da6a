/** What the runtime and the server tell whoever watches: the types of the events and spans, and an observer that ignores them. */

/** What was going on, for log lines; metrics leave the ids out, since there is no end of them. */
export interface Place {
  readonly connector: string;
  readonly installationId: string;
  readonly accountId: string;
  /** Of the request that led to it, where there was one. */
  readonly requestId?: string | undefined;
}

/** A call has ended: answered, failed, refused before anything was sent, or answered from an earlier call with its key. */
export interface CallEnded extends Place {
  readonly type: 'call';
  readonly method: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly replayed: boolean;
}

/** A request of a call was answered, or failed on the way. */
export interface AttemptEnded extends Place {
  readonly type: 'attempt';
  readonly method: string;
  /** From 1, counting all that were made for one request. */
  readonly number: number;
  /** Time spent in the queue of the vendor's limits before it. */
  readonly waitedMs: number;
  /** Time between the end of the attempt before it and the start of this one, in the queue or not. */
  readonly pausedMs: number;
  readonly durationMs: number;
  /** The vendor's status; absent without an answer, when `error` has the code. */
  readonly status?: number | undefined;
  readonly error?: string | undefined;
}

/** A call has to wait for room in a vendor's limit, or no longer has to: then it goes on, or was refused or cancelled. */
export interface LimitWait {
  readonly type: 'limit-wait-begun' | 'limit-wait-ended';
  readonly connector: string;
  /** So far; 0 when it begins. */
  readonly waitedMs: number;
}

/** A token was exchanged at the vendor, or could not be. */
export interface TokenExchanged extends Omit<Place, 'accountId'> {
  readonly type: 'token';
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** An installation has come into another state. */
export interface StateChanged extends Place {
  readonly type: 'state';
  readonly from: string;
  readonly to: string;
  /** The code of the reason, where there is one. */
  readonly reason?: string;
  /** Until when no call brings about another connection test, in milliseconds since the epoch. */
  readonly notBefore?: number;
}

/** Somebody rotated credentials: `act` is the method of `Rotation` that was called. */
export interface RotationDone {
  readonly type: 'rotation';
  readonly act: string;
  /** An installation's id, or `console/<connector>`. */
  readonly target: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}

/** Rows of the call log were lost: dropped because the store does not keep up, or their write failed. */
export interface RowsLost {
  readonly type: 'rows-lost';
  readonly rows: number;
  readonly message: string;
}

/** Rows that were too old, or too many, or of no use any more were deleted. */
export interface RowsDeleted {
  readonly type: 'rows-deleted';
  readonly table: string;
  readonly rows: number;
}

/** Something that nobody waits for went wrong: a row could not be removed, an answer not be kept. */
export interface Trouble {
  readonly type: 'trouble';
  readonly message: string;
}

/** A request to our own API has been answered, or its client has left. */
export interface RequestEnded {
  readonly type: 'request';
  readonly verb: string;
  /** The pattern of the path; `(none)` for a path that nothing serves. */
  readonly route: string;
  /** 499 stands for a client that went away before the answer. */
  readonly status: number;
  readonly durationMs: number;
}

export type RuntimeEvent =
  | CallEnded
  | AttemptEnded
  | LimitWait
  | TokenExchanged
  | StateChanged
  | RotationDone
  | RowsLost
  | RowsDeleted
  | Trouble
  | RequestEnded;

/** What a span is about. Nothing here is a secret; queries, bodies and headers stay out. */
export type SpanAbout =
  | {
      readonly kind: 'request';
      readonly verb: string;
      /** Where the trace of whoever calls us stands (`traceparent`). */
      readonly headers: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'call' | 'token';
      readonly connector: string;
      /** Of a call: the key of its method. */
      readonly method?: string;
      readonly installationId: string;
    }
  | {
      readonly kind: 'attempt';
      readonly verb: string;
      /** Only its host and port are told. */
      readonly url: string;
      /** Makes the path with its parameters' names in place of their values; asked only when somebody records it. */
      readonly template: () => string;
      /** From 1. */
      readonly number: number;
    };

/** How it ended: `error` is a stable code, `status` one of HTTP. */
export interface SpanEnd {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  /** Of a request: what is known of it only at its end. */
  readonly route?: string;
  readonly path?: string;
  readonly attempts?: number;
}

export interface Span {
  /** Of the trace that it is part of, in hexadecimal. */
  readonly traceId: string;
  /** Runs with this span as the active one, so that what begins meanwhile is part of it. */
  run<T>(act: () => T): T;
  /** What a request has to carry so that the trace goes on where it arrives; empty when vendors are not to be told. */
  headers(): Readonly<Record<string, string>>;
  end(result: SpanEnd): void;
}

/** Begins a span below the given one, else below the active one. Undefined when nobody records spans. */
export type StartSpan = (about: SpanAbout, parent?: Span) => Span | undefined;

/** Neither function may take time: they are called on the way of every call. What they throw is told to `onError`. */
export interface Observer {
  readonly event: (event: RuntimeEvent) => void;
  readonly startSpan: StartSpan;
}

/**
 * The same for those who keep no promise: what `event` and `startSpan` throw goes to `onThrow` and changes nothing, least
 * of all what a caller hears of a request that was sent.
 */
export function shieldObserver(observer: Observer, onThrow: (message: string) => void): Observer {
  // What was thrown may quote anything, so only its kind is told.
  const tell = (thrown: unknown) =>
    onThrow(`an observer threw ${thrown instanceof Error ? thrown.name : typeof thrown}`);
  return {
    event: (event) => {
      try {
        observer.event(event);
      } catch (thrown) {
        tell(thrown);
      }
    },
    startSpan: (about, parent) => {
      try {
        return observer.startSpan(about, parent);
      } catch (thrown) {
        tell(thrown);
        return undefined;
      }
    },
  };
}

/** Watches nothing. */
export const ignoringObserver: Observer = { event: () => undefined, startSpan: () => undefined };

/** Tells all of them of every event; spans are begun by one alone. */
export function joinObservers(
  listeners: readonly Observer['event'][],
  startSpan: StartSpan = ignoringObserver.startSpan,
): Observer {
  return {
    event: (event) => {
      for (const listen of listeners) listen(event);
    },
    startSpan,
  };
}
