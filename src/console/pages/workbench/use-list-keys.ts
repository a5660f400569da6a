/** A search box and a list of links come in; the keys that lead to them and between them go out. */
import { type KeyboardEvent, type RefObject, useEffect } from 'react';

/** `/` leads to the search from anywhere but another input. */
export function useSlash(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const { target } = event;
      const isTyping =
        target instanceof HTMLElement &&
        (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [search]);
}

/**
 * Arrows move between the search and the links, Enter in the search opens the first; on a link it does so by itself.
 * Who types and goes on at once means what the new letters find: `drawNow` brings the list up to them first.
 */
export function arrowKeys(
  search: RefObject<HTMLInputElement | null>,
  list: RefObject<HTMLElement | null>,
  drawNow: () => void,
) {
  return (event: KeyboardEvent): void => {
    const { activeElement } = document;
    const inSearch = activeElement === search.current;
    if (inSearch && (event.key === 'Enter' || event.key === 'ArrowDown')) drawNow();
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = activeElement instanceof HTMLElement ? links.indexOf(activeElement) : -1;
    if (!inSearch && at < 0) return;
    if (inSearch && event.key === 'Enter') {
      event.preventDefault();
      links[0]?.click();
      return;
    }
    const to = targetOf(event.key, at, links.length);
    if (to === undefined || (inSearch && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    if (to < 0) search.current?.focus();
    else links[to]?.focus();
  };
}

/** -1 is the search. Undefined for keys that do not move. */
function targetOf(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(at - 1, -1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

/** Whoever comes by an address sees where in the list it is. `count` says how many groups are drawn by now. */
export function useCurrentInView(list: RefObject<HTMLElement | null>, current: string, count: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it may come with the later groups
  useEffect(() => {
    if (current === '') return;
    const link = list.current?.querySelector('[aria-current="page"]');
    link?.scrollIntoView({ block: 'nearest' });
  }, [list, current, count]);
}
