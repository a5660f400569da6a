/** Connectors, a store and a way to send come in; a runtime that installs, tests and calls goes out. The whole line is here. */
import { createTokenCache } from './auth/token-cache.ts';
import { createCallLog } from './call-log.ts';
import { takesCustomFields, withCustomFields } from './custom-fields.ts';
import type { Connector, Method } from './definition/connector.ts';
import { createLibrary } from './definition/library.ts';
import { formatTemplate } from './definition/template.ts';
import { createDispatcher } from './dispatch.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import { abandonable, authOf, type ExchangeTools, exchange } from './exchange.ts';
import { createAccounts } from './installation/accounts.ts';
import { parsePaste } from './installation/credentials-paste.ts';
import { createInstallations, type LoadedInstallation } from './installation/installations.ts';
import { completeSettings } from './installation/settings.ts';
import { buildPreview } from './preview.ts';
import { createProver } from './prover.ts';
import { type ArgumentChecker, type Arguments, createArgumentChecker } from './request/arguments.ts';
import { prepareRequest, provenanceOf } from './request/prepare.ts';
import { buildRawMethod, RAW_KEY } from './request/raw-method.ts';
import { readPage } from './response/pages.ts';
import { readBody, valueAt } from './response/read.ts';
import type { CallOptions, LookupOption, MethodResult, Runtime } from './runtime-contract.ts';
import type { Store } from './store/store.ts';
import { uploadFile } from './upload.ts';
import type { Send, World } from './wire.ts';
import { realWorld } from './world.ts';

export interface RuntimeOptions {
  readonly connectors: readonly Connector[];
  readonly store: Store;
  readonly send: Send;
  readonly world?: World;
  /** Told of what nobody waits for: rows of the call log that could not be written. */
  readonly onError?: (message: string) => void;
}

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_MAX_PAGES = 1_000;
const MOST_OPTIONS = 1_000;

/** Creates the runtime. It holds no state but caches: everything else is in the store. */
export function createRuntime({
  connectors,
  store,
  send,
  world = realWorld,
  onError = () => undefined,
}: RuntimeOptions): Runtime {
  const library = createLibrary(connectors);
  const accounts = createAccounts(store, world);
  const installations = createInstallations(store, library, world);
  const tools: ExchangeTools = { send, tokens: createTokenCache(store, world.now), world };
  const log = createCallLog(store, onError);
  const checkerOf = createCheckers();

  /** The line: settings and arguments are checked, the request is prepared, sent with credentials, and its answer read. */
  const perform = async (
    loaded: LoadedInstallation,
    method: Method,
    args: Arguments,
    options: CallOptions,
  ): Promise<MethodResult> => {
    const { row, connector, resolution } = loaded;
    const startedAt = world.now();
    const settings = completeSettings(connector, resolution);
    checkerOf(connector).assert(method, args);
    const prepared = prepareRequest(method, args, settings, world);
    const entry = {
      ...{
        id: world.uuid(),
        at: startedAt,
        accountId: row.accountId,
        installationId: row.id,
        connector: connector.name,
        method: method.key,
      },
      ...{
        requestBytes: prepared.bodyBytes,
        requestId: options.requestId ?? null,
        detail: {
          ...{ verb: method.verb, host: method.host },
          // Of a method the key says it all; of a request that none describes the audit has only what went well.
          ...(method.key === RAW_KEY && { path: formatTemplate(method.path) }),
        },
      },
    };
    let attempts = 0;
    const finish = (outcome: string, status: number | null, responseBytes: number) =>
      log.add({ ...entry, outcome, status, attempts, durationMs: world.now() - startedAt, responseBytes });
    try {
      const deadline = startedAt + (options.deadlineMs ?? DEFAULT_DEADLINE_MS);
      const onAttempt = () => void attempts++;
      const response = await exchange(
        {
          installationId: row.id,
          settings,
          auth: authOf(loaded),
          method,
          prepared,
          deadline,
          signal: options.signal,
          onAttempt,
        },
        tools,
      );
      const body = readBody(response);
      const page = readPage(method, args, body);
      finish('ok', response.status, Buffer.byteLength(response.body));
      return {
        status: response.status,
        body,
        headers: response.headers,
        attempts,
        durationMs: world.now() - startedAt,
        ...(page && { page }),
      };
    } catch (error) {
      const known = error instanceof FishplateError ? error : undefined;
      finish(known?.code ?? 'internal.unexpected', known?.vendor?.status ?? null, 0);
      throw error;
    }
  };

  const prover = createProver({ installations, library, tools, perform });
  const dispatcher = createDispatcher({
    world,
    checkerOf,
    perform,
    pages: ({ row }, method, args, { merge: _, strict: __, ...options }) =>
      pages(row.accountId, row.id, method, args, options),
  });

  const call: Runtime['call'] = async (accountId, id, methodName, args = {}, options = {}) => {
    const loaded = await installations.load(accountId, id, options.settings);
    return callLoaded(loaded, library.method(loaded.connector, methodName), args, options);
  };

  const callLoaded = async (
    found: LoadedInstallation,
    method: Method,
    args: Arguments,
    options: CallOptions,
  ) => {
    let loaded = found;
    if (loaded.row.state === 'de-authenticated') {
      throw new FishplateError('installation.deauthenticated', `"${loaded.row.name}" was de-authenticated`);
    }
    completeSettings(loaded.connector, loaded.resolution);
    const checked = dispatcher.check(loaded.connector, method, args, options);
    if (loaded.row.state !== 'active') {
      // Nothing is called on the strength of unproven credentials.
      const proof = await abandonable(prover.prove(loaded, options), options.signal);
      if (!proof.ok) throw proof.error;
      loaded = { ...loaded, row: proof.view.row };
    }
    return dispatcher.dispatch(loaded, checked, options).catch(async (error: unknown) => {
      // A bad key and a missing permission are both the customer's to mend; the next call tests the connection first.
      // Unless the call had values of its own: those say nothing of the installation's.
      const isOwn = Object.keys(options.settings ?? {}).length === 0;
      if (isOwn && isFishplateError(error) && ['credentials', 'forbidden'].includes(error.category))
        await prover.fail(loaded, error);
      throw error;
    });
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
    ...[accountId, id, method, args = {}, options = {}]: Parameters<Runtime['pages']>
  ): AsyncGenerator<MethodResult> {
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
      for (const id of await installations.setConsole(connector, values)) await retest(id);
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
    uninstall: (accountId, id) => installations.remove(accountId, id),
    test: async (accountId, id) => prover.prove(await installations.load(accountId, id)),
    call,
    request: async (accountId, id, request, options = {}) => {
      const loaded = await installations.load(accountId, id, options.settings);
      const args = { ...request.query, ...(request.body !== undefined && { body: request.body }) };
      return callLoaded(loaded, buildRawMethod(loaded.connector, request), args, options);
    },
    pages,
    preview: async (accountId, id, methodName, args = {}, options = {}) => {
      const loaded = await installations.load(accountId, id, options.settings);
      const method = library.method(loaded.connector, methodName);
      const settings = completeSettings(loaded.connector, loaded.resolution);
      const { batches } = dispatcher.check(loaded.connector, method, args, {});
      const first = batches[0]?.args ?? args;
      const prepared = prepareRequest(method, first, settings, world);
      return {
        ...buildPreview(method, authOf(loaded), settings, prepared, provenanceOf(method, first, settings)),
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
      const { connector, resolution } = await installations.load(accountId, id, options.settings);
      const upload = Object.hasOwn(connector.uploads, name) ? connector.uploads[name] : undefined;
      if (!upload) throw new FishplateError('upload.unknown', `${connector.title} takes no file "${name}"`);
      const hosts = Object.values(completeSettings(connector, resolution).hosts);
      const { deadlineMs: _, ...each } = options;
      const step = (method: string, its: Arguments) => call(accountId, id, method, its, each);
      return uploadFile({ upload, file, args, hosts, options, onProgress, call: step }, tools);
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
    calls: (query) => log.list(query),
    parsePaste: (name, text) => parsePaste(library.find(name), text),
    close: async () => {
      await log.flush();
      await store.close();
    },
  };
}

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
