/**
 * The routes that are asked by the thousand, and the Express app of all routes come in; a listener goes out that serves the
 * former itself. The same functions let a request in, run it and describe what went wrong; only the way there is shorter.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { BeginRequest } from './begin-request.ts';
import { answerError } from './error-answer.ts';
import { oddityOf } from './odd-request.ts';
import { contextOf } from './request-context.ts';
import type { Reply, Route } from './route.ts';
import { headerOf, runRoute, type ServeTools } from './serve-route.ts';
import type { Services } from './services.ts';
import { takeSession } from './session.ts';

export interface ShortcutTools {
  readonly services: Services;
  /** All of them, in their order. */
  readonly routes: readonly Route[];
  readonly tools: ServeTools;
  readonly beginning: BeginRequest;
}

/** Those with `hot` are taken, as far as no other route before them could be meant. Whatever looks odd is left to Express. */
export function createShortcut(
  { services, routes, tools, beginning }: ShortcutTools,
  otherwise: RequestListener,
): RequestListener {
  const hot = routes.filter((route, index) => route.hot && !routes.slice(0, index).some(mayShadow(route)));
  const patterns = hot.map((route) => ({ route, pattern: patternOf(route), names: namesOf(route) }));
  return (request, response) => {
    for (const { route, pattern, names } of patterns) {
      if (route.verb !== request.method) continue;
      const found = pattern.exec(request.url ?? '');
      if (!found) continue;
      const params = Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']));
      beginning(request, response, (headers) => void serve(route, params, { request, response }, headers));
      return;
    }
    otherwise(request, response);
  };

  async function serve(
    route: Route,
    params: Readonly<Record<string, string>>,
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    headers: readonly string[],
  ): Promise<void> {
    try {
      const oddity = oddityOf({ rawHeaders: request.rawHeaders, url: request.url ?? '' });
      if (oddity) throw oddity;
      takeSession(request, request.url ?? '');
      const isSecure = () => (request.socket as Partial<TLSSocket>).encrypted === true;
      const incoming = { request, response, params, query: {}, isSecure };
      sendReply(response, headers, await runRoute(services, route, incoming, tools));
    } catch (thrown) {
      const authorization = headerOf(request, 'authorization');
      const answer = answerError(services.logger, thrown, contextOf(response), authorization);
      if (response.headersSent) response.destroy();
      else sendText(response, answer.status, headers, answer.headers, JSON_TYPE, JSON.stringify(answer.body));
    }
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

function sendReply(
  response: ServerResponse,
  common: readonly string[],
  { body, text, headers = {} }: Reply,
): void {
  if (text === undefined) sendText(response, 200, common, headers, JSON_TYPE, JSON.stringify(body ?? null));
  else sendText(response, 200, common, headers, TEXT_TYPE, text);
}

function sendText(
  response: ServerResponse,
  status: number,
  common: readonly string[],
  headers: Readonly<Record<string, string>>,
  type: string,
  text: string,
): void {
  const all = [...common];
  for (const name of Object.keys(headers)) all.push(name, headers[name] ?? '');
  all.push('Content-Type', type, 'Content-Length', String(Buffer.byteLength(text)));
  response.writeHead(status, all);
  response.end(text);
}

const isName = (segment: string) => segment.startsWith('{');

/** Whether a path could be of the other route, which then has the say. */
function mayShadow({ path }: Route): (other: Route) => boolean {
  const own = path.split('/');
  return (other) => {
    if (other.path === path) return false;
    const segments = other.path.split('/');
    return (
      segments.length === own.length &&
      segments.every((segment, index) => {
        const mine = own[index] ?? '';
        return segment.toLowerCase() === mine.toLowerCase() || isName(segment) || isName(mine);
      })
    );
  };
}

/** Plain paths without a query: nothing in them is escaped, or could be written in another way. */
const patternOf = ({ path }: Route): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([\\w-][\\w.-]*)')}$`);

const namesOf = ({ path }: Route): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
