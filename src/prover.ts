/** Installations come in, their state goes out: proven by the connector's test, or failing with the reason. */
import { backOffMs, heldOffError, heldOffFailure, isVendorFailure, reasonOf } from './auth/back-off.ts';
import { isTokenAuth } from './auth/token-request.ts';
import type { Method } from './definition/connector.ts';
import type { Library } from './definition/library.ts';
import { formatTemplate } from './definition/template.ts';
import { type ErrorCode, errorCatalogue, FishplateError, isFishplateError } from './errors.ts';
import type { ExchangeTools } from './exchange.ts';
import { authOf } from './installation/auth-of.ts';
import type { InstallationView, LoadedInstallation } from './installation/installation.ts';
import type { Installations } from './installation/installations.ts';
import { completeSettings } from './installation/settings.ts';
import { abandonable, type Patience, renewToken, secretsInUse } from './obtain-token.ts';
import type { Perform } from './perform.ts';
import { RAW_KEY } from './request/raw-method.ts';
import { readIdentity } from './response/identity.ts';
import type { CallOptions, TestResult } from './runtime-contract.ts';
import { scrubError } from './scrub.ts';
import type { InstallationRow, StateReason } from './store/rows.ts';

export interface ProverTools {
  readonly installations: Installations;
  readonly library: Library;
  readonly tools: ExchangeTools;
  readonly perform: Perform;
}

export interface Prover {
  /**
   * Exchanges a token anew, whatever is backed off, calls the connector's test, and writes down what it found and who we
   * are. A de-authenticated installation is not tested.
   */
  prove(loaded: LoadedInstallation): Promise<TestResult>;
  /** The same, unless something is missing: then the installation is neither active nor failing. */
  proveIfComplete(loaded: LoadedInstallation): Promise<InstallationView>;
  /**
   * The installation as a call may use it: proven, if need be now - but not before a back-off is over, when it throws what
   * the last test found. One that lacks the permission for a method is let through: only calls can tell whether it has it.
   * So is one whose credentials got a token and that may not call the test.
   */
  ready(loaded: LoadedInstallation, options: CallOptions, deadline: number): Promise<LoadedInstallation>;
  /** Whether it is ready as it is. */
  isOpen(loaded: LoadedInstallation): boolean;
  /**
   * A call went well: if it is the one whose permission was missing, the installation is active again. Undefined when there
   * is nothing to write.
   */
  succeeded(loaded: LoadedInstallation, method: Method, options: CallOptions): Promise<void> | undefined;
  /** A call failed: when that is for the customer to mend - a bad key, a missing permission - so is the installation. */
  failed(loaded: LoadedInstallation, method: Method, options: CallOptions, error: unknown): Promise<void>;
}

/** How often a proof is repeated that others have overtaken by changing the installation. */
const MOST_TURNS = 3;

export function createProver({ installations, library, tools, perform }: ProverTools): Prover {
  const { world } = tools;
  const once = createFlights();

  /** When somebody changed it meanwhile, what they found out counts, not this. */
  const writeFailure = ({ row }: LoadedInstallation, stateReason: StateReason) =>
    installations
      .setState(row, { state: 'failing', stateReason, testedAt: world.now() })
      .catch((): InstallationRow => row);

  const demote = async (loaded: LoadedInstallation): Promise<LoadedInstallation> => {
    if (loaded.row.state !== 'active' && loaded.row.state !== 'failing') return loaded;
    return {
      ...loaded,
      row: await installations.setState(loaded.row, { state: 'setup-required', stateReason: null }),
    };
  };

  /** `asked`: by somebody who wants to know now. `keep`: what was found is written down. */
  const proveOnce = async (
    loaded: LoadedInstallation,
    options: CallOptions,
    { asked, keep = true }: { readonly asked: boolean; readonly keep?: boolean },
  ): Promise<TestResult> => {
    const { connector, row: before } = loaded;
    const { method, arguments: args } = connector.test;
    // A token was issued for the credentials, so they are good whatever its holder may do.
    let isGood = false;
    try {
      if (before.state === 'de-authenticated') throw deauthenticated(before);
      const settings = completeSettings(connector, loaded.resolution);
      const context = { installationId: before.id, settings, auth: authOf(loaded) };
      await renewToken(context, tools, asked ? {} : { since: distrustedUntil(before) }).catch(
        (error: unknown) => {
          // The endpoint may quote the token that we have.
          throw scrubError(error, secretsInUse(context, tools));
        },
      );
      isGood = isTokenAuth(authOf(loaded));
      const { body } = await perform(loaded, library.method(connector, method), args, options);
      const identity = readIdentity(connector, body, secretsInUse(context, tools));
      const proven = { state: 'active', stateReason: null, identity, testedAt: world.now() } as const;
      const row = keep ? await installations.setState(before, proven) : before;
      return { ok: true, identity, view: installations.view({ ...loaded, row }) };
    } catch (error) {
      if (!(error instanceof FishplateError)) throw error;
      const failures = asked ? 0 : (before.stateReason?.failures ?? 0);
      const row =
        keep && isVerdict(error, before)
          ? await writeFailure(loaded, {
              ...proofReason(error, failures, world),
              ...(isGood && error.code === 'vendor.forbidden' && { method }),
            })
          : before;
      return { ok: false, error, view: installations.view({ ...loaded, row }) };
    }
  };

  // Whoever comes while one state of an installation is being proven shares the proof: a crowd of calls on a failing
  // installation must not become a crowd of tests with a bad key.
  const flightOf = ({ row }: LoadedInstallation, kind: string) => `${row.id} ${row.revision} ${kind}`;
  const prove: Prover['prove'] = (loaded) =>
    once.share(flightOf(loaded, 'asked'), () => proveOnce(loaded, {}, { asked: true }));

  const proveForCall = async (loaded: LoadedInstallation, options: CallOptions): Promise<TestResult> => {
    const traced = options.requestId === undefined ? {} : { requestId: options.requestId };
    // Values for one call prove nothing of the installation's own: that proof is neither shared nor written down.
    if (hasOwnValues(options)) return proveOnce(loaded, traced, { asked: false, keep: false });
    const { state, stateReason } = loaded.row;
    const waitMs = (stateReason?.notBefore ?? 0) - world.now();
    if (state === 'failing' && stateReason && waitMs > 0)
      return { ok: false, error: heldOffError(stateReason, waitMs), view: installations.view(loaded) };
    return (
      once.find<TestResult>(flightOf(loaded, 'asked')) ??
      once.share(flightOf(loaded, 'called'), () => proveOnce(loaded, traced, { asked: false }))
    );
  };

  return {
    prove,
    proveIfComplete: async (loaded) => {
      if (loaded.row.state === 'de-authenticated') return installations.view(loaded);
      return loaded.resolution.missing.length > 0
        ? installations.view(await demote(loaded))
        : (await prove(loaded)).view;
    },
    ready: async (found, options, deadline) => {
      const patience: Patience = { signal: options.signal, deadline };
      let loaded = found;
      for (let turn = 1; !isOpen(loaded.row); turn++) {
        const proof = await abandonable(
          proveForCall(loaded, options),
          patience,
          'the connection test',
          world,
        );
        if (proof.ok) return { ...loaded, row: proof.view.row };
        if (turn === MOST_TURNS || !isFishplateError(proof.error, 'installation.changed')) throw proof.error;
        loaded = await installations.load(found.row.accountId, found.row.id, options.settings);
      }
      return loaded;
    },
    isOpen: ({ row }) => isOpen(row),
    succeeded: ({ row }, method, options) => {
      if (row.state !== 'failing' || row.stateReason?.method !== nameOf(method) || hasOwnValues(options))
        return undefined;
      return installations.setState(row, { state: 'active', stateReason: null }).then(nothing, nothing);
    },
    failed: async (loaded, method, options, error) => {
      // Values of the call's own say nothing of the installation's.
      if (hasOwnValues(options) || !(error instanceof FishplateError)) return;
      const { category } = error;
      if (category !== 'credentials' && category !== 'forbidden') return;
      const reason: StateReason = {
        ...reasonOf(heldOffFailure(error) ?? error),
        ...(category === 'forbidden' && { method: nameOf(method) }),
      };
      const known = loaded.row.stateReason;
      if (known?.code === reason.code && known.method === reason.method) return;
      await once.share(flightOf(loaded, 'failed'), () => writeFailure(loaded, reason));
    },
  };
}

const nothing = () => undefined;

/** Why it may not be called or tested. */
export const deauthenticated = ({ name }: InstallationRow): FishplateError =>
  new FishplateError('installation.deauthenticated', `"${name}" was de-authenticated`);

const hasOwnValues = ({ settings = {} }: CallOptions): boolean => Object.keys(settings).length > 0;

const isOpen = ({ state, stateReason }: InstallationRow): boolean =>
  state === 'active' || (state === 'failing' && stateReason?.method !== undefined);

/** What a permission is for: a request that no method describes has no key of its own. */
const nameOf = ({ key, verb, path }: Method): string =>
  key === RAW_KEY ? `${verb} ${formatTemplate(path)}` : key;

/** Whatever token was requested before the vendor refused the credentials is not to be trusted: it may be what ails them. */
function distrustedUntil({ state, stateReason, testedAt }: InstallationRow): number {
  const isRefused = state === 'failing' && stateReason !== null && isCredentialsCode(stateReason.code);
  return isRefused ? (testedAt ?? 0) : 0;
}

const isCredentialsCode = (code: string): boolean =>
  Object.hasOwn(errorCatalogue, code) && errorCatalogue[code as ErrorCode].category === 'credentials';

/** With the time before which no call brings about another test. */
function proofReason(
  error: FishplateError,
  failuresBefore: number,
  { now, random }: ExchangeTools['world'],
): StateReason {
  const heldOff = heldOffFailure(error);
  if (heldOff)
    return { ...reasonOf(heldOff), failures: failuresBefore, notBefore: now() + (error.retryAfterMs ?? 0) };
  if (!isVendorFailure(error)) return reasonOf(error);
  const failures = failuresBefore + 1;
  return { ...reasonOf(error), failures, notBefore: now() + backOffMs(error, failures, random) };
}

/**
 * Whether a failed test says something of the installation. A vendor that is down or a caller who left does not take
 * an active one out of service; one that was never proven is told why it is not active.
 */
function isVerdict(error: FishplateError, row: InstallationRow): boolean {
  if (error.category === 'cancelled') return false;
  if (/^installation\./.test(error.code)) return false;
  const passing = ['unavailable', 'timeout', 'throttled', 'vendor', 'conflict', 'internal'];
  return row.state !== 'active' || !passing.includes(error.category);
}

/** Work under way by name, for those who come meanwhile. */
function createFlights() {
  const underWay = new Map<string, Promise<unknown>>();
  const find = <T>(name: string) => underWay.get(name) as Promise<T> | undefined;
  return {
    find,
    share: <T>(name: string, act: () => Promise<T>): Promise<T> => {
      const flight = find<T>(name) ?? act().finally(() => underWay.delete(name));
      underWay.set(name, flight);
      return flight;
    },
  };
}
