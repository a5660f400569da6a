/** What the console gives comes in; a line that says so goes out, with the way to give other values in the account. */
import { Button, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { listOf } from '../../parts/format.ts';

interface ConsoleGivesProps {
  readonly labels: readonly string[];
  /** Undefined where nothing may be changed. */
  readonly onOwn: (() => void) | undefined;
}

export function ConsoleGives({ labels, onOwn }: ConsoleGivesProps) {
  return (
    <div className="console-gives">
      <IconLock size={18} stroke={1.6} aria-hidden className="text-dimmed" />
      <Text size="sm" className="aside-words">
        The console gives {listOf(labels)}.
      </Text>
      {onOwn && (
        <Button variant="subtle" size="compact-sm" onClick={onOwn}>
          Use others here
        </Button>
      )}
    </div>
  );
}
