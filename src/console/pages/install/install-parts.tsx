/** A connector, or an installation that does not work yet, comes in; the choices and notices around the install form go out. */
import { Alert, Anchor, Button, Radio, Stack } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ConnectorRelease } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { listOf } from '../../parts/format.ts';

/** The page of an installation. */
export const pathTo = ({ AccountId, Id }: Installation) =>
  `/accounts/${encodeURIComponent(AccountId)}/installations/${encodeURIComponent(Id)}`;

interface AuthChoiceProps {
  readonly connector: ConnectorRelease;
  readonly authId: string | undefined;
  readonly choose: (id: string) => void;
  readonly isDisabled: boolean;
}

export function AuthChoice({ connector, authId, choose, isDisabled }: AuthChoiceProps) {
  return (
    <Radio.Group label="How to authenticate" value={authId ?? null} onChange={choose}>
      <Stack gap="xs" mt={6}>
        {connector.Authentication.map(({ Id, AuthName, AuthDescription }) => (
          <Radio key={Id} value={Id} label={AuthName} description={AuthDescription} disabled={isDisabled} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function InstalledNotice({ installation }: { readonly installation: Installation }) {
  return (
    <Alert
      variant="light"
      color="amber"
      icon={<IconInfoCircle aria-hidden />}
      title="Installed, but not working yet"
    >
      {installation.Name} is in the account now. Mend the values below and test again, or{' '}
      <Anchor component={Link} to={pathTo(installation)} size="sm" c="inherit">
        leave it for later
      </Anchor>
      .
    </Alert>
  );
}

export function ConsoleLacks({
  connector,
  labels,
}: {
  readonly connector: ConnectorRelease;
  readonly labels: readonly string[];
}) {
  return (
    <Alert
      variant="light"
      color="amber"
      icon={<IconInfoCircle aria-hidden />}
      title="The console has something to give first"
    >
      <Stack gap="xs" align="start">
        <span>
          Only the console can give {listOf(labels)}. Until then no installation of {connector.Title} works.
        </span>
        <Button
          component={Link}
          to={`/connectors/${encodeURIComponent(connector.Name)}/setup`}
          variant="default"
          size="compact-sm"
        >
          Set up {connector.Title}
        </Button>
      </Stack>
    </Alert>
  );
}
