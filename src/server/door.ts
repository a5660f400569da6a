/** A request and its route come in; who calls, in which account, and what is addressed go out - or the refusal. */
import type { Access } from '../access/access.ts';
import type { Action } from '../access/actions.ts';
import type { Caller } from '../access/authenticate.ts';
import type { Resource } from '../access/permissions.ts';
import type { Connector, Method } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import { isStandIn } from '../installation/vanished.ts';
import type { InstallationView, Runtime } from '../runtime-contract.ts';
import { findConnector, findMethod, findMethodById } from './names.ts';
import type { Route, RouteAccess } from './route.ts';
import type { Services } from './services.ts';

/** What the headers say; texts are empty when a header is missing. */
export interface Credentials {
  readonly authorization: string;
  /** X-Cyclr-Account. */
  readonly account: string;
}

/** What the path addresses, as far as it names such things. */
export interface Subjects {
  readonly account?: string;
  readonly connector?: Connector;
  readonly view?: InstallationView;
  readonly method?: Method;
}

export interface Admission extends Subjects {
  readonly caller: Caller;
}

type Params = Readonly<Record<string, string>>;

/**
 * Lets a request in. First who it is, then whether it may, and only then whether the account and the installation
 * exist: a caller without permission learns nothing about either.
 * Throws `access.unauthenticated`, `access.account-required`, `access.forbidden`, and `*.unknown`.
 */
export async function admit(
  services: Services,
  route: Route & { readonly access: RouteAccess },
  params: Params,
  credentials: Credentials,
): Promise<Admission> {
  const { runtime, access } = services;
  const caller = await access.authenticate(readBearer(credentials.authorization));
  const account = needsAccount(route) ? chooseAccount(caller, credentials.account) : undefined;
  const subjects = await findSubjects(runtime, params, account);
  const action = actionOf(route.access, subjects.method);
  if (!route.access.each || subjects.fault) {
    const names = resourcesOf(route.access, params, caller, subjects);
    if (!access.permits(caller, action, names)) {
      // What an installation is of is not told to whom its account is closed: the refusal would show that it exists.
      if (subjects.view) access.authorize(caller, action, `account/${subjects.account}`);
      access.authorize(caller, action, names);
    }
  }
  if (subjects.fault) throw subjects.fault;
  return { caller, ...subjects };
}

/**
 * For routes with `each`: keeps what the caller may see. A caller who may see none of it must be allowed the whole, so
 * that an empty list and one that is kept from it look different. Throws `access.forbidden`.
 */
export function keepVisible<T>(
  access: Access,
  { caller, action }: { readonly caller: Caller; readonly action: Action },
  items: readonly T[],
  names: { readonly of: (item: T) => Resource; readonly whole: Resource },
): T[] {
  const visible = items.filter((item) => access.permits(caller, action, names.of(item)));
  if (visible.length === 0) access.authorize(caller, action, names.whole);
  return visible;
}

export const needsAccount = (route: Route): boolean =>
  route.access !== 'public' && route.access.resources.includes('account/{account}');

/** Throws `access.unauthenticated`. */
export function readBearer(authorization: string): string {
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (token !== undefined) return token;
  const said =
    authorization === '' ? 'there is no Authorization header' : 'the Authorization header is not Bearer';
  throw new FishplateError('access.unauthenticated', said);
}

/** The header goes before the token's account, so that a header for another account is refused rather than ignored. */
function chooseAccount(caller: Caller, header: string): string {
  const account = header === '' ? caller.accountId : header;
  if (account !== null) return account;
  throw new FishplateError('access.account-required', 'the header X-Cyclr-Account is missing');
}

type Found = { -readonly [K in keyof Subjects]: Subjects[K] } & { fault?: unknown };

/** What is found before something is not stays in the answer; `fault` is thrown once the caller is known to be allowed. */
async function findSubjects(runtime: Runtime, params: Params, account: string | undefined): Promise<Found> {
  const { installation, connector, version, method, methodId } = params;
  const { connectors } = runtime;
  const found: Found = {};
  try {
    if (account !== undefined) {
      found.account = account;
      // An installation that is there is in an account that is there.
      const view =
        installation === undefined ? undefined : await findInstallation(runtime, account, installation);
      if (view) found.view = view;
      else await checkAccount(runtime, account);
    }
    if (methodId !== undefined) return { ...found, ...findMethodById(connectors, methodId) };
    if (installation !== undefined) found.view ??= await runtime.installation(account ?? '', installation);
    if (found.view) found.connector = found.view.connector;
    else if (connector !== undefined) found.connector = findConnector(connectors, connector, version);
    // Then that is what is wrong, whatever the method.
    if (found.connector && method !== undefined && isStandIn(found.connector))
      findConnector(connectors, found.connector.name, found.connector.version);
    if (found.connector && method !== undefined)
      found.method = findMethod(connectors, found.connector, method);
  } catch (fault) {
    found.fault = fault;
  }
  return found;
}

async function findInstallation(
  runtime: Runtime,
  account: string,
  id: string,
): Promise<InstallationView | undefined> {
  try {
    return await runtime.installation(account, id);
  } catch (error) {
    if (isFishplateError(error, 'installation.unknown')) return undefined;
    throw error;
  }
}

async function checkAccount(runtime: Runtime, account: string): Promise<void> {
  try {
    await runtime.accounts.get(account);
  } catch (error) {
    if (!isFishplateError(error, 'account.unknown')) throw error;
    throw new FishplateError(
      'access.account-required',
      `X-Cyclr-Account names no account: there is no "${account}"`,
    );
  }
}

/** What is asked for when the method is not known is the lesser right: the answer will be that there is no such method. */
function actionOf({ action }: RouteAccess, method: Method | undefined): Action {
  if (action !== 'by-method') return action;
  return method && !method.readOnly ? 'methods:write' : 'methods:read';
}

function resourcesOf(access: RouteAccess, params: Params, caller: Caller, subjects: Subjects): string[] {
  const values: Readonly<Record<string, string | undefined>> = {
    ...params,
    account: subjects.account,
    connector: subjects.connector?.name ?? params.connector,
  };
  return access.resources.flatMap((template) => {
    // Lists over all accounts are, for a token pinned to one account, lists over that one.
    if (template === 'account/*' && caller.accountId !== null) return [`account/${caller.accountId}`];
    const name = /\{(\w+)\}$/.exec(template)?.[1];
    if (name === undefined) return [template];
    const value = values[name];
    if (value !== undefined) return [template.replace(`{${name}}`, value)];
    // What was not found has no connector to be judged by: the account decides, or the right to any connector.
    return access.resources.length > 1 ? [] : ['connector/*'];
  });
}
