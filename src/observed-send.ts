/** A `Send` comes in; the same with a span around each request goes out - or the same alone, when nobody records spans. */
import { FishplateError } from './errors.ts';
import type { Span, StartSpan } from './observer.ts';
import type { Send, SendOptions, WireRequest, WireResponse } from './wire.ts';

export interface Sending {
  /** See `SpanAbout`. */
  readonly template: () => string;
  /** From 1. */
  readonly number: number;
  readonly parent?: Span | undefined;
}

/** Sends once, within a span. Rejects with what `send` rejects with. */
export function sendWithin(
  startSpan: StartSpan,
  { template, number, parent }: Sending,
  send: Send,
  request: WireRequest,
  options: SendOptions | undefined,
): Promise<WireResponse> {
  const { method: verb, url } = request;
  const span = startSpan({ kind: 'attempt', verb, url, template, number }, parent);
  return span ? sendInside(span, send, request, options) : send(request, options);
}

async function sendInside(
  span: Span,
  send: Send,
  request: WireRequest,
  options: SendOptions | undefined,
): Promise<WireResponse> {
  try {
    const headers = { ...request.headers, ...span.headers() };
    const response = await span.run(() => send({ ...request, headers }, options));
    span.end({ status: response.status });
    return response;
  } catch (error) {
    span.end({ error: codeOf(error) });
    throw error;
  }
}

/** For requests that are sent several times, each of which is a span. */
export function withSpans(send: Send, startSpan: StartSpan, template: () => string, parent?: Span): Send {
  let number = 0;
  return (request, options) => {
    number++;
    return sendWithin(startSpan, { template, number, parent }, send, request, options);
  };
}

/** The stable code of what was thrown. */
export const codeOf = (error: unknown): string =>
  error instanceof FishplateError ? error.code : 'internal.unexpected';
