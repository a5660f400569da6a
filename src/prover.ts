/** Installations come in, their state goes out: proven by the connector's test, or failing with the reason. */
import type { Method } from './definition/connector.ts';
import type { Library } from './definition/library.ts';
import { FishplateError } from './errors.ts';
import { authOf, type ExchangeTools, renewToken } from './exchange.ts';
import type { InstallationView } from './installation/installation.ts';
import type { Installations, LoadedInstallation } from './installation/installations.ts';
import { completeSettings } from './installation/settings.ts';
import type { Arguments } from './request/arguments.ts';
import { valueAt } from './response/read.ts';
import type { CallOptions, MethodResult, TestResult } from './runtime-contract.ts';
import type { InstallationRow } from './store/store.ts';

export interface ProverTools {
  readonly installations: Installations;
  readonly library: Library;
  readonly tools: ExchangeTools;
  readonly perform: (
    loaded: LoadedInstallation,
    method: Method,
    args: Arguments,
    options: CallOptions,
  ) => Promise<MethodResult>;
}

export interface Prover {
  /**
   * Exchanges a token anew, calls the connector's test, and writes down what it found and who we are - the latter not
   * when the options have values for one call.
   */
  prove(loaded: LoadedInstallation, options?: CallOptions): Promise<TestResult>;
  /** The same, unless something is missing: then the installation is neither active nor failing. */
  proveIfComplete(loaded: LoadedInstallation): Promise<InstallationView>;
  /** Marks an installation as failing. When somebody changed it meanwhile, what they found out counts, not this. */
  fail(loaded: LoadedInstallation, error: FishplateError): Promise<InstallationRow>;
}

export function createProver({ installations, library, tools, perform }: ProverTools): Prover {
  const fail: Prover['fail'] = ({ row }, { code, message, hint }) => {
    const change = {
      state: 'failing',
      stateReason: { code, message, hint },
      testedAt: tools.world.now(),
    } as const;
    return installations.setState(row, change).catch(() => row);
  };

  const demote = async (loaded: LoadedInstallation): Promise<LoadedInstallation> => {
    if (loaded.row.state !== 'active' && loaded.row.state !== 'failing') return loaded;
    return {
      ...loaded,
      row: await installations.setState(loaded.row, { state: 'setup-required', stateReason: null }),
    };
  };

  const underWay = new Map<string, Promise<TestResult>>();

  /** `keep`: writes down what was found. */
  const proveOnce = async (
    loaded: LoadedInstallation,
    options: CallOptions,
    keep = true,
  ): Promise<TestResult> => {
    const { connector } = loaded;
    const { method, arguments: args, identity: paths } = connector.test;
    try {
      const settings = completeSettings(connector, loaded.resolution);
      await renewToken({ installationId: loaded.row.id, settings, auth: authOf(loaded) }, tools);
      const { body } = await perform(loaded, library.method(connector, method), args, options);
      const identity = Object.fromEntries(
        Object.entries(paths).map(([field, path]) => [field, valueAt(body, path) ?? null]),
      );
      const proven = { state: 'active', stateReason: null, identity, testedAt: tools.world.now() } as const;
      const row = keep ? await installations.setState(loaded.row, proven) : loaded.row;
      return { ok: true, identity, view: installations.view({ ...loaded, row }) };
    } catch (error) {
      if (!(error instanceof FishplateError)) throw error;
      const row = keep && isVerdict(error, loaded.row) ? await fail(loaded, error) : loaded.row;
      return { ok: false, error, view: installations.view({ ...loaded, row }) };
    }
  };

  // Callers that come while one state of an installation is being proven share the proof: a crowd of calls on a failing
  // installation must not become a crowd of token requests with a bad key.
  const prove: Prover['prove'] = (loaded, { requestId, settings = {} } = {}) => {
    const traced = requestId === undefined ? {} : { requestId };
    // Values for one call prove nothing of the installation's own: that proof is neither shared nor written down.
    if (Object.keys(settings).length > 0) return proveOnce(loaded, traced, false);
    const flight = `${loaded.row.id} ${loaded.row.revision}`;
    let promise = underWay.get(flight);
    if (!promise) {
      promise = proveOnce(loaded, traced).finally(() => underWay.delete(flight));
      underWay.set(flight, promise);
    }
    return promise;
  };

  return {
    prove,
    fail,
    proveIfComplete: async (loaded) =>
      loaded.resolution.missing.length > 0
        ? installations.view(await demote(loaded))
        : (await prove(loaded)).view,
  };
}

/**
 * Whether a failed test says something of the installation. A vendor that is down or a caller who left does not take
 * an active one out of service; one that was never proven is told why it is not active.
 */
function isVerdict(error: FishplateError, row: InstallationRow): boolean {
  if (error.code === 'installation.setup-required' || error.category === 'cancelled') return false;
  const passing = ['unavailable', 'timeout', 'throttled', 'vendor', 'conflict', 'internal'];
  return row.state !== 'active' || !passing.includes(error.category);
}
