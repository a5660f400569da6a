/**
 * A call comes in; it is sent with the installation's credentials, and when the vendor refuses these, with the newest
 * ones and then with those from before the last rotation: so that no call fails because credentials are being replaced.
 */
import { createMemoryTokens } from './auth/memory-tokens.ts';
import type { TokenCache } from './auth/token-cache.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import type { HeldCredentials } from './held-credentials.ts';
import type { LoadedInstallation } from './installation/installation.ts';
import type { Installations } from './installation/installations.ts';
import {
  type CredentialLevel,
  consoleOwner,
  credentialsAt,
  type Held,
  sameCredentials,
  touchesCredentials,
  withCredentials,
} from './installation/rotation.ts';
import type { World } from './wire.ts';

/** What an attempt is made with. */
export interface Using {
  readonly loaded: LoadedInstallation;
  readonly tokens: TokenCache;
  /** Whose place they took; absent for the installation's own. For the call log. */
  readonly credentials?: 'newest' | 'fallback' | 'staged' | undefined;
}

export interface FallbackCall {
  readonly loaded: LoadedInstallation;
  /** `settings`: values for this call alone; credentials among them have no fallback. */
  readonly options: { readonly settings?: Readonly<Record<string, string>> };
  /** Whether the request may arrive twice without harm. */
  readonly repeatable: boolean;
}

export interface Fallback {
  /** Rejects with the refusal of the credentials in use when the others are refused as well. */
  attempt<T>(call: FallbackCall, run: (using: Using) => Promise<T>): Promise<T>;
  /**
   * What a call can go on with although the installation cannot be proven: the same with newer credentials, or as it is
   * when the fallback carries it. Undefined when nothing does.
   */
  stand(call: Omit<FallbackCall, 'repeatable'>, error: unknown): Promise<LoadedInstallation | undefined>;
}

export interface FallbackTools {
  readonly installations: Installations;
  readonly held: HeldCredentials;
  /** Of the credentials in use. */
  readonly tokens: TokenCache;
  readonly world: World;
  readonly onError: (message: string) => void;
}

/** The fallback of an installation, and the installation with it. */
interface Spare {
  readonly held: Held;
  readonly loaded: LoadedInstallation;
}

/** For how long calls begin with the fallback once the credentials in use were refused, in milliseconds. */
const PREFER_MS = 30_000;
const MOST_PREFERRED = 1_000;

export function createFallback({ installations, held, tokens, world, onError }: FallbackTools): Fallback {
  const spareTokens = createMemoryTokens(world.now);
  const preferred = new Map<string, number>();

  const prefer = (id: string) => {
    preferred.delete(id);
    preferred.set(id, world.now() + PREFER_MS);
    for (const oldest of preferred.keys()) {
      if (preferred.size <= MOST_PREFERRED) break;
      preferred.delete(oldest);
    }
  };
  const isPreferred = (id: string): boolean => {
    const until = preferred.get(id);
    if (until === undefined) return false;
    if (world.now() < until) return true;
    preferred.delete(id);
    return false;
  };

  const spareOf = async (loaded: LoadedInstallation): Promise<Spare | undefined> => {
    const { row, connector, resolution } = loaded;
    for (const level of ['account', 'console'] as const) {
      if (Object.keys(credentialsAt(connector, resolution, level)).length === 0) continue;
      const found = await held.find(ownerAt(loaded, level), 'fallback');
      if (!found) continue;
      const other = withCredentials(connector, resolution, level, found.values);
      if (!sameCredentials(connector, resolution, other))
        return { held: found, loaded: { row, connector, resolution: other } };
    }
    return undefined;
  };

  /** The installation as it is by now, when its credentials were replaced since and are proven. */
  const newestOf = async ({
    loaded,
    options,
  }: Omit<FallbackCall, 'repeatable'>): Promise<LoadedInstallation | undefined> => {
    const { row, connector, resolution } = loaded;
    try {
      const newest = await installations.load(row.accountId, row.id, options.settings);
      const isOther = !sameCredentials(connector, resolution, newest.resolution);
      return isOther && newest.row.state === 'active' ? newest : undefined;
    } catch (error) {
      if (isFishplateError(error, 'installation.unknown')) return undefined;
      throw error;
    }
  };

  const carry = async <T>(spare: Spare, code: string, run: (using: Using) => Promise<T>): Promise<T> => {
    const result = await run({ loaded: spare.loaded, tokens: spareTokens, credentials: 'fallback' });
    await held.noteUse(spare.held, code).catch(report);
    return result;
  };
  const report = (error: unknown) =>
    onError(`the upkeep of fallback credentials failed: ${error instanceof Error ? error.message : error}`);

  /** The credentials in use were refused a moment ago. */
  const beginWithSpare = async <T>(call: FallbackCall, run: (using: Using) => Promise<T>): Promise<T> => {
    const { loaded, repeatable } = call;
    const spare = await spareOf(loaded);
    if (spare)
      try {
        return await carry(spare, spare.held.usedFor ?? '', run);
      } catch (error) {
        if (!isRefusal(error, repeatable)) throw error;
        preferred.delete(loaded.row.id);
      }
    try {
      return await run({ loaded, tokens });
    } catch (error) {
      return goOn(call, error, run, spare);
    }
  };

  /** Those in use failed: when they were refused, the newest are tried, and then the spare unless it `tried` already. */
  const goOn = async <T>(
    call: FallbackCall,
    error: unknown,
    run: (using: Using) => Promise<T>,
    tried?: Spare,
  ): Promise<T> => {
    const { loaded, repeatable } = call;
    if (!isRefusal(error, repeatable) || usesOwn(call)) throw error;
    let refusal = error;
    const newest = await newestOf(call);
    if (newest)
      try {
        return await run({ loaded: newest, tokens, credentials: 'newest' });
      } catch (again) {
        if (!isRefusal(again, repeatable)) throw again;
        refusal = again;
      }
    const last = tried ? undefined : await spareOf(newest ?? loaded);
    if (!last || sameCredentials(loaded.connector, last.loaded.resolution, loaded.resolution)) throw refusal;
    try {
      const result = await carry(last, refusal.code, run);
      if (refusal.category === 'credentials') prefer(loaded.row.id);
      return result;
    } catch (thrown) {
      throw isRefusal(thrown, repeatable) ? refusal : thrown;
    }
  };

  return {
    attempt: (call, run) => {
      held.sweep()?.catch(report);
      if (isPreferred(call.loaded.row.id)) return beginWithSpare(call, run);
      return run({ loaded: call.loaded, tokens }).catch((error: unknown) => goOn(call, error, run));
    },
    stand: async (call, error) => {
      if (!isRefusal(error, true) || usesOwn(call)) return undefined;
      const newest = await newestOf(call);
      if (newest) return newest;
      const spare = await spareOf(call.loaded);
      if (!spare) return undefined;
      await held.noteUse(spare.held, error.code).catch(report);
      prefer(call.loaded.row.id);
      return call.loaded;
    },
  };
}

/** Whose fallback it is. */
function ownerAt({ row, connector }: LoadedInstallation, level: CredentialLevel): string {
  return level === 'account' ? row.id : consoleOwner(connector);
}

/** A call that brings credentials of its own is judged by these alone. */
const usesOwn = ({ loaded, options: { settings = {} } }: Omit<FallbackCall, 'repeatable'>): boolean =>
  touchesCredentials(loaded.connector, Object.keys(settings));

/**
 * Whether the vendor refused who we are, and so did nothing - unless an attempt before it may have been processed, and
 * one more could do it twice. A missing permission counts: those from before may have had it.
 */
function isRefusal(error: unknown, repeatable: boolean): error is FishplateError {
  return (
    error instanceof FishplateError &&
    refusals.has(error.code) &&
    (repeatable || error.outcome !== 'sent-unknown')
  );
}

const refusals: ReadonlySet<string> = new Set([
  'token.refused',
  'vendor.bad-credentials',
  'vendor.key-inactive',
  'vendor.expired',
  'vendor.revoked',
  'vendor.forbidden',
]);
