/** The whole API on a runtime of the fixture connector comes out; every answer is held against the route table's promises. */
import type { RequestListener } from 'node:http';
import supertest, { type Response } from 'supertest';
import { expect } from 'vitest';
import { type Access, createAccess } from '../../src/access/access.ts';
import type { RuntimeOptions } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import type { Secret } from '../../src/secret.ts';
import { type AppOptions, createApp } from '../../src/server/app.ts';
import type { Route } from '../../src/server/route.ts';
import { createRoutes } from '../../src/server/routes.ts';
import { createSchemaBook } from '../../src/server/schema-book.ts';
import { apiNouns } from '../../src/server/schema-nouns.ts';
import { createTestBedWith, type TestBed } from '../helpers/runtime.ts';

export interface Asking {
  readonly token?: string;
  readonly account?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api extends TestBed {
  readonly access: Access;
  readonly app: RequestListener;
  readonly routes: readonly Route[];
  /** A token of an administrator, for every account. */
  readonly admin: string;
  /** What was logged, as text. */
  readonly log: string[];
  /** Every answer so far, headers and body, as text. */
  readonly answers: string[];
  /** A token for a service user with these policies; `scope` pins it. */
  signIn(policies: readonly string[], scope?: string): Promise<string>;
  /** Sends a request as the administrator in the first account, unless told otherwise; `''` leaves either out. */
  ask(verb: Route['verb'], path: string, asking?: Asking): Promise<Response>;
}

/** Compiled once for all tests of a file. */
const schemas = createSchemaBook(apiNouns);

/** `change` puts something else in the place of parts of the real runtime. */
export async function createApi(
  options: Partial<AppOptions> = {},
  change: (runtime: Runtime) => Runtime = (runtime) => runtime,
  runtimeOptions: Partial<RuntimeOptions> = {},
): Promise<Api> {
  const bed = await createTestBedWith(runtimeOptions);
  const access = createAccess({ store: bed.store, world: bed.world });
  const log: string[] = [];
  const note = (fields: object, message: string) => void log.push(JSON.stringify({ message, ...fields }));
  const logger = { info: note, warn: note, error: note };
  const runtime = change(bed.runtime);
  const app = createApp({ runtime, access, logger, world: bed.world, ...options });
  const routes = createRoutes(
    { runtime, access, schemas, logger, now: bed.world.now, metrics: options.metrics },
    'test',
  );
  const signIn = signInTo(access);
  const admin = await signIn(['Administrator']);
  const answers: string[] = [];
  return {
    ...bed,
    runtime,
    access,
    app,
    routes,
    admin,
    log,
    answers,
    signIn,
    ask: async (verb, path, { token = admin, account = bed.account, body, headers = {} } = {}) => {
      const request = supertest(app)[verb.toLowerCase() as Lowercase<Route['verb']>](path);
      if (token !== '') request.set('Authorization', `Bearer ${token}`);
      if (account !== '') request.set('X-Cyclr-Account', account);
      const response = await request.set(headers).send(body as object);
      answers.push(JSON.stringify(response.headers) + response.text);
      checkPromises(routes, schemas.check, verb, path, response);
      return response;
    },
  };
}

function signInTo(access: Access) {
  let users = 0;
  return async (policies: readonly string[], scope = '') => {
    const user = await access.serviceUsers.create('local', { name: `User ${++users}`, policies });
    const { key, secret } = await access.accessKeys.create('local', user.id);
    return (await access.tokens.issue({ clientId: key.id, clientSecret: secret, scope })).accessToken;
  };
}

/** What holds for every answer: its headers, the shape of errors, and the schema that the route names. */
function checkPromises(
  routes: readonly Route[],
  check: (noun: string, value: unknown) => unknown[],
  verb: string,
  path: string,
  response: Response,
): void {
  expect(response.headers['x-content-type-options']).toBe('nosniff');
  expect(response.headers['x-request-id']).toBeTruthy();
  expect(response.headers['x-powered-by']).toBeUndefined();
  if (response.status >= 400) {
    expect(check('error', response.body)).toEqual([]);
    return;
  }
  expect(response.status).toBe(200);
  const route = routes.find((candidate) => candidate.verb === verb && patternOf(candidate.path).test(path));
  const answer = route?.answer ?? 'anything';
  if (answer === 'anything') return;
  const values = typeof answer === 'string' ? [response.body] : (response.body as unknown[]);
  for (const value of values)
    expect(check(typeof answer === 'string' ? answer : answer.list, value)).toEqual([]);
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/?]+')}/?(?:\\?.*)?$`);

/** Asserts a refusal: its status and code, and that people are told something. */
export function expectRefusal(response: Response, status: number, code: string): void {
  expect({ status: response.status, Code: response.body.Code }).toEqual({ status, Code: code });
  expect(response.body.Message.length).toBeGreaterThan(0);
  expect(response.body.Hint.length).toBeGreaterThan(0);
}

export const basic = (id: string, secret: Secret | string) =>
  `Basic ${Buffer.from(`${id}:${typeof secret === 'string' ? secret : secret.reveal()}`).toString('base64')}`;
