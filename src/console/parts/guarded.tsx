/** An action comes in; a button goes out that is disabled, with the reason, for whoever may not do it. */
import { Alert, Button, type ButtonProps, Tooltip } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { type MouseEvent, useId } from 'react';
import { useMay } from '../api/session.ts';

interface GuardedButtonProps extends ButtonProps {
  /** Of src/access/actions.ts: `connectors:setup`. */
  readonly action: string;
  /** Why it cannot be done just now, whoever asks: "Mark it inactive first". */
  readonly blocked?: string | undefined;
  readonly type?: 'button' | 'submit';
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly 'aria-label'?: string;
}

/** Stays reachable by keyboard when it is disabled, so that its reason can be read. */
export function GuardedButton({ action, blocked, onClick, type = 'button', ...rest }: GuardedButtonProps) {
  const right = useMay(action);
  const reasonId = useId();
  const reason = right.allowed ? blocked : right.reason;
  if (reason === undefined) return <Button {...rest} type={type} onClick={onClick} />;
  return (
    <Tooltip label={reason} multiline maw={320}>
      <span className="guarded">
        <Button {...rest} type="button" data-disabled aria-disabled aria-describedby={reasonId} />
        <span id={reasonId} className="visually-hidden">
          {reason}
        </span>
      </span>
    </Tooltip>
  );
}

/** Above a form that can be read and not changed. */
export function ReadOnlyNotice({ action }: { readonly action: string }) {
  const { allowed, reason } = useMay(action);
  if (allowed) return null;
  return (
    <Alert variant="light" color="gray" icon={<IconEye aria-hidden />} title="You can look, but not change">
      {reason}
    </Alert>
  );
}
