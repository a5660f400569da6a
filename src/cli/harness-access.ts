/** Access and runtime come in; a service user of the harness with a key that works, and an account to try things in, go out. */
import type { Access } from '../access/access.ts';
import { LOCAL_ACTOR } from '../access/audit.ts';
import { ADMINISTRATOR } from '../access/managed-policies.ts';
import { isFishplateError } from '../errors.ts';
import type { Runtime } from '../runtime-contract.ts';
import { fingerprint, Secret } from '../secret.ts';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** A new service user that may do everything, with its first key. Where the name is taken, it gets a number. */
export async function createAdministrator(access: Access, name: string): Promise<ClientCredentials> {
  const taken = new Set((await access.serviceUsers.list()).map((user) => user.name.toLowerCase()));
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name} ${number}`;
  const user = await access.serviceUsers.create(LOCAL_ACTOR, { name: free, policies: [ADMINISTRATOR] });
  const { key, secret } = await access.accessKeys.create(LOCAL_ACTOR, user.id, {});
  return { clientId: key.id, clientSecret: secret };
}

/** The key of an earlier start as long as it works, else a new one. */
export async function ensureAdministrator(
  access: Access,
  { store }: Runtime,
  saved: { readonly clientId: string; readonly clientSecret: string } | undefined,
): Promise<ClientCredentials> {
  const key = saved && (await store.get('accessKey', saved.clientId));
  const user = key && (await store.get('serviceUser', key.serviceUserId));
  const works =
    key?.status === 'ACTIVE' &&
    key.secretHash === fingerprint(saved?.clientSecret ?? '') &&
    user?.policies.includes(ADMINISTRATOR);
  if (saved && works) return { clientId: saved.clientId, clientSecret: new Secret(saved.clientSecret) };
  return createAdministrator(access, 'Harness');
}

/** The account by this id; it is made when it is missing. */
export async function ensureAccount({ accounts }: Runtime, id: string, name: string): Promise<string> {
  try {
    return (await accounts.get(id)).id;
  } catch (error) {
    if (!isFishplateError(error, 'account.unknown')) throw error;
    return (await accounts.create({ id, name })).id;
  }
}
