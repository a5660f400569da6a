/** Fishplate as a library: load connectors, open a store, create a runtime, call methods. */
export { compile } from './definition/compile.ts';
export type { Connector, Method, Parameter, Setting } from './definition/connector.ts';
export { withEnvironment } from './definition/environment.ts';
export { createLibrary, type Library } from './definition/library.ts';
export { type LoadResult, loadConnector, loadConnectorOrThrow } from './definition/load.ts';
export { formatProblem, type Problem } from './definition/problem.ts';
export { type ErrorCategory, type ErrorCode, errorCatalogue, FishplateError } from './errors.ts';
export type * from './observer.ts';
export { joinObservers } from './observer.ts';
export { createRuntime, type RuntimeOptions } from './runtime.ts';
export type * from './runtime-contract.ts';
export { Secret } from './secret.ts';
export { openStore, type StoreOptions } from './store/open.ts';
export { createEventLog, type EventLogger } from './telemetry/log-events.ts';
export { createMetrics, type Metrics, type MetricsOptions } from './telemetry/metrics.ts';
export { createStartSpan, type TracingOptions } from './telemetry/tracing.ts';
export { type AxiosSendOptions, createAxiosSend } from './transport/axios.ts';
export type { Send, WireRequest, WireResponse, World } from './wire.ts';
