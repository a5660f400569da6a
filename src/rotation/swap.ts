/** Credentials that were tested come in; the changes that put them in the place of those in use go out. Pure. */
import type { LoadedInstallation } from '../installation/installation.ts';
import { type Held, heldId, heldRemoval, heldRow } from '../installation/rotation.ts';
import { consoleChanges, valueChanges } from '../installation/values.ts';
import type { Change } from '../store/store.ts';
import type { Subject } from './subject.ts';
import type { Tried } from './trial.ts';

export interface Swap {
  readonly staged: Held;
  readonly tried: readonly Tried[];
  readonly now: number;
  readonly purgeAt: number;
}

/** All of a swap as one write: values, fallback, states and tokens change together or not at all. */
export function swapChanges(subject: Subject, { staged, tried, now, purgeAt }: Swap): Change[] {
  const { owner, connector, level, current } = subject;
  const before = Object.entries(current).filter(([key]) => Object.hasOwn(staged.values, key));
  const fallback: Held = {
    ...{ owner, kind: 'fallback', values: Object.fromEntries(before), createdAt: now, purgeAt },
    ...{ trial: null, usedAt: null, usedFor: null },
  };
  return [
    // Cancelled, or replaced by others, since it was tested?
    {
      op: 'update',
      table: 'heldCredentials',
      id: heldId(owner, 'staged'),
      set: {},
      expect: { createdAt: staged.createdAt },
    },
    heldRemoval(owner),
    ...(purgeAt > now ? [{ op: 'upsert', table: 'heldCredentials', row: heldRow(fallback) } as const] : []),
    ...(level === 'account'
      ? valueChanges(connector, owner, staged.values, now)
      : consoleChanges(connector, staged.values, now)),
    ...subject.users.flatMap((user) =>
      userChanges(
        user,
        tried.find(({ loaded }) => loaded.row.id === user.row.id),
        now,
      ),
    ),
  ];
}

/** Where the test went well the installation is active, and has its token. Everywhere proofs under way are of old credentials. */
function userChanges({ row }: LoadedInstallation, tried: Tried | undefined, now: number): Change[] {
  const { id, revision } = row;
  const proven =
    tried?.result.ok === true
      ? { state: 'active' as const, stateReason: null, identity: tried.result.identity, testedAt: now }
      : {};
  const set = { ...proven, updatedAt: now, revision: revision + 1 };
  const update: Change = { op: 'update', table: 'installation', id, set, expect: { revision } };
  if (!tried?.token) return [update];
  const { fingerprint, token } = tried.token;
  const { access, obtainedAt, expiresAt } = token;
  return [
    update,
    { op: 'upsert', table: 'token', row: { id, fingerprint, token: access, obtainedAt, expiresAt } },
  ];
}
