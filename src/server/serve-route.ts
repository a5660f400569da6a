/** A route comes in; what lets requests in, runs it and sends its reply goes out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { actorOf } from '../access/authenticate.ts';
import { FishplateError } from '../errors.ts';
import { assertKey } from '../keyed-call.ts';
import { type Admission, admit } from './door.ts';
import { statusOf, toFishplateError } from './error-response.ts';
import { readQuery } from './query.ts';
import type { ReadBody } from './read-body.ts';
import { contextOf, type RequestContext } from './request-context.ts';
import type { Call, Page, Reply, Route, RouteAccess } from './route.ts';
import type { Services } from './services.ts';
import { isFromOwnPage, sessionCookie } from './session.ts';
import type { Throttle } from './throttle.ts';

/** What all routes are served with. */
export interface ServeTools {
  readonly readBody: ReadBody;
  readonly throttle: Throttle;
}

/** A request, as far as it has been understood. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** By the names of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Whether it came over TLS, as far as the proxy in front of us is believed. */
  readonly isSecure: () => boolean;
}

/** Creates Express's handler. What goes wrong is passed on to its error handling. */
export function serveRoute(services: Services, route: Route, tools: ServeTools): RequestHandler {
  const { attempt } = route;
  return async (request, response) => {
    const incoming: Incoming = {
      ...{ request, response, query: request.query },
      params: textParams(request),
      isSecure: () => request.secure,
    };
    const reply = attempt
      ? await serveAttempt(services, { ...route, attempt }, { request, response }, incoming, tools)
      : await runRoute(services, route, incoming, tools);
    send(response, reply);
  };
}

/** Lets a request in, and runs its route. Rejects with whatever is to be told the caller. */
export async function runRoute(
  services: Services,
  route: Route,
  incoming: Incoming,
  tools: ServeTools,
): Promise<Reply> {
  const context = contextOf(incoming.response);
  context.route = route;
  const admission = isGuarded(route)
    ? await admit(services, route, incoming.params, credentialsOf(incoming.request))
    : undefined;
  if (admission) note(context, admission);
  const body = await read(route, incoming, tools);
  const reply = await route.handle(createCall(services, route, { incoming, body, admission }));
  if (route.audit !== undefined && admission) await audit(services, route.audit, admission, reply, context);
  return reply;
}

const read = (route: Route, { request, response }: Incoming, { readBody }: ServeTools) =>
  readBody(request, response, { form: route.body?.form ?? false, stranger: !isGuarded(route) });

/** Whatever the caller is at fault for counts as a failed attempt, an unreadable body too; what we or the vendor are, does not. */
async function serveAttempt(
  services: Services,
  route: Route & Required<Pick<Route, 'attempt'>>,
  { request, response }: { readonly request: Request; readonly response: Response },
  incoming: Incoming,
  tools: ServeTools,
): Promise<Reply> {
  contextOf(response).route = route;
  const attempt = tools.throttle(request, response);
  await attempt.checkAddress();
  try {
    const body = await read(route, incoming, tools);
    const call = createCall(services, route, { incoming, body, admission: undefined });
    await attempt.checkClient(route.attempt(call));
    return await route.handle(call);
  } catch (thrown) {
    const error = toFishplateError(thrown);
    const status = statusOf(error);
    if (status < 500 && error.category !== 'throttled' && error.category !== 'cancelled') attempt.fail();
    throw error;
  }
}

const isGuarded = (route: Route): route is Route & { access: RouteAccess } => route.access !== 'public';

/** Of several headers of a name that counts here there is one: others have been refused (see `oddityOf`). */
export const headerOf = ({ headers }: IncomingMessage, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

function credentialsOf(request: IncomingMessage): { authorization: string; account: string } {
  return {
    authorization: headerOf(request, 'authorization'),
    account: headerOf(request, 'x-cyclr-account').trim(),
  };
}

/** Wildcards, which could be lists, do not occur in our paths. */
function textParams(request: Request): Record<string, string> {
  return Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)]));
}

function note(context: RequestContext, { caller, account, view }: Admission): void {
  context.actor = actorOf(caller);
  if (account !== undefined) context.account = account;
  if (view) context.installation = view.row.id;
}

interface Exchange {
  readonly incoming: Incoming;
  readonly body: unknown;
  readonly admission: Admission | undefined;
}

function createCall(services: Services, route: Route, { incoming, body, admission }: Exchange): Call {
  const { request, response, params } = incoming;
  const rawQuery = { ...incoming.query };
  const { requestId } = contextOf(response);
  const need = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw new TypeError(`${route.operation} has no ${name}`);
    return value;
  };
  return {
    ...{ params, rawQuery, requestId },
    query: route.query === 'any' ? {} : readQuery(route.query ?? {}, rawQuery),
    body: route.body ? services.schemas.read(route.body.schema, body, route.body.required) : body,
    signal: abortWhenGone(response),
    authorization: headerOf(request, 'authorization'),
    idempotencyKey: route.keyed ? readIdempotencyKey(request) : undefined,
    page: pageOf(incoming),
    get caller() {
      return need(admission?.caller, 'caller');
    },
    get account() {
      return need(admission?.account, 'account');
    },
    get connector() {
      return need(admission?.connector, 'connector');
    },
    get view() {
      return need(admission?.view, 'installation');
    },
    get method() {
      return need(admission?.method, 'method');
    },
  };
}

/**
 * The header of draft-ietf-httpapi-idempotency-key-header, taken as it is: the quotes that the draft wants belong to the
 * key, and clients that send none are understood too. Throws `call.key-invalid`.
 */
function readIdempotencyKey(request: IncomingMessage): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  // Two of them have been refused already (see `oddityOf`).
  assertKey(String(key));
  return String(key);
}

function pageOf({ request, isSecure }: Incoming): Page {
  return {
    assertOwn: () => {
      if (!isFromOwnPage(request))
        throw new FishplateError('access.foreign-page', 'the request is not from the console');
    },
    cookie: (token, seconds) => sessionCookie(request.headers.host ?? '', isSecure(), token, seconds),
  };
}

function abortWhenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The change has been made, so its answer goes out even if the audit cannot be written: then the log has the entry. */
async function audit(
  { access, logger }: Services,
  action: string,
  { caller, account }: Admission,
  { audited }: Reply,
  { requestId }: RequestContext,
): Promise<void> {
  if (!audited) throw new TypeError(`${action} says nothing for the audit`);
  const entry = {
    actor: actorOf(caller),
    action,
    target: audited.target,
    accountId: audited.accountId === undefined ? (account ?? null) : audited.accountId,
    detail: { ...audited.detail, requestId },
  };
  try {
    await access.audit.record(entry);
  } catch (error) {
    logger.error({ requestId, audit: entry, reason: String(error) }, 'audit entry not written');
  }
}

function send(response: Response, { body, text, headers = {} }: Reply): void {
  response.set(headers);
  if (text === undefined) response.json(body ?? null);
  else response.type(headers['Content-Type'] ?? 'text/plain').send(text);
}
