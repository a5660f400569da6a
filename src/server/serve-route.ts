/** A route comes in; the Express handler that lets requests in, runs it and sends its reply goes out. */
import type { Request, RequestHandler, Response } from 'express';
import { actorOf } from '../access/authenticate.ts';
import { type Admission, admit } from './door.ts';
import { readQuery } from './query.ts';
import type { ReadBody } from './read-body.ts';
import { contextOf, type RequestContext } from './request-context.ts';
import type { Call, Reply, Route, RouteAccess } from './route.ts';
import type { Services } from './services.ts';

/** Creates the handler. What goes wrong is passed on to Express's error handling. */
export function serveRoute(services: Services, route: Route, readBody: ReadBody): RequestHandler {
  return async (request, response) => {
    const context = contextOf(response);
    context.route = route;
    const admission = isGuarded(route)
      ? await admit(services, route, textParams(request), credentialsOf(request))
      : undefined;
    if (admission) note(context, admission);
    const body = await readBody(request, response, route.body?.form ?? false);
    const call = createCall(services, route, { request, response, body, admission });
    const reply = await route.handle(call);
    if (route.audit !== undefined && admission) await audit(services, route.audit, admission, reply, context);
    send(response, reply);
  };
}

const isGuarded = (route: Route): route is Route & { access: RouteAccess } => route.access !== 'public';

function credentialsOf(request: Request): { authorization: string; account: string } {
  return {
    authorization: request.get('authorization') ?? '',
    account: (request.get('x-cyclr-account') ?? '').trim(),
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
  readonly request: Request;
  readonly response: Response;
  readonly body: unknown;
  readonly admission: Admission | undefined;
}

function createCall(
  services: Services,
  route: Route,
  { request, response, body, admission }: Exchange,
): Call {
  const rawQuery = { ...request.query };
  const { requestId } = contextOf(response);
  const need = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw new TypeError(`${route.operation} has no ${name}`);
    return value;
  };
  return {
    params: textParams(request),
    rawQuery,
    query: route.query === 'any' ? {} : readQuery(route.query ?? {}, rawQuery),
    body: route.body ? services.schemas.read(route.body.schema, body, route.body.required) : body,
    requestId,
    signal: abortWhenGone(response),
    authorization: request.get('authorization') ?? '',
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

function abortWhenGone(response: Response): AbortSignal {
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
  else response.type('text/plain').send(text);
}
