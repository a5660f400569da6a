/** Nothing comes in; a tracer that keeps finished spans in memory, registered as the program's own would be, goes out. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { onTestFinished } from 'vitest';

/** The active context follows what awaits, as the Node SDK has it. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (its, act, self, ...args) => storage.run(its, () => act.apply(self as never, args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** As much of W3C Trace Context as a test needs. */
const traceContext: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject: (its, carrier, setter) => {
    const span = trace.getSpanContext(its);
    if (span) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`);
  },
  extract: (its, carrier, getter) => {
    const [, traceId, spanId] = String(getter.get(carrier, 'traceparent') ?? '').split('-');
    if (traceId === undefined || spanId === undefined) return its;
    return trace.setSpanContext(its, { traceId, spanId, traceFlags: 1, isRemote: true });
  },
};

export interface SeenSpan {
  readonly name: string;
  readonly kind: string;
  /** The name of the span that it is part of; undefined for the first of a trace. */
  readonly parent: string | undefined;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/** Registers it until the test is over. */
export function recordSpans(): { spans(): SeenSpan[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(createContextManager());
  propagation.setGlobalPropagator(traceContext);
  onTestFinished(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });
  return {
    spans: () => {
      const finished = exporter.getFinishedSpans();
      return finished.map((span) => seen(span, finished));
    },
  };
}

function seen(span: ReadableSpan, all: readonly ReadableSpan[]): SeenSpan {
  const parentId = span.parentSpanContext?.spanId;
  const parent = all.find((each) => each.spanContext().spanId === parentId);
  return {
    name: span.name,
    kind: SpanKind[span.kind] ?? '',
    parent: parent?.name ?? parentId,
    traceId: span.spanContext().traceId,
    attributes: span.attributes,
    failed: span.status.code === 2,
  };
}
