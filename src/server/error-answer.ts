/** Whatever was thrown on the way of a request comes in; it is logged where it must be, and the answer to it goes out. */
import type { FishplateError } from '../errors.ts';
import { replayed } from './call-reply.ts';
import { describeError, isForLog, statusOf, toFishplateError } from './error-response.ts';
import type { RequestContext } from './request-context.ts';
import type { ServerLogger } from './services.ts';

/** An answer that is ready to be sent. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: object;
}

/** `authorization` is that header of the request, empty where there is none. */
export function answerError(
  logger: ServerLogger,
  thrown: unknown,
  context: RequestContext,
  authorization: string,
): ErrorAnswer {
  const error = toFishplateError(thrown);
  context.code = error.code;
  const { requestId } = context;
  if (isForLog(error)) logger.error({ requestId, stack: stackOf(error) }, error.message);
  const extras = context.route?.describeError?.(error, { authorization });
  return {
    status: statusOf(error),
    headers: {
      ...(error.category === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer realm="fishplate"' }),
      // In whole seconds (RFC 9110 section 10.2.3), never too early.
      ...(error.retryAfterMs !== undefined && {
        'Retry-After': String(Math.ceil(error.retryAfterMs / 1000)),
      }),
      ...extras?.headers,
      ...(error.replayed && replayed),
    },
    body: { ...extras?.body, ...describeError(error, requestId) },
  };
}

/** The stack of what was thrown first; an error's other properties may hold requests, and are left out. */
function stackOf(error: FishplateError): string {
  return error.cause instanceof Error ? String(error.cause.stack) : String(error.stack);
}
