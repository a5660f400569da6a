/** What the caller asked of a call, and what the runtime adds to it on the way to the requests that it becomes. */
import type { TokenCache } from './auth/token-cache.ts';
import type { Span } from './observer.ts';
import type { CallOptions } from './runtime-contract.ts';

/** What a call under its caller's key gives to its requests, and what it must know of them. */
export interface Watch {
  /** The key for the vendor, of the next request that takes one: the caller's own for the first of them. */
  nextKey(): string;
  /** Told when the vendor may have done what one of the requests asked. */
  arrived(): void;
}

export interface PerformOptions extends CallOptions {
  /** Milliseconds since the epoch after which nothing more is tried; from `deadlineMs`, for all requests of the call. */
  readonly deadline?: number;
  readonly watch?: Watch;
  /** For tests of credentials: these and no others stand for the request, however the vendor takes them. */
  readonly sole?: Sole;
  /** The call that the request is part of; absent for connection tests. */
  readonly scope?: CallScope;
}

/** A call, for those who watch it. */
export interface CallScope {
  readonly span?: Span | undefined;
  /** Rows of the log that it has left so far. */
  rows: number;
}

export interface Sole {
  readonly tokens: TokenCache;
  /** What the call log calls them when they are not the ones in use. */
  readonly as?: 'staged';
}
