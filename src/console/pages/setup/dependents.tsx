/** A console setup comes in; the installations that take a value from it go out, with how their tests went. */
import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'react-router';
import type { ConsoleSetup, DependentInstallation, RetestedInstallation } from '../../api/answers.ts';
import { countOf, sentence } from '../../parts/format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { sortDependents } from './describe-setup.ts';

interface DependentsProps {
  readonly setup: ConsoleSetup;
  readonly isTesting: boolean;
  /** What the last saving on this page has set off. */
  readonly retested: readonly RetestedInstallation[] | undefined;
}

export function Dependents({ setup, retested, isTesting }: DependentsProps) {
  const { Installations } = setup;
  const { begun, ended, kept } = sortDependents({ Installations, ...(retested && { Retested: retested }) });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="dependents">
      <Title order={2} size="h4" id="dependents">
        Installations that use this
      </Title>
      <Text size="sm" c="dimmed" mt={4} role="status">
        {isTesting && Installations.length > 0
          ? `Testing ${countOf(Installations.length, 'installation')} with the new values ...`
          : sentenceOf(Installations.length, retested)}
      </Text>
      <DependentList title="Began to use it" installations={begun} />
      <DependentList
        title={begun.length + ended.length > 0 ? 'Use it as before' : undefined}
        installations={kept}
      />
      <DependentList title="Do not use it any more" installations={ended} />
    </Paper>
  );
}

interface DependentListProps {
  readonly title: string | undefined;
  readonly installations: readonly DependentInstallation[];
}

function DependentList({ title, installations }: DependentListProps) {
  const id = useId();
  if (installations.length === 0) return null;
  return (
    <>
      {title !== undefined && (
        <Text size="xs" fw={600} mt="md" id={id}>
          {title}
        </Text>
      )}
      <Stack
        component="ul"
        gap="sm"
        mt={title === undefined ? 'sm' : 6}
        className="plain-list"
        {...(title !== undefined && { 'aria-labelledby': id })}
      >
        {installations.map((installation) => (
          <Dependent key={installation.Id} installation={installation} />
        ))}
      </Stack>
    </>
  );
}

function sentenceOf(count: number, retested: readonly RetestedInstallation[] | undefined): string {
  if (retested && retested.length > 0)
    return `The change concerns ${countOf(retested.length, 'installation')}; this is how ${retested.length === 1 ? 'it is' : 'they are'} with it.`;
  if (count === 0)
    return 'None yet. When an installation takes a value from here, it is listed, and tested on every change.';
  return 'A change of a value here is tested with each of them at once.';
}

function Dependent({ installation }: { readonly installation: DependentInstallation }) {
  const { Id, Name, AccountId, AccountName, State, StateReason } = installation;
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="start">
        <div>
          <Anchor
            component={Link}
            to={`/accounts/${encodeURIComponent(AccountId)}/installations/${encodeURIComponent(Id)}`}
            size="sm"
            fw={500}
          >
            {Name}
          </Anchor>
          <Text size="xs" c="dimmed">
            in {AccountName}
          </Text>
        </div>
        <StateBadge state={State} />
      </Group>
      {StateReason !== null && (
        <Text size="xs" mt={4}>
          {sentence(StateReason.Message)} {StateReason.Hint}
        </Text>
      )}
    </li>
  );
}
