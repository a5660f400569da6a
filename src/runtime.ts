/** Connectors, a store and a way to send come in; a runtime that installs, tests and calls goes out. The whole line is here. */
import { createHash } from 'node:crypto';
import { atOnce } from './at-once.ts';
import { createTokenCache } from './auth/token-cache.ts';
import { createCallLog } from './call-log.ts';
import { type CallDetail, createCallRecorder } from './call-record.ts';
import { takesCustomFields, withCustomFields } from './custom-fields.ts';
import type { Connector, Method } from './definition/connector.ts';
import { createLibrary } from './definition/library.ts';
import { formatTemplate } from './definition/template.ts';
import { createDispatcher } from './dispatch.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import { authOf, type ExchangeTools, exchange, isRepeatable, secretsInUse } from './exchange.ts';
import { createFallback, type Using } from './fallback.ts';
import { createHeldCredentials } from './held-credentials.ts';
import { createAccounts } from './installation/accounts.ts';
import { parsePaste } from './installation/credentials-paste.ts';
import { createInstallations, type LoadedInstallation } from './installation/installations.ts';
import { completeSettings, secretTexts } from './installation/settings.ts';
import { assertKey, createKeyedCalls, type KeyedCall } from './keyed-call.ts';
import { createLimits } from './limits.ts';
import { ignoringObserver, type Observer } from './observer.ts';
import type { PerformOptions, Watch } from './perform-options.ts';
import { buildPreview } from './preview.ts';
import { createProver, deauthenticated } from './prover.ts';
import { type ArgumentChecker, type Arguments, createArgumentChecker } from './request/arguments.ts';
import { fillArguments, prepareRequest, provenanceOf } from './request/prepare.ts';
import { buildRawMethod, RAW_KEY } from './request/raw-method.ts';
import { readPage } from './response/pages.ts';
import { valueAt } from './response/read.ts';
import { createRetention, type RetentionLimits } from './retention.ts';
import { createRotation } from './rotation/rotation.ts';
import type {
  CallOptions,
  LookupOption,
  MethodResult,
  Runtime,
  UploadFile,
  UploadResult,
} from './runtime-contract.ts';
import { scrubError } from './scrub.ts';
import { redactText } from './secret.ts';
import type { Store } from './store/store.ts';
import { lacksTag, withTag } from './tagged-call.ts';
import { createRateLimiter } from './transport/rate-limit.ts';
import { uploadFile } from './upload.ts';
import { createCallWatch } from './watched-call.ts';
import { watchInstallations, watchRotation } from './watched-changes.ts';
import type { Send, World } from './wire.ts';
import { realWorld } from './world.ts';

export interface RuntimeOptions {
  readonly connectors: readonly Connector[];
  readonly store: Store;
  readonly send: Send;
  readonly world?: World;
  /** Told of what nobody waits for: rows of the call log that could not be written. */
  readonly onError?: (message: string) => void;
  /** Told of calls, attempts, tokens and states, and of what `onError` is told; nobody is, unless given. */
  readonly observer?: Observer;
  /** Of which calls the request and the answer are kept, redacted, beside the row that every call leaves: `errors`. */
  readonly callDetail?: CallDetail;
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

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_UPLOAD_MS = 600_000;
const DEFAULT_REMEMBER_MS = 86_400_000;
/** Reading and replacing, and both once more when somebody else was faster. */
const MOST_MERGE_REQUESTS = 4;
const DEFAULT_MAX_PAGES = 1_000;
const MOST_OPTIONS = 1_000;
/** Connection tests at once after a change in the console. */
const MOST_RETESTS = 8;

/** Creates the runtime. It holds no state but caches: everything else is in the store. */
export function createRuntime({
  connectors,
  store,
  send,
  world = realWorld,
  onError: onTrouble = () => undefined,
  observer = ignoringObserver,
  callDetail = 'errors',
  retention: kept = {},
  rememberMs = DEFAULT_REMEMBER_MS,
  limitShare = 1,
}: RuntimeOptions): Runtime {
  const library = createLibrary(connectors);
  const accounts = createAccounts(store, world);
  const installations = watchInstallations(createInstallations(store, library, world), observer);
  const limits = { limiter: createRateLimiter({ world }), limitsOf: createLimits(limitShare) };
  const tools: ExchangeTools = { send, tokens: createTokenCache(store, world), ...limits, world, observer };
  const onError = (message: string) => {
    onTrouble(message);
    observer.event({ type: 'trouble', message });
  };
  const log = createCallLog(store, (message, rows) => {
    onTrouble(message);
    observer.event({ type: 'rows-lost', rows, message });
  });
  const recorder = createCallRecorder({ log, world, observer, detail: callDetail });
  const watchCall = createCallWatch({ observer, recorder, world });
  const retention = createRetention({ store, world, limits: kept, observer });
  const held = createHeldCredentials(store, world);
  const fallback = createFallback({ installations, held, tokens: tools.tokens, world, onError });
  const keyedCalls = createKeyedCalls({ store, world, rememberMs, onError });
  const checkerOf = createCheckers();

  /** The line: settings and arguments are checked, the request is prepared, sent with credentials, and its answer read. */
  const perform = async (
    loaded: LoadedInstallation,
    method: Method,
    args: Arguments,
    options: PerformOptions,
  ): Promise<MethodResult> => {
    const { row, connector, resolution } = loaded;
    const startedAt = world.now();
    const settings = completeSettings(connector, resolution);
    checkerOf(connector).assert(method, args);
    const key = method.idempotencyKey && (options.watch?.nextKey() ?? world.uuid());
    // Once, so that a request with other credentials is the same request.
    const filled = fillArguments(method, args, world);
    const prepared = prepareRequest(method, filled, settings, world, key);
    const { requestId, scope } = options;
    const about = { loaded, method, requestId, parent: scope?.span };
    const record = recorder.open(about, prepared, authOf(loaded), settings);
    if (scope) scope.rows++;
    let credentials: Using['credentials'] | 'staged';
    /** Tokens and keys: an error may quote one that has been replaced since. */
    const sent = new Set<string>();
    const also = () => (credentials === undefined ? undefined : { credentials });
    try {
      const deadline = options.deadline ?? startedAt + DEFAULT_DEADLINE_MS;
      const send = (using: Using) => {
        credentials = using.credentials;
        const isOwn = using.loaded === loaded;
        const its = isOwn ? settings : completeSettings(connector, using.loaded.resolution);
        return exchange(
          {
            accountId: row.accountId,
            installationId: row.id,
            settings: its,
            auth: authOf(loaded),
            method,
            prepared: isOwn ? prepared : prepareRequest(method, filled, its, world, key),
            deadline,
            signal: options.signal,
            attempt: (send, request, how, sending) => {
              sent.add(how.credential);
              return record.attempt(send, request, how, sending);
            },
            origin: { requestId, span: scope?.span },
            onArrival: method.readOnly ? undefined : options.watch?.arrived,
          },
          using.tokens === tools.tokens ? tools : { ...tools, tokens: using.tokens },
        );
      };
      const { sole } = options;
      const { response, body } = await (sole
        ? send({ loaded, tokens: sole.tokens, credentials: sole.as })
        : fallback.attempt({ loaded, options, repeatable: isRepeatable(method) }, send));
      const page = readPage(method, args, body);
      record.answered(response, also());
      const waitedMs = record.waitedMs();
      return {
        status: response.status,
        body,
        headers: response.headers,
        attempts: record.attempts(),
        durationMs: record.durationMs(),
        ...(waitedMs > 0 && { waitedMs }),
        ...(page && { page }),
      };
    } catch (error) {
      record.failed(error, also());
      throw scrubError(error, [...secretTexts(resolution.values), ...sent]);
    }
  };

  const prover = createProver({
    ...{ installations, library, tools },
    // Nothing stands in for credentials that are tested.
    perform: (loaded, method, args, options) =>
      perform(loaded, method, args, { ...options, sole: { tokens: tools.tokens } }),
  });
  const rotation = watchRotation(
    createRotation({ installations, library, held, store, tools, perform }),
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

  const call: Runtime['call'] = async (accountId, id, methodName, args = {}, options = {}) => {
    const loaded = await installations.load(accountId, id, options.settings);
    return callLoaded(loaded, library.method(loaded.connector, methodName), args, options);
  };

  const callLoaded = (
    found: LoadedInstallation,
    method: Method,
    given: Arguments,
    asked: PerformOptions,
  ): Promise<MethodResult> =>
    watchCall(found, method, asked, (options) => makeCall(found, method, given, options));

  const makeCall = async (
    found: LoadedInstallation,
    method: Method,
    given: Arguments,
    asked: PerformOptions,
  ): Promise<MethodResult> => {
    if (found.row.state === 'de-authenticated') throw deauthenticated(found.row);
    completeSettings(found.connector, found.resolution);
    const options = withDeadline(asked, world.now());
    const keyed = keyedOf(found, method, given, options);
    const known = await keyed?.recall<MethodResult>();
    if (known) return known;
    // A call that is sent again carries what was generated the first time. What is merged is generated when it is sent.
    const args = keyed && !options.merge ? fillArguments(method, given, keyed.values) : given;
    const checked = dispatcher.check(found.connector, method, args, options);
    // Nothing is called on the strength of unproven credentials.
    const latest = options.deadline ?? world.now() + DEFAULT_DEADLINE_MS;
    const loaded = await prover.ready(found, options, latest).catch(async (error: unknown) => {
      const standing = await fallback.stand({ loaded: found, options }, error);
      if (standing) return standing;
      throw error;
    });
    const send = async (watch?: Watch) => {
      try {
        const result = await dispatcher.dispatch(loaded, checked, watch ? { ...options, watch } : options);
        await prover.succeeded(loaded, method, options);
        return result;
      } catch (error) {
        // What ended the sending of a split list is what speaks of the installation.
        const reason = isFishplateError(error, 'call.partial') && error.cause ? error.cause : error;
        await prover.failed(loaded, method, options, reason);
        throw error;
      }
    };
    const requests = options.merge ? MOST_MERGE_REQUESTS : checked.batches.length;
    return keyed ? keyed.perform(send, options.deadlineMs ?? requests * DEFAULT_DEADLINE_MS) : send();
  };

  /** Undefined without a key, and for what changes nothing. Throws `call.key-invalid`. */
  const keyedOf = (
    { row }: LoadedInstallation,
    method: Method,
    args: Arguments,
    { idempotencyKey: key, settings = {}, merge = false, strict = false }: CallOptions,
  ): KeyedCall | undefined => {
    if (key === undefined) return undefined;
    assertKey(key);
    if (method.readOnly) return undefined;
    const raw = method.key === RAW_KEY && [method.verb, method.host, formatTemplate(method.path)];
    const asked = [method.key, raw, args, settings, merge, strict];
    const { accountId, id: installationId } = row;
    return keyedCalls({ accountId, installationId, key, asked, repeatable: isRepeatable(method) });
  };

  /** Whoever changes or removes the installation meanwhile finds out more of it than this would. */
  const retest = async (id: string): Promise<void> => {
    try {
      const row = await store.get('installation', id);
      if (row && row.state !== 'de-authenticated')
        await prover.proveIfComplete(await installations.load(row.accountId, id));
    } catch (error) {
      if (!isFishplateError(error, 'installation.unknown', 'installation.changed')) throw error;
    }
  };

  async function* pages(
    ...[accountId, id, method, args = {}, given = {}]: Parameters<Runtime['pages']>
  ): AsyncGenerator<MethodResult> {
    // A key names one call, and every page is a call of its own.
    const { idempotencyKey: _, ...options } = given;
    const seen = new Set<string>();
    const maxPages = options.maxPages ?? DEFAULT_MAX_PAGES;
    let next: Arguments | undefined = args;
    for (let number = 1; next; number++) {
      if (number > maxPages)
        throw new FishplateError('pages.endless', `${method} has more than ${maxPages} pages`);
      const mark = JSON.stringify(next);
      if (seen.has(mark))
        throw new FishplateError(
          'pages.endless',
          `${method} gave the same page token twice, after ${number - 1} pages`,
        );
      seen.add(mark);
      const result: MethodResult = await call(accountId, id, method, next, options);
      yield result;
      next = result.page?.next;
    }
  }

  return {
    connectors: library,
    accounts,
    store,
    consoleSetup: async (name) => installations.consoleSetup(library.find(name)),
    setupConsole: async (name, values) => {
      const connector = library.find(name);
      await atOnce(MOST_RETESTS, await installations.setConsole(connector, values), retest);
      return installations.consoleSetup(connector);
    },
    install: async (accountId, name, input = {}) => {
      await accounts.get(accountId);
      return prover.proveIfComplete(await installations.create(accountId, library.find(name), input));
    },
    installations: async (accountId) => (await installations.list(accountId)).map(installations.view),
    installation: async (accountId, id) => installations.view(await installations.load(accountId, id)),
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
      return callLoaded(loaded, buildRawMethod(loaded.connector, request), args, options);
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
      const prepared = prepareRequest(method, first, settings, world);
      return {
        ...buildPreview(method, authOf(loaded), settings, prepared, provenanceOf(method, given, settings)),
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
    upload: async (
      accountId,
      id,
      name,
      file,
      args = {},
      { onProgress = () => undefined, ...options } = {},
    ) => {
      const { row, connector, resolution } = await installations.load(accountId, id, options.settings);
      const upload = Object.hasOwn(connector.uploads, name) ? connector.uploads[name] : undefined;
      if (!upload) throw new FishplateError('upload.unknown', `${connector.title} takes no file "${name}"`);
      const settings = completeSettings(connector, resolution);
      const hosts = Object.values(settings.hosts);
      const auth = authOf({ row, connector });
      const secrets = () => secretsInUse({ installationId: row.id, settings, auth }, tools);
      const { deadlineMs, idempotencyKey: key, ...each } = options;
      const step = (method: string, its: Arguments) => call(accountId, id, method, its, each);
      const send = (watch?: Watch) => {
        const context = { upload, file, args, hosts, options, onProgress, call: step };
        return uploadFile({ ...context, onArrival: watch?.arrived }, tools).then(
          // The job's name goes into the audit. What the vendor says of the job is the caller's.
          (done): UploadResult => ({ ...done, jobId: redactText(done.jobId, secrets()) }),
          (error: unknown) => {
            throw scrubError(error, secrets());
          },
        );
      };
      if (key === undefined) return send();
      assertKey(key);
      const asked = ['upload', name, args, options.settings ?? {}, describeFile(file)];
      const keyed = keyedCalls({ accountId, installationId: row.id, key, asked, repeatable: false });
      return (await keyed.recall<UploadResult>()) ?? keyed.perform(send, deadlineMs ?? DEFAULT_UPLOAD_MS);
    },
    lookup: async (accountId, id, name, options = {}) => {
      const { connector } = await installations.load(accountId, id);
      const lookup = Object.values(connector.lookups).find(
        (candidate) => candidate.key === name || String(candidate.id) === name,
      );
      if (!lookup) throw new FishplateError('lookup.unknown', `${connector.title} has no lookup "${name}"`);
      const found: LookupOption[] = [];
      for await (const { body, page } of pages(accountId, id, lookup.method, lookup.arguments, options)) {
        for (const item of page?.items ?? [body].flat())
          found.push({
            value: String(valueAt(item, lookup.value) ?? ''),
            name: String(valueAt(item, lookup.name) ?? ''),
          });
        if (found.length >= MOST_OPTIONS) break;
      }
      return found;
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
      await log.flush();
      await store.close();
    },
  };
}

/** The deadline of the whole call, where its caller gave one. */
function withDeadline(options: PerformOptions, now: number): PerformOptions {
  const { deadline, deadlineMs } = options;
  return deadline === undefined && deadlineMs !== undefined
    ? { ...options, deadline: now + deadlineMs }
    : options;
}

/** Paths are kept, in the call log and the audit, where secrets have no place. */
function assertNoSecret(path: string, secrets: readonly string[]): void {
  if (redactText(path, secrets) === path) return;
  const message = 'holds a secret of the installation, and paths are logged';
  throw new FishplateError('arguments.invalid', `request: path ${message}`, {
    problems: [{ path: 'path', message }],
  });
}

/** What tells a file from another one. */
const describeFile = ({ name, contentType, content }: UploadFile) => [
  name,
  contentType,
  createHash('sha256').update(content).digest('hex'),
];

/** One argument checker per connector, made when first needed. */
function createCheckers(): (connector: Connector) => ArgumentChecker {
  const checkers = new WeakMap<Connector, ArgumentChecker>();
  return (connector) => {
    let checker = checkers.get(connector);
    if (!checker) {
      checker = createArgumentChecker(connector);
      checkers.set(connector, checker);
    }
    return checker;
  };
}
