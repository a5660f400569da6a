/** A connector's name comes in; its setup in the console goes out: what every account gets from here. */
import { Button, Grid, Paper, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconPlugOff } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { ConnectorRelease, ConsoleSetup } from '../../api/answers.ts';
import { isApiError } from '../../api/api-error.ts';
import { useConnector, useConsoleSetup, useSaveConsoleSetup } from '../../api/connectors.ts';
import { useMay } from '../../api/session.ts';
import { ConnectorAbout } from '../../parts/connector-about.tsx';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { ReadOnlyNotice } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { SettingsForm } from '../../parts/settings-form/settings-form.tsx';
import type { SettingsChanges } from '../../parts/settings-form/settings-schema.ts';
import { ConsoleStateBadge } from '../../parts/state-badge.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { RotationPanel } from '../installation/rotation-panel.tsx';
import { Dependents } from './dependents.tsx';
import { describeRest, describeSaved, rotatableIn, storedOf } from './describe-setup.ts';

const ACTION = 'connectors:setup';
const crumbs = [{ label: 'Application Connector Library', to: '/' }];

export default function Setup() {
  const { name = '' } = useParams();
  const connector = useConnector(name);
  const setup = useConsoleSetup(name);
  const isUnknown = isApiError(connector.error, 'connector.unknown');
  const error = isUnknown ? null : (connector.error ?? setup.error);
  const title = connector.data?.Title ?? name;
  return (
    <Page
      title={isUnknown ? 'Connector not found' : `Set up ${title}`}
      crumbs={crumbs}
      icon={connector.data && <ConnectorIcon connector={connector.data} />}
      badge={setup.data && <ConsoleStateBadge state={setup.data.State} />}
      actions={
        connector.data && (
          <Button
            component={Link}
            to={`/connectors/${encodeURIComponent(name)}/install`}
            variant="default"
            size="sm"
          >
            Install in an account
          </Button>
        )
      }
      lead={
        isUnknown
          ? undefined
          : 'What you give here, every account uses. What you leave empty is asked for when the connector is installed in an account.'
      }
    >
      {isUnknown && <UnknownConnector name={name} />}
      <ErrorNotice error={error} onRetry={() => void Promise.all([connector.refetch(), setup.refetch()])} />
      {!connector.error && !setup.error && (!connector.data || !setup.data) && (
        <Loading what="Loading the settings" rows={4} height={72} />
      )}
      {connector.data && setup.data && <SetupForm connector={connector.data} setup={setup.data} />}
    </Page>
  );
}

interface SetupFormProps {
  readonly connector: ConnectorRelease;
  readonly setup: ConsoleSetup;
}

function SetupForm({ connector, setup }: SetupFormProps) {
  const save = useSaveConsoleSetup(connector.Name);
  const announce = useAnnounce();
  const may = useMay(ACTION);
  // Those that were tested again by the last saving; also the ones that take nothing from here any more.
  const [retested, setRetested] = useState<ConsoleSetup['Retested']>();
  const parameters = useMemo(
    () => connector.Parameters.filter(({ Level }) => Level !== 'account'),
    [connector],
  );
  const stored = useMemo(() => storedOf(setup), [setup]);
  const saveChanges = async (changes: SettingsChanges) => {
    try {
      const after = await save.mutateAsync(changes);
      setRetested(after.Retested);
      announce(describeSaved(Object.keys(changes).length, after));
      return true;
    } catch {
      // The form shows it.
      return false;
    }
  };
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="md">
          <ReadOnlyNotice action={ACTION} />
          <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
            <SettingsForm
              {...{ parameters, stored, level: 'console', readOnly: !may.allowed, showsLevels: true }}
              isSaving={save.isPending}
              error={save.error}
              onSave={saveChanges}
              onNothing={() => announce('Nothing has changed, so there is nothing to save.', 'note')}
              actions={
                <Text size="sm" c="dimmed">
                  {describeRest(connector, setup)}
                </Text>
              }
            />
          </Paper>
          {may.allowed && <Rotation connector={connector} setup={setup} />}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="md">
          <Dependents setup={setup} isTesting={save.isPending} retested={retested} />
          <ConnectorAbout connector={connector} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** Of what the console gives; without an installation there is nothing that new ones could be tested with. */
function Rotation({ connector, setup }: SetupFormProps) {
  const parameters = useMemo(() => rotatableIn(connector, setup), [connector, setup]);
  const nameOf = useCallback(
    (id: string) => {
      const found = setup.Installations.find(({ Id }) => Id === id);
      return found ? `${found.Name} in ${found.AccountName}` : id;
    },
    [setup],
  );
  if (parameters.length === 0 || setup.Installations.length === 0) return null;
  return (
    <RotationPanel
      {...{ target: { connector: connector.Name }, connector, parameters, action: ACTION, nameOf }}
      title="Rotate the credentials"
      lead="Without a gap: new ones are tested on every installation that uses them, and come in only if they work wherever those in use do."
    />
  );
}

const UnknownConnector = ({ name }: { readonly name: string }) => (
  <EmptyState
    icon={IconPlugOff}
    title="There is no such connector"
    action={
      <Button component={Link} to="/" variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />}>
        To the library
      </Button>
    }
  >
    Nothing in the library is called "{name}", or you may not read it.
  </EmptyState>
);
