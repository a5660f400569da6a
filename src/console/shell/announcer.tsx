/** Results come in as sentences; they go out as a toast that fades and as speech of a live region. */
import { Notification, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

export type ToastKind = 'done' | 'note' | 'failed';
type Announce = (text: string, kind?: ToastKind) => void;

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: ToastKind;
}

const AnnounceContext = createContext<Announce>(() => undefined);

/**
 * Says what came of an action: `announce('Saved.')`. What a person must act upon stays on the page instead
 * (`ErrorNotice`): a toast is gone before everyone has read it.
 */
export const useAnnounce = (): Announce => useContext(AnnounceContext);

const SHOWN_MS = 6_000;
const looks = {
  done: { color: 'teal', Icon: IconCheck },
  note: { color: 'gray', Icon: IconInfoCircle },
  failed: { color: 'red', Icon: IconAlertTriangle },
} as const;

export function Announcer({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const announce = useCallback<Announce>((text, kind = 'done') => {
    setToasts((all) => {
      const id = (all.at(-1)?.id ?? 0) + 1;
      // The same again replaces itself; more than three at once nobody reads.
      return [...all.filter((toast) => toast.text !== text), { id, text, kind }].slice(-3);
    });
  }, []);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        <Stack gap="xs">
          {toasts.map((toast) => (
            <ToastCard key={toast.id} toast={toast} close={close} />
          ))}
        </Stack>
      </div>
    </AnnounceContext>
  );
}

function ToastCard({ toast, close }: { readonly toast: Toast; readonly close: (id: number) => void }) {
  const [isHeld, setHeld] = useState(false);
  const { color, Icon } = looks[toast.kind];
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => close(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, toast.id, close]);
  return (
    <Notification
      withBorder
      color={color}
      icon={<Icon size={16} aria-hidden />}
      onClose={() => close(toast.id)}
      closeButtonProps={{ 'aria-label': 'Dismiss' }}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.text}
    </Notification>
  );
}
