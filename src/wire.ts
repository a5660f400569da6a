/** What goes over the wire and comes back: plain data, and the one function type that the network hides behind. */

/** A request ready to be sent: absolute URL, final headers, encoded body. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer of any status. Header names are lower-case; `body` is the text as received. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * The content as received, unpacked, where its media type is none of text or it is text in no charset that is known:
   * what `body` says is not the whole of it then.
   */
  readonly bytes?: Uint8Array;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends one request and resolves with whatever the other side answered, also 4xx and 5xx.
 * Rejects with a `FishplateError` of code `transport.*` whose `details.outcome` says whether the request may have
 * been processed: `not-sent` or `sent-unknown`.
 */
export type Send = (request: WireRequest, options?: SendOptions) => Promise<WireResponse>;

/** What is known of a request that has no answer. */
export type Outcome = 'not-sent' | 'sent-unknown';

/** The world's clock and dice, handed in so that tests need not wait or guess. */
export interface World {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Runs `act` after `ms`, unless the function that comes back is called before. What is done in the `background` does not
   * keep the process alive.
   */
  readonly after: (ms: number, act: () => void, background?: boolean) => () => void;
  /** A random UUID (version 4). */
  readonly uuid: () => string;
}
