/** An installation comes in; a form for new credentials goes out, which count at once and are tested at once. */
import { Button, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useChangeSettings } from '../../api/installations.ts';
import { errorOfReason, titleOfReason } from '../../parts/test-reason.ts';
import { useAnnounce } from '../../shell/announcer.tsx';
import { CredentialsForm } from './credentials-form.tsx';

interface ReauthenticateProps {
  readonly place: Place;
  readonly installation: Installation;
  readonly parameters: readonly Parameter[];
  readonly onDone: () => void;
}

export function Reauthenticate({ place, installation, parameters, onDone }: ReauthenticateProps) {
  const { Connector } = installation;
  const save = useChangeSettings(place);
  const announce = useAnnounce();
  const [after, setAfter] = useState<Installation>();
  const reason = after?.State === 'failing' ? after.StateReason : null;
  const error = useMemo(
    () => save.error ?? (reason && errorOfReason(reason, parameters)),
    [save.error, reason, parameters],
  );
  const submit = async (values: Readonly<Record<string, string>>) => {
    try {
      const result = await save.mutateAsync(values);
      setAfter(result);
      if (result.State !== 'failing') {
        announce(
          result.State === 'active'
            ? 'Authenticated. The connection works.'
            : 'Stored. More is still to be given.',
        );
        onDone();
      }
      return true;
    } catch {
      return false;
    }
  };
  return (
    <CredentialsForm
      {...{ title: Connector.Title, parameters, error }}
      others={Connector.Parameters.filter((parameter) => !parameters.includes(parameter))}
      errorTitle={reason && !save.error ? titleOfReason(reason.Code) : undefined}
      submitLabel="Re-authenticate"
      isSaving={save.isPending}
      onSubmit={submit}
      idPrefix="reauthenticate"
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
  );
}
