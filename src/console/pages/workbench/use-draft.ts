/** A method and the address come in; what is being filled in goes out, and is written back into the address. */
import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import type { Place } from '../../api/installations.ts';
import { type Draft, emptyDraft, fragmentOf, readFragment, type Secrets } from './draft.ts';
import { useKept } from './use-kept.ts';

/** Browsers allow a page only so many changes of its address. */
const WRITE_AFTER_MS = 300;

interface KeptDraft {
  readonly draft: Draft;
  /** The entry of the browser's history that it was typed in. */
  readonly entry: string;
}

export interface DraftState {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly clear: () => void;
  /** Undefined when it does not fit into one. */
  readonly link: string | undefined;
}

/**
 * The address has everything but secrets, so that a call can be shared and survives back, forward and reload; secrets
 * are kept in memory. Give the component a `key` of method and `location.key`: it reads both once.
 */
export function useDraft({ account, installation }: Place, method: string, secrets: Secrets): DraftState {
  const { key: entry, pathname } = useLocation();
  const [kept, keep] = useKept<KeptDraft>('draft', account, installation, method);
  const [draft, setDraft] = useState(() => {
    const hash = canonical(window.location.hash);
    const fits = kept && (kept.entry === entry || hash === '' || fragmentOf(kept.draft, secrets) === hash);
    return fits ? kept.draft : readFragment(hash);
  });
  const fragment = fragmentOf(draft, secrets);
  const change = useCallback((part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })), []);

  useEffect(() => keep({ draft, entry }), [draft, entry, keep]);
  useEffect(() => {
    const timer = setTimeout(() => writeHash(fragment ?? ''), WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [fragment]);

  const query = new URLSearchParams({ account }).toString();
  const base = `${window.location.origin}/console${pathname}?${query}`;
  return {
    ...{ draft, change, clear: () => setDraft(emptyDraft) },
    link: fragment === undefined ? undefined : fragment === '' ? base : `${base}#${fragment}`,
  };
}

/** As `fragmentOf` writes it, whatever a browser or a person has made of it. */
const canonical = (hash: string) => new URLSearchParams(hash.replace(/^#/, '')).toString();

/** Behind the router's back: it need not render anything anew, and its entry stays the same. */
function writeHash(fragment: string): void {
  const { pathname, search, hash } = window.location;
  if (canonical(hash) === fragment) return;
  window.history.replaceState(
    window.history.state,
    '',
    pathname + search + (fragment === '' ? '' : `#${fragment}`),
  );
}
