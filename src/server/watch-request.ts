/** A request comes in and goes on; when it has been answered, an event and - where somebody records spans - a span go out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observer } from '../observer.ts';
import { contextOf } from './request-context.ts';

/** Needs the request's context (see `openContext`). What `go` begins runs within the span. */
export function watchRequest(
  observer: Observer,
  now: () => number,
): (request: IncomingMessage, response: ServerResponse, go: () => void) => void {
  return (request, response, go) => {
    const context = contextOf(response);
    const verb = request.method ?? '';
    const span = observer.startSpan({ kind: 'request', verb, headers: request.headers });
    if (span) context.traceId = span.traceId;
    response.once('close', () => {
      const status = finalStatus(response);
      const route = context.route?.path ?? '(none)';
      span?.end({
        status,
        ...(status >= 500 && { error: context.code ?? String(status) }),
        // A path that nothing serves may hold anything.
        ...(context.route && { route, path: pathOf(request) }),
      });
      const durationMs = now() - context.startedAt;
      observer.event({ type: 'request', verb, route, status, durationMs });
    });
    if (span) span.run(go);
    else go();
  };
}

/** 499 stands for a client that went away before the answer. */
export const finalStatus = (response: ServerResponse): number =>
  response.writableFinished ? response.statusCode : 499;

/** Express keeps what it was before it took parts of it away. */
const pathOf = ({ url = '', originalUrl = url }: IncomingMessage & { originalUrl?: string }): string =>
  originalUrl.replace(/\?.*$/s, '');
