/** A runtime and access come in; the HTTP API goes out: an Express app of the route table, and a short cut for what is asked most. */
import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Access } from '../access/access.ts';
import { FishplateError } from '../errors.ts';
import { ignoringObserver, type Observer } from '../observer.ts';
import type { Runtime } from '../runtime-contract.ts';
import type { World } from '../wire.ts';
import { realWorld } from '../world.ts';
import { type BeginRequest, createBeginning } from './begin-request.ts';
import { createConsolePages } from './console-pages.ts';
import { answerError } from './error-answer.ts';
import { oddityOf } from './odd-request.ts';
import { createBodyReader } from './read-body.ts';
import { contextOf } from './request-context.ts';
import type { Route } from './route.ts';
import { createRoutes } from './routes.ts';
import { createSchemaBook } from './schema-book.ts';
import { apiNouns } from './schema-nouns.ts';
import { type ServeTools, serveRoute } from './serve-route.ts';
import type { MetricsSource, PlayedSandbox, ServerLogger, Services } from './services.ts';
import { takeSession } from './session.ts';
import { createShortcut } from './shortcut.ts';
import { createThrottle, type ThrottleLimits } from './throttle.ts';

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
export function createApp(options: AppOptions): RequestListener {
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

  const beginning = createBeginning({ logger, observer, world });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy ?? false);
  app.use(begin(beginning));
  app.use(checkRequest);
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
  app.use(handleErrors(logger));
  return createShortcut({ services, routes, tools, beginning }, app);
}

/** The same as in the short cut, as Express has it. */
function begin(beginning: BeginRequest): RequestHandler {
  return (request, response, next) =>
    beginning(request, response, (headers) => {
      for (let index = 0; index < headers.length; index += 2)
        response.setHeader(headers[index] ?? '', headers[index + 1] ?? '');
      next();
    });
}

const checkRequest: RequestHandler = (request, _response, next) => {
  const oddity = oddityOf(request);
  if (oddity) throw oddity;
  takeSession(request, request.path);
  next();
};

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

function handleErrors(logger: ServerLogger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const authorization = request.get('authorization') ?? '';
    const { status, headers, body } = answerError(logger, thrown, contextOf(response), authorization);
    if (response.headersSent) response.destroy();
    else response.status(status).set(headers).json(body);
  };
}
