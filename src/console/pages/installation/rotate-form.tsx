/** An installation comes in; a form for its next credentials goes out: they are tested and swapped, or only staged. */
import { Button, Switch, Text } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import { isApiError } from '../../api/api-error.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { RotationStep } from '../../api/rotation.ts';
import { errorOfReason } from '../../parts/test-reason.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { titleOfRefusal } from './describe-rotation.ts';

interface RotateFormProps {
  readonly installation: Installation;
  readonly parameters: readonly Parameter[];
  readonly minutes: number;
  readonly take: (step: RotationStep) => Promise<boolean>;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onClose: () => void;
  /** For how long the old ones are kept. */
  readonly children: ReactNode;
}

export function RotateForm(props: RotateFormProps) {
  const { installation, parameters, minutes, take, isPending, error, onClose, children } = props;
  const { Connector } = installation;
  const [isStaging, setStaging] = useState(false);
  // A refusal of the vendor's stands at its field, as a failed test does.
  const shown = useMemo(() => {
    if (!isApiError(error) || error.problems.length > 0 || titleOfRefusal(error) === undefined) return error;
    return errorOfReason({ Code: error.code, Message: error.message, Hint: error.hint }, parameters);
  }, [error, parameters]);
  return (
    <CredentialsForm
      {...{ title: Connector.Title, parameters }}
      others={Connector.Parameters.filter((parameter) => !parameters.includes(parameter))}
      error={shown}
      errorTitle={titleOfRefusal(error)}
      submitLabel={isStaging ? 'Stage' : 'Test and swap'}
      isSaving={isPending}
      onSubmit={(values) =>
        take(isStaging ? { step: 'stage', values } : { step: 'rotate', values, fallbackMinutes: minutes })
      }
      idPrefix="rotate"
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {isPending ? `Asking ${Connector.Title} ...` : 'If the new ones do not work, nothing changes.'}
          </Text>
        </>
      }
    >
      <Switch
        label="Only stage them"
        description="They are kept beside those in use, for a day at most, until you swap."
        checked={isStaging}
        onChange={({ currentTarget }) => setStaging(currentTarget.checked)}
      />
      {!isStaging && children}
    </CredentialsForm>
  );
}
