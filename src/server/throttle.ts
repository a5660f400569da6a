/** Attempts with credentials come in; they are let through until too many of one address, or of one client there, have failed. */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
import { FishplateError } from '../errors.ts';
import { fingerprint } from '../secret.ts';

export interface ThrottleLimits {
  readonly windowMs: number;
  /** Failed attempts in a window by one address, whoever it says it is. */
  readonly perAddress: number;
  /** Failed attempts in a window by one address as one client: elsewhere that client goes on as before. */
  readonly perClient: number;
}

export const usualThrottle: ThrottleLimits = { windowMs: 60_000, perAddress: 100, perClient: 10 };

/** One attempt, from before its body is read to its end. */
export interface Attempt {
  /** Throws `access.throttled`. */
  checkAddress(): Promise<void>;
  /** Throws `access.throttled`. `client` is who the attempt says it is; empty when it does not. */
  checkClient(client: string): Promise<void>;
  /** Counts the attempt. Those that succeed are never counted: a program may fetch as many tokens as it likes. */
  fail(): void;
}

export type Throttle = (request: Request, response: Response) => Attempt;

/** `now` is a clock in milliseconds. The counts are kept in memory, of a bounded number of addresses and clients. */
export function createThrottle(now: () => number, limits: ThrottleLimits = usualThrottle): Throttle {
  const addresses = createFailures(now, limits.windowMs);
  const clients = createFailures(now, limits.windowMs);
  const limitAddress = createLimiter('address', limits.perAddress, limits.windowMs, addresses);
  const limitClient = createLimiter('client', limits.perClient, limits.windowMs, clients);
  return (request, response) => {
    // A network of IPv6 counts as one address: whoever has one has millions.
    const address = ipKeyGenerator(request.ip ?? '');
    const keys = { address, client: '' };
    return {
      checkAddress: () => limitAddress(keys.address, request, response),
      checkClient: async (client) => {
        if (client === '') return;
        keys.client = fingerprint(address, client);
        await limitClient(keys.client, request, response);
      },
      fail: () => {
        addresses.fail(keys.address);
        if (keys.client !== '') clients.fail(keys.client);
      },
    };
  };
}

interface Failures {
  readonly store: Store;
  fail(key: string): void;
  /** Until the key's window ends, in milliseconds. */
  leftMs(key: string): number;
}

const MOST_KEYS = 10_000;

/**
 * Counts when an attempt has failed, and not when it begins: many good ones may be under way at once. A window begins
 * with the first failure. When there are too many keys the oldest is forgotten; its address goes on being counted.
 */
function createFailures(now: () => number, windowMs: number): Failures {
  const windows = new Map<string, { failures: number; readonly endsAt: number }>();
  const current = (key: string) => {
    const window = windows.get(key);
    if (window && window.endsAt > now()) return window;
    windows.delete(key);
    return undefined;
  };
  const leftMs = (key: string) => (current(key)?.endsAt ?? now() + windowMs) - now();
  return {
    leftMs,
    fail: (key) => {
      const window = current(key);
      if (window) {
        window.failures++;
        return;
      }
      const oldest = windows.size >= MOST_KEYS ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      windows.set(key, { failures: 1, endsAt: now() + windowMs });
    },
    store: {
      localKeys: true,
      // The date is on the machine's own clock: the library subtracts that one from it.
      increment: (key) => ({
        totalHits: (current(key)?.failures ?? 0) + 1,
        resetTime: new Date(Date.now() + leftMs(key)),
      }),
      decrement: () => undefined,
      resetKey: (key) => void windows.delete(key),
    },
  };
}

type Limit = (key: string, request: Request, response: Response) => Promise<void>;

function createLimiter(name: string, limit: number, windowMs: number, failures: Failures): Limit {
  const keys = new WeakMap<Request, string>();
  const handler: RequestHandler = rateLimit({
    ...{ limit, windowMs, store: failures.store },
    ...{ standardHeaders: 'draft-8', legacyHeaders: false, identifier: name },
    keyGenerator: (request) => keys.get(request) ?? '',
    handler: (request, _response, next) => next(throttled(name, failures.leftMs(keys.get(request) ?? ''))),
    // Its advice goes to the console; addresses behind a proxy are told in the documentation of FISHPLATE_TRUST_PROXY.
    validate: false,
  });
  return (key, request, response) =>
    new Promise((resolve, reject) => {
      keys.set(request, key);
      void handler(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
}

function throttled(name: string, retryAfterMs: number): FishplateError {
  const whose = name === 'client' ? 'for this client from this address' : 'from this address';
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait = seconds > 120 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
  const hint = `Wait ${wait}, as Retry-After says; then check id and secret.`;
  return new FishplateError('access.throttled', `too many attempts ${whose} have failed`, {
    retryAfterMs,
    hint,
  });
}
