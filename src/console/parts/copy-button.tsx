/** A text comes in; a button goes out that copies it and says so. */
import { ActionIcon, Button, CopyButton as Copy, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useAnnounce } from '../shell/announcer.tsx';

interface CopyButtonProps {
  readonly value: string;
  /** What the button does: "Copy the request id". Shown as text with `withText`. */
  readonly label: string;
  readonly withText?: boolean;
}

export function CopyButton({ value, label, withText = false }: CopyButtonProps) {
  const announce = useAnnounce();
  return (
    <Copy value={value} timeout={2000}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />;
        const onClick = () => {
          copy();
          announce('Copied');
        };
        if (withText)
          return (
            <Button variant="default" size="compact-sm" leftSection={icon} onClick={onClick}>
              {copied ? 'Copied' : label}
            </Button>
          );
        return (
          <Tooltip label={copied ? 'Copied' : label}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick}>
              {icon}
            </ActionIcon>
          </Tooltip>
        );
      }}
    </Copy>
  );
}
