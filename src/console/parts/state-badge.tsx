/** A state comes in; a badge goes out that says it in words and by its colour, never by the colour alone. */
import { Badge } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLock,
  IconLockOpen,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { ConsoleSetup, InstallationState } from '../api/answers.ts';

const states = {
  'setup-required': { text: 'Setup required', color: 'amber', Icon: IconCircleDashed },
  active: { text: 'Active', color: 'teal', Icon: IconCircleCheck },
  failing: { text: 'Failing', color: 'red', Icon: IconCircleX },
  'de-authenticated': { text: 'De-authenticated', color: 'gray', Icon: IconPlugConnectedX },
} as const;

/** How an installation is. */
export function StateBadge({ state }: { readonly state: InstallationState }) {
  const { text, color, Icon } = states[state];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={13} aria-hidden />}>
      {text}
    </Badge>
  );
}

/** The padlock closes when every field that the console has to give is set. */
export function ConsoleStateBadge({ state }: { readonly state: ConsoleSetup['State'] }) {
  return state === 'ready' ? (
    <Badge variant="light" color="teal" leftSection={<IconLock size={13} aria-hidden />}>
      Ready
    </Badge>
  ) : (
    <Badge variant="light" color="amber" leftSection={<IconLockOpen size={13} aria-hidden />}>
      Setup Required
    </Badge>
  );
}
