/** Actors and targets as the audit has them come in; who and what that is goes out, for people. Pure. */
import type { AccessKey, AuditEntry, Policy, ServiceUser } from '../../api/access-answers.ts';
import type { Account } from '../../api/installation-answers.ts';

const fixed: Readonly<Record<string, string>> = {
  local: 'This machine (CLI)',
  unknown: 'Nobody known',
};

interface Known {
  readonly users: readonly ServiceUser[];
  readonly accessKeys: readonly AccessKey[];
}

interface KnownTargets extends Known {
  readonly accounts: readonly Pick<Account, 'Id' | 'Name'>[];
  readonly policies: readonly Pick<Policy, 'Id' | 'Name'>[];
}

/** What an entry is about, in words; undefined where the id says it as well, or what it names is no longer there. */
export function nameOfTarget(
  { Target, Action, AccountId, Detail }: Pick<AuditEntry, 'Target' | 'Action' | 'AccountId' | 'Detail'>,
  { users, accessKeys, accounts, policies }: KnownTargets,
): string | undefined {
  const key = accessKeys.find(({ Id }) => Id === Target);
  if (key) return nameOfActor(`${key.ServiceUserId}/${key.Id}`, { users, accessKeys });
  const named = [...users, ...accounts, ...policies].find(({ Id }) => Id === Target);
  if (named) return named.Name;
  const { connector } = Detail;
  if (!Action.startsWith('installation.') || typeof connector !== 'string' || AccountId === null)
    return undefined;
  return `${connector} in ${accounts.find(({ Id }) => Id === AccountId)?.Name ?? AccountId}`;
}

/** "Nightly sync, Access key"; the id of what is no longer there. */
export function nameOfActor(actor: string, { users, accessKeys }: Known): string {
  const known = fixed[actor];
  if (known !== undefined) return known;
  const [userId = '', keyId = ''] = actor.split('/');
  const user = users.find(({ Id }) => Id === userId)?.Name ?? `Deleted user ${userId.slice(0, 8)}`;
  const key = accessKeys.find(({ Id }) => Id === keyId)?.Name;
  return key === undefined ? user : `${user}, ${key}`;
}

/** Everyone who can be asked for: the fixed ones, every key that there is, and those that were seen. */
export function actorChoices(known: Known, seen: readonly string[]): { value: string; label: string }[] {
  const keys = known.accessKeys.map(({ Id, ServiceUserId }) => `${ServiceUserId}/${Id}`);
  const actors = [...new Set([...Object.keys(fixed), ...keys, ...seen])].filter((actor) => actor !== '');
  return actors.map((value) => ({ value, label: nameOfActor(value, known) }));
}
