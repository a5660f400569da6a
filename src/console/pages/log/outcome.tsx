/** How a call went comes in; an icon and words go out. */
import { Badge, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { CallRecord } from '../../api/call-answers.ts';

interface OutcomeProps {
  readonly call: Pick<CallRecord, 'Outcome' | 'Status'>;
}

const iconOf = (outcome: string) => (outcome === 'ok' ? IconCircleCheck : IconCircleX);
const wordsOf = (outcome: string) => (outcome === 'ok' ? 'Went well' : outcome);

/** In a line of a table. */
export function Outcome({ call: { Outcome: outcome, Status } }: OutcomeProps) {
  const Icon = iconOf(outcome);
  return (
    <Group component="span" gap={6} wrap="nowrap" className="outcome">
      <Icon size={16} aria-hidden className={outcome === 'ok' ? 'outcome-good' : 'outcome-bad'} />
      <Text size="sm" component="span" className="outcome-words">
        {wordsOf(outcome)}
        {Status !== null && <span className="outcome-status"> {Status}</span>}
      </Text>
    </Group>
  );
}

export function OutcomeBadge({ call: { Outcome: outcome } }: OutcomeProps) {
  const Icon = iconOf(outcome);
  return (
    <Badge
      variant="light"
      color={outcome === 'ok' ? 'teal' : 'red'}
      leftSection={<Icon size={13} aria-hidden />}
    >
      {wordsOf(outcome)}
    </Badge>
  );
}
