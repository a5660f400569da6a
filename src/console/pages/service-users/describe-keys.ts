/** A service user's access keys come in; what there is to say of all of them goes out. Pure. */
import type { AccessKey } from '../../api/access-answers.ts';

export interface KeysInShort {
  readonly active: number;
  /** Of any of them, ISO 8601; null when none was used. */
  readonly lastUsed: string | null;
}

export function describeKeys(keys: readonly AccessKey[]): KeysInShort {
  const dates = keys.flatMap(({ LastUsedDate }) => (LastUsedDate === null ? [] : [LastUsedDate])).sort();
  return {
    active: keys.filter(({ Status }) => Status === 'ACTIVE').length,
    lastUsed: dates.at(-1) ?? null,
  };
}
