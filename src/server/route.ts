/** What a route is: the words that the route table, the documentation and the tests share. */
import type { Action } from '../access/actions.ts';
import type { Caller } from '../access/authenticate.ts';
import type { Connector, Method } from '../definition/connector.ts';
import type { FishplateError } from '../errors.ts';
import type { InstallationView } from '../runtime-contract.ts';
import type { QuerySpec, QueryValues, RawQuery } from './query.ts';

export type RouteVerb = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * What a caller must be allowed. `by-method` is `methods:read` for a method that changes nothing at the vendor, else
 * `methods:write`. In the resources, `{account}` is the account of the call, `{connector}` the name of the connector
 * that is addressed or installed; other names are those of the path.
 */
export interface RouteAccess {
  readonly action: Action | 'by-method';
  readonly resources: readonly string[];
  /** The handler judges each entry of its list by itself (see `keepVisible`), in place of the door judging the whole. */
  readonly each?: true;
}

export interface RouteBody {
  /** A noun in the folder `schemas`. */
  readonly schema: string;
  /** Keys that this route requires beyond what the schema does. */
  readonly required?: readonly string[];
  /** Whether `application/x-www-form-urlencoded` is read as well. */
  readonly form?: boolean;
}

/** A noun in the folder `schemas`, a list of one, or whatever the vendor answers. */
export type RouteAnswer = string | { readonly list: string } | 'anything';

export interface Route {
  readonly verb: RouteVerb;
  /** With `{names}` as OpenAPI has them. `{connector}`, `{installation}` and `{method}` are looked up before the handler runs. */
  readonly path: string;
  /** The operation's id in the documentation. */
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  /** `public` needs no token. */
  readonly access: RouteAccess | 'public';
  /** `any` leaves the query to the handler. */
  readonly query?: QuerySpec | 'any';
  readonly body?: RouteBody;
  /** Whether callers may name the call with `Idempotency-Key`, so that it is made once however often they ask; or see what comes of the key. */
  readonly keyed?: true | 'shown';
  readonly answer: RouteAnswer;
  /** Asked by the thousand, so it is served without Express (see `createShortcut`). Such a route has a query of none. */
  readonly hot?: true;
  /**
   * For routes that take credentials of somebody not yet known: who that says it is (empty: nobody), for counting the attempts that fail
   * (see `Throttle`). The body has been checked.
   */
  readonly attempt?: (call: Pick<Call, 'body' | 'authorization'>) => string;
  /** What the audit calls it; for routes that change something and whose handler does not audit by itself. */
  readonly audit?: string;
  readonly handle: (call: Call) => Promise<Reply>;
  /** Adds to the answer of an error, where a standard says how it must look. */
  readonly describeError?: (error: FishplateError, call: { readonly authorization: string }) => ErrorExtras;
}

export interface ErrorExtras {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request after the door: authenticated, authorised, its body checked. A getter that the path has nothing for is a defect. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryValues;
  readonly rawQuery: RawQuery;
  /** As the route's schema has it; `{}` when there was none. */
  readonly body: unknown;
  readonly requestId: string;
  /** Aborted when the client goes away before the answer. */
  readonly signal: AbortSignal;
  /** The Authorization header, for the token endpoint. */
  readonly authorization: string;
  /** Of a route that is `keyed`: the Idempotency-Key header, where there is one. */
  readonly idempotencyKey: string | undefined;
  readonly page: Page;
  readonly caller: Caller;
  /** Id of an existing account. */
  readonly account: string;
  readonly connector: Connector;
  readonly view: InstallationView;
  readonly method: Method;
}

/** What the browser behind a request is told and asked. */
export interface Page {
  /** Throws `access.foreign-page` unless the console's own page sent the request. */
  assertOwn(): void;
  /** The Set-Cookie header that starts a session, or ends it (no seconds). */
  cookie(token: string, seconds: number): string;
}

export interface Reply {
  /** Sent as JSON; undefined is sent as null. */
  readonly body?: unknown;
  /** Sent as plain text in place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For routes with `audit`: what it was done to, and what else is worth keeping (never a secret). */
  readonly audited?: {
    readonly target: string;
    readonly accountId?: string | null;
    readonly detail?: Readonly<Record<string, unknown>>;
  };
}

/** The values of a path's names; undefined never occurs for a name that the path has. */
export function param(call: Pick<Call, 'params'>, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new TypeError(`the path has no {${name}}`);
  return value;
}
