/** A page whose controls come and go comes in; the focus stays: with the control that was used, else with what is left around it. */

/** Dialogs and menus give the focus back by themselves, and go first. */
const AFTER_MS = 50;

/** Call it once. A button that is at work is disabled, and one that did its work may be gone: browsers drop the focus then. */
export function keepFocus(): void {
  /** What has the focus, and all that it is in. */
  let path: Element[] = [];
  let wasOff = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const mend = () => {
    const [last] = path;
    if (last === undefined || document.activeElement !== document.body) return;
    const isOff = last.matches(':disabled');
    wasOff ||= isOff;
    // Whoever took the focus away from a control that can be used meant it.
    if (last.isConnected && (isOff || !wasOff)) return;
    const left = last.isConnected
      ? last
      : path.find((each) => each.isConnected)?.closest('[data-near], [role=dialog], section, form');
    focusOn(left ?? document.querySelector('h1'));
  };
  document.addEventListener('pointerdown', () => {
    path = [];
  });
  document.addEventListener('focusin', ({ target }) => {
    path = [];
    wasOff = false;
    for (let at = target as Element | null; at; at = at.parentElement) path.push(at);
  });
  new MutationObserver(() => {
    wasOff ||= path[0]?.matches(':disabled') ?? false;
    clearTimeout(timer);
    timer = setTimeout(mend, AFTER_MS);
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
}

function focusOn(left: Element | null): void {
  if (!(left instanceof HTMLElement)) return;
  if (left.tabIndex < 0) left.tabIndex = -1;
  left.focus({ preventScroll: true });
}
