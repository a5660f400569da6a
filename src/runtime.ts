/** Connectors, a store and a way to send come in; a runtime that installs, tests and calls goes out. The whole line is here. */
import { createFingerprints } from './auth/fingerprints.ts';
import { createTokenCache } from './auth/token-cache.ts';
import { createCallLog } from './call-log.ts';
import { type CallDetail, createCallRecorder, type LoggedCalls } from './call-record.ts';
import { createConsoleSetup } from './console-setup.ts';
import { takesCustomFields, withCustomFields } from './custom-fields.ts';
import type { Connector } from './definition/connector.ts';
import { createLibrary } from './definition/library.ts';
import { createDispatcher } from './dispatch.ts';
import { FishplateError } from './errors.ts';
import type { ExchangeTools } from './exchange.ts';
import { createFallback } from './fallback.ts';
import { createHeldCredentials } from './held-credentials.ts';
import { createAccounts } from './installation/accounts.ts';
import { authOf } from './installation/auth-of.ts';
import { createCompleteSettings } from './installation/completed.ts';
import { parsePaste } from './installation/credentials-paste.ts';
import { createInstallations } from './installation/installations.ts';
import { secretTexts } from './installation/settings.ts';
import { assertKey, createKeyedCalls } from './keyed-call.ts';
import { createUpload } from './keyed-upload.ts';
import { createLimits } from './limits.ts';
import { findLookup, readOptions } from './lookup.ts';
import { createMakeCall } from './make-call.ts';
import { ignoringObserver, type Observer, shieldObserver } from './observer.ts';
import { callPages } from './paged-call.ts';
import { createPerform, type Perform } from './perform.ts';
import { buildPreview } from './preview.ts';
import { createProver } from './prover.ts';
import { createArgumentCheckers } from './request/arguments.ts';
import { prepareRequest, provenanceOf } from './request/prepare.ts';
import { assertNoSecret, buildRawMethod } from './request/raw-method.ts';
import { createRetention, type RetentionLimits } from './retention.ts';
import { createRotation } from './rotation/rotation.ts';
import type { Runtime } from './runtime-contract.ts';
import type { Store } from './store/store.ts';
import { lacksTag, withTag } from './tagged-call.ts';
import { createRateLimiter } from './transport/rate-limit.ts';
import { createUnderWay } from './under-way.ts';
import { createCallWatch, type WatchCall } from './watched-call.ts';
import { watchInstallations, watchRotation } from './watched-changes.ts';
import type { Send, World } from './wire.ts';
import { realWorld } from './world.ts';

export interface RuntimeOptions {
  readonly connectors: readonly Connector[];
  readonly store: Store;
  readonly send: Send;
  readonly world?: World;
  /** Told of what nobody waits for: rows of the call log that could not be written, an observer that throws. */
  readonly onError?: (message: string) => void;
  /** Told of calls, attempts, tokens and states, and of what `onError` is told; nobody is, unless given. */
  readonly observer?: Observer;
  /** Of which calls the request and the answer are kept, redacted, beside the row that every call leaves: `errors`. */
  readonly callDetail?: CallDetail;
  /** Which calls leave a row in the call log: `all`. Counts of calls are counts of rows. */
  readonly loggedCalls?: LoggedCalls;
  /** How long rows of the call log and of the audit are kept. */
  readonly retention?: RetentionLimits;
  /** How long the answer to a call with an idempotency key is kept, in milliseconds; 24 hours unless given. */
  readonly rememberMs?: number;
  /**
   * The part of each of the vendors' limits that this process may use, above 0 and at most 1, which it is unless given:
   * limits are counted in one process alone, so four processes on one store have a quarter each.
   */
  readonly limitShare?: number;
}

const DEFAULT_REMEMBER_MS = 86_400_000;
/** A call that has not ended by then loses its row: a program that is told to stop has to stop. */
const LAST_CALLS_MS = 5_000;

/** Creates the runtime. It holds no state but caches: everything else is in the store. */
export function createRuntime({
  connectors,
  store,
  send,
  world = realWorld,
  onError: onTrouble = () => undefined,
  observer: given = ignoringObserver,
  callDetail = 'errors',
  loggedCalls = 'all',
  retention: kept = {},
  rememberMs = DEFAULT_REMEMBER_MS,
  limitShare = 1,
}: RuntimeOptions): Runtime {
  const observer = given === ignoringObserver ? given : shieldObserver(given, onTrouble);
  const library = createLibrary(connectors);
  const accounts = createAccounts(store, world);
  const installations = watchInstallations(createInstallations(store, library, world), observer);
  const limits = { limiter: createRateLimiter({ world }), limitsOf: createLimits(limitShare) };
  const tokens = createTokenCache(store, world);
  const tools: ExchangeTools = {
    ...{ send, tokens, world, observer, ...limits },
    fingerprintOf: createFingerprints(),
  };
  const onError = (message: string) => {
    onTrouble(message);
    observer.event({ type: 'trouble', message });
  };
  const log = createCallLog(store, world, (message, rows) => {
    onTrouble(message);
    observer.event({ type: 'rows-lost', rows, message });
  });
  const recorder = createCallRecorder({ log, world, observer, rows: loggedCalls, detail: callDetail });
  const underWay = createUnderWay(world);
  const watch = createCallWatch({ observer, recorder, world });
  const watchCall: WatchCall = (...asked) => underWay.during(() => watch(...asked));
  const retention = createRetention({ store, world, limits: kept, observer });
  const held = createHeldCredentials(store, world);
  const fallback = createFallback({ installations, held, tokens: tools.tokens, world, onError });
  const keyedCalls = createKeyedCalls({ store, world, rememberMs, onError });
  const checkerOf = createArgumentCheckers();
  const completeSettings = createCompleteSettings();

  const perform = createPerform({ completeSettings, recorder, fallback, tools });
  const checkAndPerform: Perform = async (loaded, method, args, options) => {
    checkerOf(loaded.connector).assert(method, args);
    return perform(loaded, method, args, options);
  };

  const prover = createProver({
    ...{ installations, library, tools },
    // Nothing stands in for credentials that are tested.
    perform: (loaded, method, args, options) =>
      checkAndPerform(loaded, method, args, { ...options, sole: { tokens: tools.tokens } }),
  });
  const rotation = watchRotation(
    createRotation({ installations, library, held, store, tools, perform: checkAndPerform }),
    observer,
  );
  const dispatcher = createDispatcher({
    world,
    checkerOf,
    perform,
    // What a call looks up along the way reads, so the watch over its requests need not know.
    pages: ({ row }, method, args, { merge: _, strict: __, watch: ___, ...options }) =>
      pages(row.accountId, row.id, method, args, options),
  });

  const makeCall = createMakeCall({
    ...{ completeSettings, keyedCalls, dispatcher, prover, fallback, watchCall, world },
  });

  const find = (accountId: string, id: string, settings?: Readonly<Record<string, string>>) =>
    settings ? installations.load(accountId, id, settings) : installations.find(accountId, id);
  const call: Runtime['call'] = async (accountId, id, methodName, args = {}, options = {}) => {
    const found = find(accountId, id, options.settings);
    const loaded = found instanceof Promise ? await found : found;
    // Awaited: a promise that is returned as it is takes two turns more.
    return await makeCall(loaded, library.method(loaded.connector, methodName), args, options);
  };
  const pages: Runtime['pages'] = (...given) => callPages(call, ...given);
  const upload = createUpload({ installations, completeSettings, keyedCalls, tools, call });

  return {
    connectors: library,
    accounts,
    store,
    ...createConsoleSetup({ library, installations, prover, store }),
    install: async (accountId, name, input = {}) => {
      await accounts.get(accountId);
      return prover.proveIfComplete(await installations.create(accountId, library.find(name), input));
    },
    installations: async (accountId) => (await installations.list(accountId)).map(installations.view),
    installation: async (accountId, id) => installations.view(await installations.look(accountId, id)),
    configure: async (accountId, id, change) => {
      const loaded = await installations.change(accountId, id, change);
      return change.values === undefined ? installations.view(loaded) : prover.proveIfComplete(loaded);
    },
    deauthenticate: async (accountId, id) =>
      installations.view(await installations.deauthenticate(accountId, id)),
    reauthenticate: async (accountId, id) =>
      prover.proveIfComplete(await installations.reauthenticate(accountId, id)),
    rotation,
    uninstall: (accountId, id) => installations.remove(accountId, id),
    test: async (accountId, id) => prover.prove(await installations.load(accountId, id)),
    call,
    request: async (accountId, id, request, options = {}) => {
      const loaded = await installations.load(accountId, id, options.settings);
      const args = { ...request.query, ...(request.body !== undefined && { body: request.body }) };
      assertNoSecret(request.path, secretTexts(loaded.resolution.values));
      return makeCall(loaded, buildRawMethod(loaded.connector, request), args, options);
    },
    pages,
    preview: async (accountId, id, methodName, args = {}, options = {}) => {
      const loaded = await installations.load(accountId, id, options.settings);
      const method = library.method(loaded.connector, methodName);
      const settings = completeSettings(loaded.connector, loaded.resolution);
      const { batches } = dispatcher.check(loaded.connector, method, args, {});
      const given = batches[0]?.args ?? args;
      const first = lacksTag(method, given)
        ? withTag(method, given, `(the ETag that ${method.etag?.reads} answers)`)
        : given;
      const { idempotencyKey: key } = options;
      if (key !== undefined) assertKey(key);
      const prepared = prepareRequest(method, first, settings, world, key);
      const provenance = provenanceOf(method, given, settings, key);
      return {
        ...buildPreview(method, authOf(loaded), settings, prepared, provenance),
        ...(batches.length > 1 && { batches: batches.length }),
      };
    },
    bodySchema: async (accountId, id, name, options = {}) => {
      const { connector } = await installations.load(accountId, id);
      const method = library.method(connector, name);
      if (!connector.customFields || !takesCustomFields(connector, method)) return method.body?.schema;
      const { body } = await call(accountId, id, connector.customFields.method, {}, options);
      return withCustomFields(connector, method, body);
    },
    upload: (...given) => underWay.during(() => upload(...given)),
    lookup: async (accountId, id, name, options = {}) => {
      const { connector } = await installations.load(accountId, id);
      const lookup = findLookup(connector, name);
      return readOptions(lookup, pages(accountId, id, lookup.method, lookup.arguments, options));
    },
    calls: log.list,
    countCalls: log.count,
    loggedCall: async (id) => {
      const row = await log.get(id);
      if (row) return row;
      throw new FishplateError('call.unknown', `there is no call "${id}" in the log`);
    },
    parsePaste: (name, text) => parsePaste(library.find(name), text),
    close: async () => {
      await retention.stop();
      // What was sent must leave its row, and its answer to whoever comes again with its key.
      await underWay.ended(LAST_CALLS_MS);
      await log.flush();
      await store.close();
    },
  };
}
