/** Refusals come in, audit rows go out - but only so many a minute, so that knocking cannot fill the disk. */
import type { World } from '../wire.ts';
import type { Audit, AuditEntry } from './audit.ts';

const MOST_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** The bounded way into the audit. */
export interface Refusals {
  /**
   * Writes the entry, or counts it when its group has had its rows for this minute; the group's next row then says in
   * `unrecordedBefore` how many were left out. There must be few groups: one for strangers, one a service user.
   */
  record(group: string, entry: AuditEntry): Promise<void>;
}

interface Group {
  readonly minute: number;
  recorded: number;
  unrecorded: number;
}

/** 60 rows a minute and group; the counts are kept in memory. */
export function createRefusals(audit: Audit, world: World): Refusals {
  const groups = new Map<string, Group>();
  return {
    async record(name, entry) {
      const group = currentGroup(groups, name, Math.floor(world.now() / MINUTE_MS));
      if (group.recorded >= MOST_A_MINUTE) {
        group.unrecorded += 1;
        return;
      }
      const missed = group.unrecorded;
      group.recorded += 1;
      group.unrecorded = 0;
      try {
        const detail = missed === 0 ? entry.detail : { ...entry.detail, unrecordedBefore: missed };
        await audit.record({ ...entry, detail });
      } catch (error) {
        group.unrecorded += missed + 1;
        throw error;
      }
    },
  };
}

function currentGroup(groups: Map<string, Group>, name: string, minute: number): Group {
  const known = groups.get(name);
  if (known?.minute === minute) return known;
  const fresh = { minute, recorded: 0, unrecorded: known?.unrecorded ?? 0 };
  groups.set(name, fresh);
  return fresh;
}
