/** What begins and ends comes in, OpenTelemetry spans go out, to the tracer that the program has registered - or nowhere, at next to no cost. */
import {
  type Attributes,
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Span, SpanAbout, SpanEnd, StartSpan } from '../observer.ts';

export interface TracingOptions {
  /** Whether vendors are sent `traceparent` and `tracestate` too; our own callers' trace is always continued. No, unless given. */
  readonly tellVendors?: boolean;
}

/** A span of ours, with where it stands. */
interface Placed extends Span {
  readonly place: Context;
}

const SCOPE = 'fishplate';
/** What the API hands out as long as no SDK is registered. */
const nobody = new ProxyTracerProvider().getDelegate();

/**
 * Creates spans through the global tracer provider: whoever registers an SDK, before or after, gets them. Names and
 * attributes are those of OpenTelemetry's HTTP conventions (stable since 1.23.0); `url.full` and `url.query` are left
 * out, since paths and queries hold customers' ids.
 */
export function createStartSpan({ tellVendors = false }: TracingOptions = {}): StartSpan {
  let tracer: Tracer | undefined;
  return (about, parent) => {
    if (!isRecorded()) return undefined;
    tracer ??= trace.getTracer(SCOPE);
    return startSpan(tracer, about, parent as Placed | undefined, tellVendors);
  };
}

function isRecorded(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== nobody;
}

function startSpan(
  tracer: Tracer,
  about: SpanAbout,
  parent: Placed | undefined,
  tellVendors: boolean,
): Placed {
  const around = parent?.place ?? contextFor(about);
  const span = tracer.startSpan(
    nameOf(about),
    { kind: kindOf(about), attributes: attributesOf(about) },
    around,
  );
  const place = trace.setSpan(around, span);
  return {
    place,
    traceId: span.spanContext().traceId,
    run: (act) => context.with(place, act),
    headers: () => (tellVendors ? traceHeaders(place) : {}),
    end: (result) => {
      if (about.kind === 'request' && result.route !== undefined)
        span.updateName(`${httpMethod(about.verb)} ${result.route}`);
      span.setAttributes(endAttributes(about, result));
      if (isFailure(about, result))
        span.setStatus({
          code: SpanStatusCode.ERROR,
          ...(result.error !== undefined && { message: result.error }),
        });
      span.end();
    },
  };
}

/** A request of somebody else's trace goes on with it. */
function contextFor(about: SpanAbout): Context {
  return about.kind === 'request' ? propagation.extract(context.active(), about.headers) : context.active();
}

/** The propagator of the program may have more to say (baggage), which is not for vendors. */
function traceHeaders(place: Context): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(place, carrier);
  const { traceparent, tracestate } = carrier;
  return { ...(traceparent !== undefined && { traceparent }), ...(tracestate && { tracestate }) };
}

function nameOf(about: SpanAbout): string {
  switch (about.kind) {
    case 'request':
      return httpMethod(about.verb);
    case 'call':
      return `call ${about.method ?? ''}`;
    case 'token':
      return 'token exchange';
    case 'attempt':
      return `${about.verb} ${about.template()}`;
  }
}

function kindOf({ kind }: SpanAbout): SpanKind {
  if (kind === 'request') return SpanKind.SERVER;
  return kind === 'attempt' ? SpanKind.CLIENT : SpanKind.INTERNAL;
}

function attributesOf(about: SpanAbout): Attributes {
  switch (about.kind) {
    case 'request':
      return { 'http.request.method': httpMethod(about.verb) };
    case 'call':
    case 'token':
      return {
        'fishplate.connector': about.connector,
        'fishplate.installation': about.installationId,
        ...(about.method !== undefined && { 'fishplate.method': about.method }),
      };
    case 'attempt': {
      const { hostname, port, protocol } = new URL(about.url);
      return {
        'http.request.method': about.verb,
        'server.address': hostname,
        'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
        'url.scheme': protocol.slice(0, -1),
        'url.template': about.template(),
        ...(about.number > 1 && { 'http.request.resend_count': about.number - 1 }),
      };
    }
  }
}

function endAttributes(about: SpanAbout, { status, error, route, path, attempts }: SpanEnd): Attributes {
  const failure = error ?? (isFailure(about, { status }) ? String(status) : undefined);
  return {
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(failure !== undefined && { 'error.type': failure }),
    ...(route !== undefined && { 'http.route': route }),
    ...(path !== undefined && { 'url.path': path }),
    ...(attempts !== undefined && { 'fishplate.attempts': attempts }),
  };
}

/** A server that refuses a bad request has not failed; a client that is refused has. */
function isFailure({ kind }: SpanAbout, { status, error }: SpanEnd): boolean {
  if (kind === 'request') return status !== undefined && status >= 500;
  return error !== undefined || (status !== undefined && status >= 400);
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

/** Callers may invent verbs without end; they are one for whoever counts them. */
const httpMethod = (verb: string): string => (METHODS.has(verb) ? verb : '_OTHER');
