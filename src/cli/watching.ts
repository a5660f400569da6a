/** A store, and what is to be watched, come in; logger, observer and metrics of one running API go out. */
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel, Watching } from '../config.ts';
import { joinObservers, type Observer } from '../observer.ts';
import type { MetricsSource } from '../server/services.ts';
import type { Store } from '../store/store.ts';
import { createEventLog } from '../telemetry/log-events.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createLogRedaction } from '../telemetry/redact-log.ts';
import { createStartSpan } from '../telemetry/tracing.ts';
import type { TextStream } from './io.ts';

/**
 * One line of JSON for each event, with the level as a word and the time in ISO 8601. `secrets` are values that no line
 * may hold.
 */
export function createLogger(log: TextStream, level: LogLevel, secrets: readonly string[]): Logger {
  const redaction = createLogRedaction(secrets);
  const formatters = { level: (label: string) => ({ level: label }), log: redaction.fields };
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters },
    { write: (line: string) => void log.write(redaction.line(line)) },
  );
}

export function createWatching(
  store: Store,
  logger: Logger,
  { metricsToken, tellVendors = false }: Watching,
): { readonly observer: Observer; readonly metrics: MetricsSource } {
  const { event, contentType, text } = createMetrics({ store, now: Date.now, process: true });
  const log = createEventLog(logger, logger.isLevelEnabled('debug'));
  return {
    observer: joinObservers([event, log], createStartSpan({ tellVendors })),
    metrics: { contentType, text, token: metricsToken },
  };
}
