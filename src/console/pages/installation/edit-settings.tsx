/** An installation comes in; a form of the values that its account gives goes out, and the installation changes with it. */
import { Button, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useChangeSettings } from '../../api/installations.ts';
import { accountParameters, isCredential, storedIn } from '../../parts/installation-settings.ts';
import { PasteBox } from '../../parts/paste-box/paste-box.tsx';
import { SettingsForm } from '../../parts/settings-form/settings-form.tsx';
import type { SettingsChanges, SettingsData } from '../../parts/settings-form/settings-schema.ts';
import { errorOfReason, titleOfReason } from '../../parts/test-reason.ts';
import { useAnnounce } from '../../shell/announcer.tsx';
import { ConsoleGives } from '../install/console-gives.tsx';

interface EditSettingsProps {
  readonly place: Place;
  readonly installation: Installation;

  readonly onDone: () => void;
}

export function EditSettings({ place, installation, onDone }: EditSettingsProps) {
  const { Connector, AuthenticationId, State, StateReason: reason } = installation;
  const save = useChangeSettings(place);
  const announce = useAnnounce();
  const [wantsOwn, setWantsOwn] = useState(false);
  const [wasSaved, setSaved] = useState(false);
  const [filled, setFilled] = useState<SettingsData>();
  const all = useMemo(() => accountParameters(Connector, AuthenticationId), [Connector, AuthenticationId]);
  const stored = useMemo(() => storedIn(installation), [installation]);
  const fromConsole = useMemo(
    () => all.filter(({ TargetName }) => stored[TargetName]?.source === 'console'),
    [all, stored],
  );
  const asked = useMemo(
    () => (wantsOwn ? all : all.filter((parameter) => !fromConsole.includes(parameter))),
    [all, fromConsole, wantsOwn],
  );
  const failure = wasSaved && State === 'failing' && reason ? reason : undefined;
  const error = useMemo(
    () => save.error ?? (failure && errorOfReason(failure, asked)),
    [save.error, failure, asked],
  );
  const submit = async (changes: SettingsChanges) => {
    try {
      const after = await save.mutateAsync(changes);
      setSaved(true);
      announce(sentenceOf(after), after.State === 'failing' ? 'failed' : 'done');
      if (after.State === 'active') onDone();
      return true;
    } catch {
      return false;
    }
  };
  const wantOwn = () => {
    flushSync(() => setWantsOwn(true));
    // Its button is gone.
    document.getElementsByName(fromConsole[0]?.TargetName ?? '')[0]?.focus();
  };
  const paste = (values: Readonly<Record<string, string>>) => {
    if (fromConsole.some(({ TargetName }) => Object.hasOwn(values, TargetName))) setWantsOwn(true);
    setFilled({ ...values });
  };
  return (
    <Stack gap="lg">
      <PasteBox
        title={Connector.Title}
        parameters={all}
        others={Connector.Parameters.filter((parameter) => !all.includes(parameter))}
        onFound={paste}
      />
      {fromConsole.length > 0 && !wantsOwn && (
        <ConsoleGives labels={fromConsole.map(({ DisplayName }) => DisplayName)} onOwn={wantOwn} />
      )}
      <SettingsForm
        {...{ parameters: asked, stored, level: 'account', filled, error }}
        idPrefix="edit"
        errorTitle={failure && !save.error ? titleOfReason(failure.Code) : undefined}
        submitLabel="Save and test"
        isSaving={save.isPending}
        onSave={submit}
        onNothing={() => announce('Nothing has changed, so there is nothing to save.', 'note')}
        actions={
          <>
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
            <Text size="sm" c="dimmed" role="status">
              {save.isPending && `Asking ${Connector.Title} ...`}
            </Text>
          </>
        }
      />
      {State === 'active' && asked.some(isCredential) && (
        <Text size="sm" c="dimmed">
          Credentials that are replaced here count at once. To keep calls going meanwhile, rotate them
          instead.
        </Text>
      )}
    </Stack>
  );
}

function sentenceOf({ State, Missing }: Installation): string {
  if (State === 'active') return 'Saved. The connection works.';
  if (State === 'failing') return 'Saved, but the connection does not work.';
  return Missing.length > 0 ? 'Saved. More is still to be given.' : 'Saved.';
}
