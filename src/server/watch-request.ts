/** A request comes in and goes on; when it has been answered, an event and - where somebody records spans - a span go out. */
import type { Request, RequestHandler, Response } from 'express';
import type { Observer } from '../observer.ts';
import { contextOf } from './request-context.ts';

/** Needs the request's context (see `openContext`). What runs from here on runs within the span. */
export function watchRequest(observer: Observer, now: () => number): RequestHandler {
  return (request, response, next) => {
    const context = contextOf(response);
    const span = observer.startSpan({ kind: 'request', verb: request.method, headers: request.headers });
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
      observer.event({ type: 'request', verb: request.method, route, status, durationMs });
    });
    if (span) span.run(next);
    else next();
  };
}

/** 499 stands for a client that went away before the answer. */
export const finalStatus = (response: Response): number =>
  response.writableFinished ? response.statusCode : 499;

const pathOf = ({ originalUrl }: Request): string => originalUrl.replace(/\?.*$/s, '');
