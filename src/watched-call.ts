/** A call comes in and is made; a span, an event and at least one row of the log go out, whatever becomes of it. */
import type { CallRecorder } from './call-record.ts';
import type { Method } from './definition/connector.ts';
import { FishplateError } from './errors.ts';
import type { LoadedInstallation } from './installation/installation.ts';
import { codeOf } from './observed-send.ts';
import type { Observer } from './observer.ts';
import type { CallScope, PerformOptions } from './perform-options.ts';
import type { MethodResult } from './runtime-contract.ts';
import type { World } from './wire.ts';

export interface CallWatchTools {
  readonly observer: Observer;
  readonly recorder: CallRecorder;
  readonly world: Pick<World, 'now'>;
}

export type WatchCall = (
  loaded: LoadedInstallation,
  method: Method,
  asked: PerformOptions,
  /** Makes the call with these options. */
  make: (options: PerformOptions) => Promise<MethodResult>,
) => Promise<MethodResult>;

/** A call for which nothing was sent - refused, or answered before - has no request to tell of it: here is its row. */
export function createCallWatch({ observer, recorder, world }: CallWatchTools): WatchCall {
  return async (loaded, method, asked, make) => {
    const { id: installationId, accountId } = loaded.row;
    const connector = loaded.connector.name;
    const startedAt = world.now();
    const scope: CallScope = {
      span: observer.startSpan(
        { kind: 'call', connector, method: method.key, installationId },
        asked.scope?.span,
      ),
      rows: 0,
    };
    const options = { ...asked, scope };
    const { requestId } = asked;
    const end = (outcome: string, status: number | null, replayed: boolean) => {
      if (scope.rows === 0)
        recorder.unsent({ loaded, method, requestId }, outcome, status, replayed ? { replayed } : undefined);
      scope.span?.end(outcome === 'ok' ? {} : { error: outcome });
      const durationMs = world.now() - startedAt;
      observer.event({
        type: 'call',
        connector,
        method: method.key,
        installationId,
        accountId,
        requestId,
        outcome,
        replayed,
        durationMs,
      });
    };
    try {
      const result = await (scope.span ? scope.span.run(() => make(options)) : make(options));
      end('ok', result.status, result.replayed === true);
      return result;
    } catch (error) {
      const known = error instanceof FishplateError ? error : undefined;
      end(codeOf(error), known?.vendor?.status ?? null, known?.replayed === true);
      throw error;
    }
  };
}
