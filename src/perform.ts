/** A method and arguments that have passed their check come in; the vendor's answer to the one request goes out. */
import type { CallRecord, CallRecorder, SendAttempt } from './call-record.ts';
import type { AuthMethod, Method, Paging } from './definition/connector.ts';
import { type ExchangeTools, exchange, isRepeatable } from './exchange.ts';
import type { Fallback, Using } from './fallback.ts';
import { authOf } from './installation/auth-of.ts';
import type { CompleteSettings } from './installation/completed.ts';
import { vendorBase } from './installation/hosts.ts';
import type { LoadedInstallation } from './installation/installation.ts';
import { secretTexts, settingText } from './installation/settings.ts';
import type { PerformOptions } from './perform-options.ts';
import type { Arguments } from './request/arguments.ts';
import { fillArguments, prepareRequest } from './request/prepare.ts';
import { type Page, readPage } from './response/pages.ts';
import type { MethodResult } from './runtime-contract.ts';
import { scrubError } from './scrub.ts';
import type { WireResponse } from './wire.ts';

/** Rejects with what `Runtime.call` rejects with once its arguments are checked. Leaves one row in the call log. */
export type Perform = (
  loaded: LoadedInstallation,
  method: Method,
  args: Arguments,
  options: PerformOptions,
) => Promise<MethodResult>;

export interface PerformTools {
  readonly completeSettings: CompleteSettings;
  readonly recorder: CallRecorder;
  readonly fallback: Fallback;
  readonly tools: ExchangeTools;
}

const DEFAULT_DEADLINE_MS = 60_000;

/** The line: the request is prepared, sent with credentials - those from before a rotation if need be - and its answer read. */
export function createPerform({ completeSettings, recorder, fallback, tools }: PerformTools): Perform {
  const { world } = tools;
  return async (loaded, method, args, options) => {
    const { connector, resolution } = loaded;
    const settings = completeSettings(connector, resolution);
    const auth = authOf(loaded);
    const key = method.idempotencyKey && (options.watch?.nextKey() ?? world.uuid());
    // Once, so that a request with other credentials is the same request.
    const filled = fillArguments(method, args, world);
    const prepared = prepareRequest(method, filled, settings, world, key);
    const { requestId, scope, sole } = options;
    const record = recorder.open(
      { loaded, method, requestId, parent: scope?.span },
      prepared,
      auth,
      settings,
    );
    if (scope) scope.rows++;
    const deadline = options.deadline ?? world.now() + DEFAULT_DEADLINE_MS;
    const origin = { requestId, span: scope?.span };
    const attempt: SendAttempt = (send, request, how, options) =>
      recorder.attempt(record, send, request, how, options);
    let credentials: Using['credentials'];

    const send = (using: Using) => {
      credentials = using.credentials;
      const isOwn = using.loaded === loaded;
      const its = isOwn ? settings : completeSettings(connector, using.loaded.resolution);
      return exchange(
        {
          accountId: loaded.row.accountId,
          installationId: loaded.row.id,
          settings: its,
          auth,
          method,
          prepared: isOwn ? prepared : prepareRequest(method, filled, its, world, key),
          deadline,
          signal: options.signal,
          attempt,
          origin,
          onArrival: method.readOnly ? undefined : options.watch?.arrived,
        },
        using.tokens === tools.tokens ? tools : { ...tools, tokens: using.tokens },
      );
    };
    try {
      const { response, body } = await (sole
        ? send({ loaded, tokens: sole.tokens, credentials: sole.as })
        : fallback.attempt({ loaded, options, repeatable: isRepeatable(method) }, send));
      const page = method.paging && pageOf(record, method.paging, args, response, body);
      recorder.answered(record, response, alsoOf(credentials));
      return resultOf(response, body, page, record, world.now());
    } catch (error) {
      recorder.failed(record, error, alsoOf(credentials));
      throw scrubError(error, [...secretTexts(resolution.values), ...record.credentials]);
    }
  };
}

function pageOf(
  { about: { method }, auth, prepared, settings }: CallRecord,
  { kind }: Paging,
  args: Arguments,
  { headers }: WireResponse,
  body: unknown,
): Page | undefined {
  const { connector, hosts, values } = settings;
  const origin = { headers, url: prepared.wire.url, base: hosts[method.host] ?? '' };
  if (kind !== 'link') return readPage(method, args, body, origin);
  const replaced = vendorBase(connector, method.host, (name) => settingText(values, name));
  return readPage(method, args, body, { ...origin, replaced, hidden: queryNamesOf(auth) });
}

/** Query parameters that carry the credentials. */
function queryNamesOf(auth: AuthMethod): string[] {
  const place = auth.kind === 'api-key' ? auth : auth.kind === 'login' ? auth.place : undefined;
  return place?.in === 'query' ? [place.name] : [];
}

/** For the row: whose credentials stood in for the installation's own. */
const alsoOf = (credentials: Using['credentials']) =>
  credentials === undefined ? undefined : { credentials };

function resultOf(
  { status, headers }: WireResponse,
  body: unknown,
  page: Page | undefined,
  { attempts, waitedMs, row }: CallRecord,
  now: number,
): MethodResult {
  const result = { status, body, headers, attempts, durationMs: now - row.at };
  if (waitedMs === 0 && !page) return result;
  return { ...result, ...(waitedMs > 0 && { waitedMs }), ...(page && { page }) };
}
