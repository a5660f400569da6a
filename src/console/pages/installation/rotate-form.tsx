/** A connector and its credential settings come in; a form for its next credentials goes out: they are tested and swapped, or only staged. */
import { Button, Switch, Text } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { ConnectorRelease, Parameter } from '../../api/answers.ts';
import { ApiError, isApiError } from '../../api/api-error.ts';
import type { RotationStep } from '../../api/rotation.ts';
import { countOf } from '../../parts/format.ts';
import { errorOfReason } from '../../parts/test-reason.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { titleOfRefusal } from './describe-rotation.ts';

interface RotateFormProps {
  readonly connector: ConnectorRelease;
  readonly parameters: readonly Parameter[];
  readonly minutes: number;
  readonly take: (step: RotationStep) => Promise<boolean>;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Of installations, whose ids a refusal speaks of. */
  readonly nameOf?: ((id: string) => string) | undefined;
  readonly onClose: () => void;
  /** For how long the old ones are kept. */
  readonly children: ReactNode;
}

export function RotateForm(props: RotateFormProps) {
  const { connector, parameters, minutes, take, isPending, error, onClose, children, nameOf } = props;
  const [isStaging, setStaging] = useState(false);
  // A refusal of the vendor's stands at its field, as a failed test does.
  const shown = useMemo(() => {
    if (isApiError(error, 'rotation.refused') && nameOf) return withNames(error, nameOf);
    if (!isApiError(error) || error.problems.length > 0 || titleOfRefusal(error) === undefined) return error;
    return errorOfReason({ Code: error.code, Message: error.message, Hint: error.hint }, parameters);
  }, [error, parameters, nameOf]);
  return (
    <CredentialsForm
      {...{ title: connector.Title, parameters }}
      others={connector.Parameters.filter((parameter) => !parameters.includes(parameter))}
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
            {isPending ? `Asking ${connector.Title} ...` : 'If the new ones do not work, nothing changes.'}
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

/** What is refused where several installations use the credentials: each with its name and its reason. */
const withNames = (error: ApiError, nameOf: (id: string) => string): ApiError =>
  new ApiError({
    ...{ code: error.code, category: error.category, status: error.status, requestId: error.requestId },
    message: `The new credentials fail on ${countOf(error.problems.length, 'installation')}. What was in use is still in use.`,
    hint: 'A key at the vendor may need another permission, or be of another organisation.',
    problems: error.problems.map(({ path, message }) => ({
      ...{ path: '', message: `${nameOf(path)}: ${message.replace(/ \[[\w.-]+\]$/, '')}` },
    })),
  });
