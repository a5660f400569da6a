/** The credential settings of a connector come in; an empty form for new ones goes out, which a paste can fill. */
import { Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import { givenIn } from '../../parts/installation-settings.ts';
import { PasteBox } from '../../parts/paste-box/paste-box.tsx';
import { SettingsForm } from '../../parts/settings-form/settings-form.tsx';
import type { SettingsData } from '../../parts/settings-form/settings-schema.ts';

interface CredentialsFormProps {
  /** The vendor's name. */
  readonly title: string;
  readonly parameters: readonly Parameter[];
  /** Further settings, of which a paste may hold values too. */
  readonly others: readonly Parameter[];
  readonly submitLabel: string;
  readonly isSaving: boolean;
  readonly error: unknown;
  readonly errorTitle?: string | undefined;
  /** Resolves to whether they were taken; the form is empty then. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<boolean>;
  readonly idPrefix: string;
  readonly actions: ReactNode;
  /** Further choices, between the fields and the buttons. */
  readonly children?: ReactNode;
}

/** What is in use is not shown here: all of the new ones are given. */
const nothing = {};

export function CredentialsForm(props: CredentialsFormProps) {
  const { title, parameters, others, onSubmit, children } = props;
  const [filled, setFilled] = useState<SettingsData>();
  return (
    <Stack gap="lg">
      <PasteBox {...{ title, parameters, others }} onFound={(values) => setFilled({ ...values })} />
      <SettingsForm
        {...{ parameters, filled, stored: nothing, level: 'account', demandsRequired: true }}
        idPrefix={props.idPrefix}
        submitLabel={props.submitLabel}
        isSaving={props.isSaving}
        error={props.error}
        errorTitle={props.errorTitle}
        onSave={(changes) => onSubmit(givenIn(changes))}
        extra={children}
        actions={props.actions}
      />
    </Stack>
  );
}
