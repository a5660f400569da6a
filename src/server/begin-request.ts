/** A request comes in; it is given an id, a context and whoever watches it, and goes on; the headers of its answer go out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { Observer } from '../observer.ts';
import type { World } from '../wire.ts';
import { openContext } from './request-context.ts';
import { chooseRequestId } from './request-id.ts';
import { logRequest } from './request-log.ts';
import type { ServerLogger } from './services.ts';
import { watchRequest } from './watch-request.ts';

export interface BeginTools {
  readonly logger: ServerLogger;
  readonly observer: Observer;
  readonly world: Pick<World, 'now' | 'uuid'>;
}

/** What comes first with every request. `go` is called with the headers that every answer has: names and values in turn. */
export type BeginRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  go: (headers: readonly string[]) => void,
) => void;

export function createBeginning({ logger, observer, world }: BeginTools): BeginRequest {
  const security = securityHeaders();
  const watch = watchRequest(observer, world.now);
  return (request, response, go) => {
    const given = request.headers['x-request-id'];
    const requestId = chooseRequestId(typeof given === 'string' ? given : undefined, world.uuid);
    const context = openContext(response, requestId, world.now());
    response.once('close', () => logRequest(logger, request, response, context, world.now()));
    const headers = ['X-Request-Id', requestId, 'Cache-Control', 'no-store', ...security];
    watch(request, response, () => go(headers));
  };
}

/** The API answers data and never pages, so its answers may load nothing and be framed nowhere. The same for all of them. */
function securityHeaders(): string[] {
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
  const headers: string[] = [];
  const notes = {
    setHeader: (name: string, value: string) => void headers.push(name, value),
    removeHeader: () => undefined,
  };
  set({} as IncomingMessage, notes as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return headers;
}
