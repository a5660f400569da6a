/** Credentials that are kept beside those in use come in; what they are and how long they stay goes out. */
import { Text } from '@mantine/core';
import { IconClockHour4, IconKey } from '@tabler/icons-react';
import type { Rotation } from '../../api/installation-answers.ts';
import { formatAgo, formatTime, listOf } from '../../parts/format.ts';
import { titleOfReason } from '../../parts/test-reason.ts';
import { describeStagedTest } from './describe-rotation.ts';

type LabelOf = (name: string) => string;

interface HeldStagedProps {
  readonly staged: NonNullable<Rotation['Staged']>;
  readonly labelOf: LabelOf;
  /** Of installations, where several use them. */
  readonly nameOf?: ((id: string) => string) | undefined;
}

export function HeldStaged({ staged: { Settings, PurgeDate, Test }, labelOf, nameOf }: HeldStagedProps) {
  const failed = (nameOf && Test?.Installations.filter(({ Ok }) => !Ok)) || [];
  return (
    <div className="held">
      <IconKey size={18} stroke={1.6} aria-hidden />
      <div>
        <Text size="sm" fw={500}>
          Staged: {listOf(Settings.map(labelOf))}
        </Text>
        <Text size="sm">{describeStagedTest(Test)}</Text>
        {nameOf &&
          failed.map(({ Id, Code = '', Hint = '' }) => (
            <Text key={Id} size="sm">
              {nameOf(Id)}: {titleOfReason(Code)}. {Hint}
            </Text>
          ))}
        <Text size="xs" c="dimmed">
          Not in use. Discarded by itself on {formatTime(PurgeDate)}.
        </Text>
      </div>
    </div>
  );
}

interface HeldFallbackProps {
  readonly fallback: NonNullable<Rotation['Fallback']>;
  readonly labelOf: LabelOf;
}

export function HeldFallback({
  fallback: { Settings, PurgeDate, UsedDate, UsedFor },
  labelOf,
}: HeldFallbackProps) {
  return (
    <div className="held">
      <IconClockHour4 size={18} stroke={1.6} aria-hidden />
      <div>
        <Text size="sm" fw={500}>
          The old {listOf(Settings.map(labelOf))} are the fallback until {formatTime(PurgeDate)}
        </Text>
        <Text size="sm">
          {UsedDate === null
            ? 'No call has needed them.'
            : `A call needed them ${formatAgo(UsedDate, Date.now())}${UsedFor === null ? '' : `, because of ${UsedFor}`}. The new ones may not be good for everything.`}
        </Text>
        <Text size="xs" c="dimmed">
          Leave the old key valid at the vendor until then.
        </Text>
      </div>
    </div>
  );
}
