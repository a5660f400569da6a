/** An installation comes in; the ways to new credentials go out: rotated without a gap, given anew, or those of the console. */
import { Anchor, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useReauthenticate } from '../../api/installations.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { accountParameters, hasOwnCredentials, isCredential } from '../../parts/installation-settings.ts';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Reauthenticate } from './reauthenticate.tsx';
import { RotationPanel } from './rotation-panel.tsx';
import { Section } from './section.tsx';

interface CredentialsProps {
  readonly place: Place;
  readonly installation: Installation;
}

/** Not before there are any: what is missing is asked for among the settings. */
export function Credentials({ place, installation }: CredentialsProps) {
  const { Connector, AuthenticationId, State } = installation;
  const isOwn = hasOwnCredentials(installation);
  const parameters = accountParameters(Connector, AuthenticationId).filter(isCredential);
  if (parameters.length === 0) return null;
  if (State !== 'de-authenticated' && !isOwn)
    return hasAny(installation) ? <FromConsole installation={installation} /> : null;
  if (State === 'active')
    return (
      <RotationPanel
        {...{ target: place, connector: Connector, parameters }}
        action="installations:write"
        title="Credentials"
        lead="Rotate them without a gap: new ones are tested before they take the place of those in use."
      />
    );
  return <Renew {...{ place, installation, parameters }} />;
}

const hasAny = ({ Properties, Connector }: Installation) =>
  Connector.Parameters.filter(isCredential).some(({ TargetName }) =>
    Properties.some(({ Name, IsSet }) => Name === TargetName && IsSet),
  );

function FromConsole({ installation: { Connector } }: { readonly installation: Installation }) {
  return (
    <Section title="Credentials">
      <Text size="sm" className="section-body">
        They come from the console, which shares them between accounts. Rotate or replace them in the{' '}
        <Anchor component={Link} to={`/connectors/${encodeURIComponent(Connector.Name)}/setup`} size="sm">
          setup of {Connector.Title}
        </Anchor>
        , or give this account its own by "Edit settings".
      </Text>
    </Section>
  );
}

type FormProps = CredentialsProps & { readonly parameters: Installation['Connector']['Parameters'] };

/** One form from the de-authentication over a wrong key to a right one. */
function Renew({ place, installation, parameters }: FormProps) {
  const [isOpen, setOpen] = useState(false);
  const isOut = installation.State === 'de-authenticated';
  return (
    <Section
      title="Credentials"
      view={isOpen ? 'form' : 'rest'}
      lead="Give new ones: they are tested at once, and the id of the installation stays the same."
      actions={
        !isOpen && (
          <GuardedButton
            action="installations:write"
            variant={isOut ? 'filled' : 'default'}
            size="compact-sm"
            onClick={() => setOpen(true)}
          >
            Re-authenticate
          </GuardedButton>
        )
      }
    >
      {isOpen && (
        <div className="section-body">
          <Reauthenticate {...{ place, installation, parameters }} onDone={() => setOpen(false)} />
        </div>
      )}
      {!isOpen && isOut && hasAny(installation) && <UseConsole place={place} />}
    </Section>
  );
}

/** After a de-authentication the credentials of the console count again only when somebody says so. */
function UseConsole({ place }: Pick<CredentialsProps, 'place'>) {
  const back = useReauthenticate(place);
  const announce = useAnnounce();
  const takeThem = () =>
    back.mutate(undefined, {
      onSuccess: ({ State }) => {
        if (State === 'active') announce('Authenticated again, with the credentials of the console.');
        else announce('The credentials of the console do not work here.', 'failed');
      },
    });
  return (
    <div className="section-body">
      <Group gap="sm">
        <GuardedButton
          action="installations:write"
          variant="default"
          size="compact-sm"
          loading={back.isPending}
          loaderProps={{ type: 'dots' }}
          onClick={takeThem}
        >
          Use those of the console
        </GuardedButton>
        <Text size="sm" c="dimmed">
          The console has credentials for all accounts.
        </Text>
      </Group>
      <ErrorNotice error={back.error} />
    </div>
  );
}
