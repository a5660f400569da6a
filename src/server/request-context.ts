/** A response comes in; what is known of its request so far goes out, for the log line and for errors. */
import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../errors.ts';
import type { Route } from './route.ts';

export interface RequestContext {
  readonly requestId: string;
  readonly startedAt: number;
  route?: Route;
  /** `serviceUserId/accessKeyId`. */
  actor?: string;
  account?: string;
  installation?: string;
  code?: ErrorCode;
  /** Where somebody records spans. */
  traceId?: string;
}

const KEY = 'fishplate';

/** Express keeps what it finds there. */
type Carrier = ServerResponse & { locals?: Record<string, unknown> };

export function openContext(response: ServerResponse, requestId: string, startedAt: number): RequestContext {
  const context: RequestContext = { requestId, startedAt };
  const carrier: Carrier = response;
  carrier.locals ??= {};
  carrier.locals[KEY] = context;
  return context;
}

/** Throws a TypeError before `openContext`. */
export function contextOf(response: ServerResponse): RequestContext {
  const context = (response as Carrier).locals?.[KEY] as RequestContext | undefined;
  if (!context) throw new TypeError('the request has no context yet');
  return context;
}
