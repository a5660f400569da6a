/** The shapes of the API's answers about the call log, as far as the pages read them. */

/** One attempt; `AtMs` counts from the start of the call. */
export interface Attempt {
  readonly AtMs: number;
  readonly DurationMs: number;
  /** Null when no answer came. */
  readonly Status: number | null;
  /** The code of the error, when no answer came. */
  readonly Error?: string;
  /** In the queue of the vendor's limits. */
  readonly WaitedMs?: number;
  readonly TokenRenewed?: boolean;
  /** How long this answer asked to wait before the next attempt. */
  readonly RetryAfterMs?: number;
}

/** What was kept of a request or an answer: redacted, the first 2,048 characters of its body. */
interface KeptMessage {
  readonly Headers: Readonly<Record<string, string>>;
  readonly Body: string | null;
}

/** call-record.schema.json */
export interface CallRecord {
  readonly Id: string;
  readonly Date: string;
  readonly AccountId: string;
  readonly AccountConnectorId: string;
  readonly Connector: string;
  readonly Method: string;
  /** `ok`, or the code of the error. */
  readonly Outcome: string;
  /** What that code says in words, and what to do next; absent when it went well. */
  readonly Meaning?: string;
  readonly Hint?: string;
  /** The vendor's; null when there was no answer. */
  readonly Status: number | null;
  readonly Attempts: number;
  /** The first ten. */
  readonly AttemptDetails: readonly Attempt[];
  readonly DurationMs: number;
  readonly RequestBytes: number;
  readonly ResponseBytes: number;
  readonly RequestId: string | null;
  readonly Detail: Readonly<Record<string, unknown>>;
  /** Only of one call, and only where it was kept. */
  readonly Request?: KeptMessage & { readonly Method: string; readonly Url: string };
  readonly Response?: KeptMessage & { readonly Status: number };
}
