/** A console setup comes in; the installations that take a value from it go out, with how their tests went. */
import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { ConsoleSetup, DependentInstallation } from '../../api/answers.ts';
import { countOf } from '../../parts/format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';

interface DependentsProps {
  readonly setup: ConsoleSetup;
  readonly isTesting: boolean;
  /** Whether the states come from a test that this page has set off. */
  readonly wasTested: boolean;
}

export function Dependents({ setup: { Installations }, isTesting, wasTested }: DependentsProps) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="dependents">
      <Title order={2} size="h4" id="dependents">
        Installations that use this
      </Title>
      <Text size="sm" c="dimmed" mt={4}>
        {isTesting && Installations.length > 0
          ? `Testing ${countOf(Installations.length, 'installation')} with the new values ...`
          : sentenceOf(Installations.length, wasTested)}
      </Text>
      {Installations.length > 0 && (
        <Stack component="ul" gap="sm" mt="sm" className="plain-list">
          {Installations.map((installation) => (
            <Dependent key={installation.Id} installation={installation} />
          ))}
        </Stack>
      )}
    </Paper>
  );
}

function sentenceOf(count: number, wasTested: boolean): string {
  if (count === 0)
    return 'None yet. When an installation takes a value from here, it is listed, and tested on every change.';
  return wasTested
    ? 'They were tested with the new values just now:'
    : 'A change of a value here is tested with each of them at once.';
}

function Dependent({ installation }: { readonly installation: DependentInstallation }) {
  const { Id, Name, AccountId, State, StateReason } = installation;
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
            in {AccountId}
          </Text>
        </div>
        <StateBadge state={State} />
      </Group>
      {StateReason !== null && (
        <Text size="xs" mt={4}>
          {StateReason.Message}. {StateReason.Hint}
        </Text>
      )}
    </li>
  );
}
