/** A connector and what the console gives of it come in; an installation goes out that works, or that says at its fields why it does not. */
import { Grid, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useNavigate } from 'react-router';
import type { ConnectorRelease, ConsoleSetup } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { useMay } from '../../api/session.ts';
import { ConnectorAbout } from '../../parts/connector-about.tsx';
import { GuardedButton, ReadOnlyNotice } from '../../parts/guarded.tsx';
import { describeIdentity } from '../../parts/identity.ts';
import {
  accountParameters,
  freeName,
  givenByConsole,
  lackingInConsole,
  storedBefore,
  storedIn,
} from '../../parts/installation-settings.ts';
import { PasteBox } from '../../parts/paste-box/paste-box.tsx';
import { SettingsForm } from '../../parts/settings-form/settings-form.tsx';
import type { SettingsChanges, SettingsData } from '../../parts/settings-form/settings-schema.ts';
import { errorOfReason, titleOfReason } from '../../parts/test-reason.ts';
import { useAnnounce } from '../../shell/announcer.tsx';
import { ConsoleGives } from './console-gives.tsx';
import { AuthChoice, ConsoleLacks, InstalledNotice, pathTo } from './install-parts.tsx';
import { useInstalling } from './use-installing.ts';

const ACTION = 'installations:write';

interface InstallFormProps {
  readonly account: string;
  readonly connector: ConnectorRelease;
  /** Undefined for whoever may not see what the console gives. */
  readonly setup: ConsoleSetup | undefined;
  /** Names of the account's installations. */
  readonly taken: readonly string[];
}

export function InstallForm({ account, connector, setup, taken }: InstallFormProps) {
  const may = useMay(ACTION);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const [name, setName] = useState(() => freeName(connector.Title, taken));
  const [authId, setAuthId] = useState(connector.Authentication[0]?.Id);
  const [wantsOwn, setWantsOwn] = useState(false);
  const [filled, setFilled] = useState<SettingsData>();
  const installing = useInstalling(account, connector.Name);
  const { installation } = installing;

  const all = useMemo(() => accountParameters(connector, authId), [connector, authId]);
  const fromConsole = useMemo(() => givenByConsole(all, setup), [all, setup]);
  const asked = useMemo(
    () => (wantsOwn ? all : all.filter((parameter) => !fromConsole.includes(parameter))),
    [all, fromConsole, wantsOwn],
  );
  const stored = useMemo(
    () => (installation ? storedIn(installation) : storedBefore(fromConsole)),
    [installation, fromConsole],
  );
  const reason = installation?.StateReason ?? undefined;
  const error = useMemo(
    () => installing.error ?? (reason && errorOfReason(reason, asked)),
    [installing.error, reason, asked],
  );
  const lacking = lackingInConsole(connector, setup);

  const leave = (after: Installation) => {
    const who = describeIdentity(after.Identity);
    announce(
      after.State === 'active'
        ? `Installed ${after.Name}. The connection works${who === undefined ? '' : `: ${who}`}.`
        : `Installed ${after.Name}. Its setup is still required.`,
      after.State === 'active' ? 'done' : 'note',
    );
    void navigate(pathTo(after));
  };
  const submit = async (changes: SettingsChanges) => {
    const after = await installing.submit({ name: name.trim(), authId, changes });
    if (after && after.State !== 'failing') leave(after);
    return after !== undefined;
  };
  const skip = async () => {
    const after = await installing.submit({ name: name.trim(), authId, changes: {} });
    if (after) leave(after);
  };
  const wantOwn = () => {
    flushSync(() => setWantsOwn(true));
    // Its button is gone.
    document.getElementsByName(fromConsole[0]?.TargetName ?? '')[0]?.focus();
  };
  const paste = (values: Readonly<Record<string, string>>) => {
    // Whoever pastes credentials wants them, also where the console has some.
    if (fromConsole.some(({ TargetName }) => Object.hasOwn(values, TargetName))) setWantsOwn(true);
    setFilled({ ...values });
  };

  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="md">
          <ReadOnlyNotice action={ACTION} />
          {lacking.length > 0 && (
            <ConsoleLacks connector={connector} labels={lacking.map((one) => one.DisplayName)} />
          )}
          {installation?.State === 'failing' && <InstalledNotice installation={installation} />}
          <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
            <Stack gap="lg">
              {!installation && (
                <TextInput
                  label="Name"
                  description="Tells installations of the same connector apart."
                  value={name}
                  onChange={({ currentTarget }) => setName(currentTarget.value)}
                  error={name.trim() === '' ? 'Fill this in' : undefined}
                  disabled={!may.allowed}
                  maxLength={200}
                  autoComplete="off"
                  required
                />
              )}
              {!installation && connector.Authentication.length > 1 && (
                <AuthChoice {...{ connector, authId, choose: setAuthId, isDisabled: !may.allowed }} />
              )}
              {may.allowed && all.length > 0 && (
                <PasteBox
                  title={connector.Title}
                  parameters={all}
                  others={connector.Parameters.filter((parameter) => !all.includes(parameter))}
                  onFound={paste}
                />
              )}
              {fromConsole.length > 0 && !wantsOwn && (
                <ConsoleGives
                  labels={fromConsole.map(({ DisplayName }) => DisplayName)}
                  onOwn={may.allowed ? wantOwn : undefined}
                />
              )}
              <SettingsForm
                {...{ parameters: asked, stored, level: 'account', readOnly: !may.allowed, filled, error }}
                demandsRequired
                errorTitle={installing.error || !reason ? undefined : titleOfReason(reason.Code)}
                submitLabel={installation ? 'Save and test again' : 'Install and test'}
                isSaving={installing.isPending}
                onSave={submit}
                onNothing={() => void submit({})}
                actions={
                  <Text size="sm" c="dimmed" role="status">
                    {installing.isPending
                      ? `Asking ${connector.Title} ...`
                      : 'The connection is tested before it counts.'}
                  </Text>
                }
              />
            </Stack>
          </Paper>
          {!installation && (
            <Group gap="sm" className="aside-action">
              <GuardedButton action={ACTION} variant="default" onClick={() => void skip()}>
                Install without setup
              </GuardedButton>
              <Text size="sm" c="dimmed" className="aside-words">
                Then give the values later, or let your customer give them by a one-time link.
              </Text>
            </Group>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <ConnectorAbout connector={connector} />
      </Grid.Col>
    </Grid>
  );
}
