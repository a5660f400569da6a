/** A finished request comes in; one log line goes out, which names the route and never shows query, body or headers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from './request-context.ts';
import type { ServerLogger } from './services.ts';
import { finalStatus } from './watch-request.ts';

export function logRequest(
  logger: ServerLogger,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  now: number,
): void {
  const { requestId, startedAt, route, actor, account, installation, code, traceId } = context;
  const status = finalStatus(response);
  const fields = {
    requestId,
    verb: request.method,
    // The pattern: a path as it came may hold anything.
    path: route?.path ?? '(none)',
    status,
    durationMs: now - startedAt,
    ...(actor !== undefined && { actor }),
    ...(account !== undefined && { account }),
    ...(installation !== undefined && { installation }),
    ...(code !== undefined && { code }),
    ...(traceId !== undefined && { traceId }),
  };
  if (status >= 500) logger.error(fields, 'request failed');
  else if (status >= 400) logger.warn(fields, 'request refused');
  else logger.info(fields, 'request');
}
