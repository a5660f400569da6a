/** A call comes in: it is checked, answered by an earlier one with its key, or made once the installation is proven. */
import type { Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import type { CheckedCall, Dispatcher } from './dispatch.ts';
import { isFishplateError, restate } from './errors.ts';
import { isRepeatable } from './exchange.ts';
import type { Fallback } from './fallback.ts';
import type { CompleteSettings } from './installation/completed.ts';
import type { LoadedInstallation } from './installation/installation.ts';
import { assertKey, type KeyedCall, type KeyedIdentity } from './keyed-call.ts';
import type { PerformOptions, Watch } from './perform-options.ts';
import { deauthenticated, type Prover } from './prover.ts';
import type { Arguments } from './request/arguments.ts';
import { fillArguments } from './request/prepare.ts';
import { RAW_KEY } from './request/raw-method.ts';
import type { CallOptions, MethodResult } from './runtime-contract.ts';
import type { WatchCall } from './watched-call.ts';
import type { World } from './wire.ts';

export interface CallTools {
  readonly completeSettings: CompleteSettings;
  readonly keyedCalls: (identity: KeyedIdentity) => KeyedCall;
  readonly dispatcher: Dispatcher;
  readonly prover: Prover;
  readonly fallback: Fallback;
  readonly watchCall: WatchCall;
  readonly world: Pick<World, 'now'>;
}

/** Throws what `Runtime.call` throws of an installation that was found. */
export type MakeCall = (
  found: LoadedInstallation,
  method: Method,
  args: Arguments,
  options: PerformOptions,
) => Promise<MethodResult>;

const DEFAULT_DEADLINE_MS = 60_000;
/** Reading and replacing, and both once more when somebody else was faster. */
const MOST_MERGE_REQUESTS = 4;

export function createMakeCall(tools: CallTools): MakeCall {
  const { dispatcher, prover, fallback, world } = tools;

  /** Nothing is called on the strength of unproven credentials. */
  const prove = async (found: LoadedInstallation, options: PerformOptions): Promise<LoadedInstallation> => {
    try {
      return await prover.ready(found, options, options.deadline ?? world.now() + DEFAULT_DEADLINE_MS);
    } catch (error) {
      const standing = await fallback.stand({ loaded: found, options }, error);
      if (standing) return standing;
      // What the vendor said was said of the test.
      throw isFishplateError(error) ? restate(error, { outcome: 'not-sent' }) : error;
    }
  };

  const send = async (
    loaded: LoadedInstallation,
    checked: CheckedCall,
    options: PerformOptions,
  ): Promise<MethodResult> => {
    try {
      const result = await dispatcher.dispatch(loaded, checked, options);
      const mended = prover.succeeded(loaded, checked.method, options);
      if (mended) await mended;
      return result;
    } catch (error) {
      // What ended the sending of a split list is what speaks of the installation.
      const reason = isFishplateError(error, 'call.partial') && error.cause ? error.cause : error;
      await prover.failed(loaded, checked.method, options, reason);
      throw error;
    }
  };

  /** May throw where it could reject: whoever watches takes both. */
  const make: MakeCall = (found, method, given, asked) => {
    if (found.row.state === 'de-authenticated') throw deauthenticated(found.row);
    tools.completeSettings(found.connector, found.resolution);
    const options = withDeadline(asked, world.now());
    const keyed = keyedOf(tools, found, method, given, options);
    if (keyed) return makeKeyed(keyed, found, method, given, options);
    const checked = dispatcher.check(found.connector, method, given, options);
    return prover.isOpen(found)
      ? send(found, checked, options)
      : prove(found, options).then((loaded) => send(loaded, checked, options));
  };

  const makeKeyed = async (
    keyed: KeyedCall,
    found: LoadedInstallation,
    method: Method,
    given: Arguments,
    options: PerformOptions,
  ): Promise<MethodResult> => {
    const known = await keyed.recall<MethodResult>();
    if (known) return known;
    // A call that is sent again carries what was generated the first time. What is merged is generated when it is sent.
    const args = options.merge ? given : fillArguments(method, given, keyed.values);
    const checked = dispatcher.check(found.connector, method, args, options);
    const loaded = prover.isOpen(found) ? found : await prove(found, options);
    const requests = options.merge ? MOST_MERGE_REQUESTS : checked.batches.length;
    const longestMs = options.deadlineMs ?? requests * DEFAULT_DEADLINE_MS;
    return keyed.perform((watch: Watch) => send(loaded, checked, { ...options, watch }), longestMs);
  };

  return (found, method, args, asked) =>
    tools.watchCall(found, method, asked, (options) => make(found, method, args, options));
}

/** Undefined without a key, and for what changes nothing. Throws `call.key-invalid`. */
function keyedOf(
  { keyedCalls }: CallTools,
  { row }: LoadedInstallation,
  method: Method,
  args: Arguments,
  { idempotencyKey: key, settings = {}, merge = false, strict = false }: CallOptions,
): KeyedCall | undefined {
  if (key === undefined) return undefined;
  assertKey(key);
  if (method.readOnly) return undefined;
  const raw = method.key === RAW_KEY && [
    ...[method.verb, method.host, formatTemplate(method.path)],
    ...writtenOtherwise(method),
  ];
  const asked = [method.key, raw, args, settings, merge, strict];
  const { accountId, id: installationId } = row;
  return keyedCalls({ accountId, installationId, key, asked, repeatable: isRepeatable(method) });
}

/** The same fields as a form and as JSON are two requests. */
function writtenOtherwise({ body }: Method): readonly unknown[] {
  return body && (body.encoding === 'form' || body.contentType !== undefined)
    ? [body.encoding, body.contentType]
    : [];
}

/** The deadline of the whole call, where its caller gave one. */
function withDeadline(options: PerformOptions, now: number): PerformOptions {
  const { deadline, deadlineMs } = options;
  return deadline === undefined && deadlineMs !== undefined
    ? { ...options, deadline: now + deadlineMs }
    : options;
}
