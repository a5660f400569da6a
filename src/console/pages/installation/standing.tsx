/** An installation comes in; how it is goes out in words, with what to do about it and a button that tests it again. */
import { Group, Paper, Text, ThemeIcon } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleDashed,
  IconPlugConnectedX,
  IconRefresh,
  IconUserCheck,
  type TablerIcon,
} from '@tabler/icons-react';
import { isApiError } from '../../api/api-error.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useTestConnection } from '../../api/installations.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatAgo } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { titleOfReason } from '../../parts/test-reason.ts';
import { useAnnounce } from '../../shell/announcer.tsx';
import { describeStanding } from './describe-installation.ts';

const looks: Readonly<Record<Installation['State'], { readonly color: string; readonly Icon: TablerIcon }>> =
  {
    active: { color: 'teal', Icon: IconUserCheck },
    failing: { color: 'red', Icon: IconAlertTriangle },
    'setup-required': { color: 'amber', Icon: IconCircleDashed },
    'de-authenticated': { color: 'gray', Icon: IconPlugConnectedX },
  };

interface StandingProps {
  readonly place: Place;
  readonly installation: Installation;
}

export function Standing({ place, installation }: StandingProps) {
  const { State, TestedDate, Connector } = installation;
  const test = useTestConnection(place);
  const announce = useAnnounce();
  const { color, Icon } = looks[State];
  const { title, text } = describeStanding(installation);
  const isTestable = State !== 'de-authenticated' && installation.Missing.length === 0;
  const run = () =>
    test.mutate(undefined, {
      onSuccess: ({ Ok, Code = '' }) =>
        announce(
          Ok ? 'Tested: the connection works.' : `Tested: ${titleOfReason(Code).toLowerCase()}.`,
          Ok ? 'done' : 'failed',
        ),
    });
  const failed = test.data?.Ok === false ? test.data : undefined;
  return (
    <Paper withBorder p="md" component="section" aria-label="State" className="standing">
      <Group align="flex-start" wrap="nowrap" gap="md">
        <ThemeIcon variant="light" color={color} size={40} radius="xl">
          <Icon size={20} aria-hidden />
        </ThemeIcon>
        <div className="standing-words">
          <Text fw={600}>{title}</Text>
          <Text size="sm" mt={2}>
            {text}
          </Text>
          {failed?.Vendor?.Message !== undefined && (
            <Text size="sm" mt={4}>
              {Connector.Title} answered {failed.Vendor.Status}: <code>{failed.Vendor.Message}</code>
            </Text>
          )}
          <Text size="xs" c="dimmed" mt={6} role="status">
            {test.isPending
              ? `Asking ${Connector.Title} ...`
              : TestedDate !== null && `Tested ${formatAgo(TestedDate, Date.now())}`}
          </Text>
        </div>
        {isTestable && (
          <GuardedButton
            action="installations:write"
            variant="default"
            size="sm"
            className="standing-action"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={test.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={run}
          >
            Test connection
          </GuardedButton>
        )}
      </Group>
      {isApiError(test.error) && <ErrorNotice error={test.error} onRetry={run} />}
    </Paper>
  );
}
