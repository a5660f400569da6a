/** A runtime and access come in; the HTTP API goes out as an Express app: route table, documentation, errors, log. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Access } from '../access/access.ts';
import { FishplateError } from '../errors.ts';
import type { Runtime } from '../runtime-contract.ts';
import type { World } from '../wire.ts';
import { realWorld } from '../world.ts';
import { describeError, isForLog, statusOf, toFishplateError } from './error-response.ts';
import { createBodyReader } from './read-body.ts';
import { contextOf, openContext } from './request-context.ts';
import { chooseRequestId } from './request-id.ts';
import { logRequest } from './request-log.ts';
import type { Route } from './route.ts';
import { createRoutes } from './routes.ts';
import { createSchemaBook } from './schema-book.ts';
import { apiNouns } from './schema-nouns.ts';
import { serveRoute } from './serve-route.ts';
import type { ServerLogger, Services } from './services.ts';

export interface AppOptions {
  readonly runtime: Runtime;
  readonly access: Access;
  /** Gets one line per request, without bodies, queries or secrets; a pino logger fits. Nothing is logged without one. */
  readonly logger?: ServerLogger;
  /** The clock and the source of request ids; the machine's when left out. */
  readonly world?: Pick<World, 'now' | 'uuid'>;
  /** Longest request body, in bytes; 32 MiB unless given, since callers send lists and files. Longer ones are refused with `input.too-large`. */
  readonly bodyLimitBytes?: number;
  /** How deep JSON may be nested; 64 levels unless given. */
  readonly bodyDepth?: number;
  /** Shown in `/openapi.json`. */
  readonly version?: string;
}

const silent: ServerLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Creates the app; nothing listens yet (see `listen`). */
export function createApp(options: AppOptions): Express {
  const { runtime, access, logger = silent, world = realWorld } = options;
  const schemas = createSchemaBook(apiNouns);
  const services: Services = { runtime, access, schemas, logger, now: world.now };
  const routes = createRoutes(services, options.version ?? '0.0.0');
  const readBody = createBodyReader({
    bodyBytes: options.bodyLimitBytes ?? 32 * 1024 * 1024,
    bodyDepth: options.bodyDepth ?? 64,
  });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(begin(services, world));
  app.use(securityHeaders());
  for (const [path, group] of byPath(routes)) {
    const served = app.route(expressPath(path));
    for (const route of group)
      served[route.verb.toLowerCase() as Lowercase<Route['verb']>](serveRoute(services, route, readBody));
    served.all(refuseVerb(group));
  }
  app.use(refusePath);
  app.use(answerError(logger));
  return app;
}

function begin({ logger }: Services, world: Pick<World, 'now' | 'uuid'>): RequestHandler {
  return (request, response, next) => {
    const requestId = chooseRequestId(request.get('x-request-id'), world.uuid);
    const context = openContext(response, requestId, world.now());
    response.set({ 'X-Request-Id': requestId, 'Cache-Control': 'no-store' });
    response.once('close', () => logRequest(logger, request, response, context, world.now()));
    next();
  };
}

/** The API answers data and never pages, so its answers may load nothing and be framed nowhere. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
}

/** In the order of the table: where two paths match, the earlier one serves. */
function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  return groups;
}

/** `/accounts/{id}` -> `/accounts/:id`. */
const expressPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

function refuseVerb(group: readonly Route[]): RequestHandler {
  const verbs = group.flatMap(({ verb }) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb]));
  return (request, response) => {
    response.set('Allow', verbs.join(', '));
    throw new FishplateError(
      'route.wrong-verb',
      `${request.method} is not for this path: ${verbs.join(', ')} are`,
    );
  };
}

const refusePath: RequestHandler = () => {
  throw new FishplateError('route.unknown', 'there is no such path');
};

function answerError(logger: ServerLogger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toFishplateError(thrown);
    const context = contextOf(response);
    context.code = error.code;
    const { requestId } = context;
    if (isForLog(error)) logger.error({ requestId, stack: stackOf(error) }, error.message);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const authorization = request.get('authorization') ?? '';
    const extras = context.route?.describeError?.(error, { authorization });
    if (error.category === 'unauthenticated') response.set('WWW-Authenticate', 'Bearer realm="fishplate"');
    response
      .status(statusOf(error))
      .set(extras?.headers ?? {})
      .json({ ...extras?.body, ...describeError(error, requestId) });
  };
}

/** The stack of what was thrown first; an error's other properties may hold requests, and are left out. */
function stackOf(error: FishplateError): string {
  return error.cause instanceof Error ? String(error.cause.stack) : String(error.stack);
}
