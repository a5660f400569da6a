/** A runtime and access come in; the HTTP API goes out as an Express app: route table, documentation, errors, log. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Access } from '../access/access.ts';
import { FishplateError } from '../errors.ts';
import { ignoringObserver, type Observer } from '../observer.ts';
import type { Runtime } from '../runtime-contract.ts';
import type { World } from '../wire.ts';
import { realWorld } from '../world.ts';
import { replayed } from './call-routes.ts';
import { createConsolePages } from './console-pages.ts';
import { describeError, isForLog, statusOf, toFishplateError } from './error-response.ts';
import { refuseOddRequest } from './odd-request.ts';
import { createBodyReader } from './read-body.ts';
import { contextOf, openContext } from './request-context.ts';
import { chooseRequestId } from './request-id.ts';
import { logRequest } from './request-log.ts';
import type { Route } from './route.ts';
import { createRoutes } from './routes.ts';
import { createSchemaBook } from './schema-book.ts';
import { apiNouns } from './schema-nouns.ts';
import { type ServeTools, serveRoute } from './serve-route.ts';
import type { MetricsSource, PlayedSandbox, ServerLogger, Services } from './services.ts';
import { takeSession } from './session.ts';
import { createThrottle, type ThrottleLimits } from './throttle.ts';
import { watchRequest } from './watch-request.ts';

export interface AppOptions {
  readonly runtime: Runtime;
  readonly access: Access;
  /** Gets one line per request, without bodies, queries or secrets; a pino logger fits. Nothing is logged without one. */
  readonly logger?: ServerLogger;
  /** Told of every request; the runtime has one of its own. */
  readonly observer?: Observer;
  /** Served at `/metrics`; without it there is no such path. */
  readonly metrics?: MetricsSource;
  /** The clock and the source of request ids; the machine's when left out. */
  readonly world?: Pick<World, 'now' | 'uuid'>;
  /** Longest request body, in bytes; 32 MiB unless given, since callers send lists and files. Longer ones are refused with `input.too-large`. */
  readonly bodyLimitBytes?: number;
  /** How deep JSON may be nested; 64 levels unless given. */
  readonly bodyDepth?: number;
  /** How many entries all lists and objects of a body may have together; 500,000 unless given. */
  readonly bodyNodes?: number;
  /** How many failed attempts to sign in are too many. */
  readonly throttle?: ThrottleLimits;
  /**
   * Which proxies are believed about the address they speak for (`X-Forwarded-For`): how many stand in front of us, or
   * their addresses; see Express's `trust proxy`. None unless given.
   */
  readonly trustProxy?: number | readonly string[];
  /** Shown in `/openapi.json`. */
  readonly version?: string;
  /** The folder of the built web console, served at `/console`; without one there is only the API. */
  readonly consoleFolder?: string;
  /** The vendors that are played beside the API; their screens are in the console. */
  readonly sandboxes?: readonly PlayedSandbox[];
}

const silent: ServerLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Creates the app; nothing listens yet (see `listen`). */
export function createApp(options: AppOptions): Express {
  const { runtime, access, logger = silent, world = realWorld } = options;
  const schemas = createSchemaBook(apiNouns);
  const { sandboxes = [], metrics, observer = ignoringObserver } = options;
  const services: Services = { runtime, access, schemas, logger, sandboxes, metrics, now: world.now };
  const routes = createRoutes(services, options.version ?? '0.0.0');
  const tools: ServeTools = {
    readBody: createBodyReader({
      bytes: options.bodyLimitBytes ?? 32 * 1024 * 1024,
      strangerBytes: 64 * 1024,
      depth: options.bodyDepth ?? 64,
      nodes: options.bodyNodes ?? 500_000,
    }),
    throttle: createThrottle(world.now, options.throttle),
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy ?? false);
  app.use(begin(services, world));
  app.use(watchRequest(observer, world.now));
  app.use(securityHeaders());
  app.use(refuseOddRequest);
  app.use(takeSession);
  for (const [path, group] of byPath(routes)) {
    const served = app.route(expressPath(path));
    for (const route of group)
      served[route.verb.toLowerCase() as Lowercase<Route['verb']>](serveRoute(services, route, tools));
    served.all(refuseVerb(group));
  }
  const pages = options.consoleFolder === undefined ? undefined : createConsolePages(options.consoleFolder);
  if (pages) {
    app.get('/', (_request, response) => response.redirect('/console/'));
    app.use('/console', pages);
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
    // In whole seconds (RFC 9110 section 10.2.3), never too early.
    if (error.retryAfterMs !== undefined)
      response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    response
      .status(statusOf(error))
      .set(extras?.headers ?? {})
      .set(error.replayed ? replayed : {})
      .json({ ...extras?.body, ...describeError(error, requestId) });
  };
}

/** The stack of what was thrown first; an error's other properties may hold requests, and are left out. */
function stackOf(error: FishplateError): string {
  return error.cause instanceof Error ? String(error.cause.stack) : String(error.stack);
}
