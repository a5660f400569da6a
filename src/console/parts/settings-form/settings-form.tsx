/** A connector's parameters and what is stored of them come in; a form goes out that tells its caller what is to change. */
import { Button, Group, Stack } from '@mantine/core';
import type { RJSFValidationError } from '@rjsf/utils';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import { type ApiProblem, isApiError } from '../../api/api-error.ts';
import { Form, type FormData, formValidator } from '../../form/form.tsx';
import { ErrorNotice } from '../error-notice.tsx';
import { settingWidgets } from './setting-widgets.tsx';
import { SettingsLayout } from './settings-layout.tsx';
import {
  buildSchema,
  buildUi,
  changesOf,
  explainFault,
  type FormLevel,
  initialData,
  type SettingsChanges,
  type SettingsData,
  type StoredSettings,
  sortProblems,
} from './settings-schema.ts';

interface SettingsFormProps {
  readonly parameters: readonly Parameter[];
  readonly stored: StoredSettings;
  readonly level: FormLevel;
  /** Whether what is required and missing must be given here; the console may leave it to the accounts. */
  readonly demandsRequired?: boolean;
  /** Values can be seen and not changed; say why beside the form. */
  readonly readOnly?: boolean;
  readonly showsLevels?: boolean;
  /** False where stored secrets can be replaced, but not taken away. */
  readonly mayRemove?: boolean;
  readonly submitLabel?: string;
  readonly isSaving: boolean;
  /** What saving ended with; problems stand at their fields, the rest above the buttons. */
  readonly error: unknown;
  /** In place of the title that the kind of error has. */
  readonly errorTitle?: string | undefined;
  /** What was pasted, by key: another object fills its values in. */
  readonly filled?: SettingsData | undefined;
  /** Begins the ids of the inputs; needed where a page has two of these. */
  readonly idPrefix?: string;
  /** Resolves to whether it was saved; the form then shows what is stored. Not called without changes. */
  readonly onSave: (changes: SettingsChanges) => Promise<boolean>;
  readonly onNothing?: () => void;
  /** Between the fields and the buttons. */
  readonly extra?: ReactNode;
  /** Further buttons beside the one that saves. */
  readonly actions?: ReactNode;
}

const noProblems: readonly ApiProblem[] = [];

export function SettingsForm(props: SettingsFormProps) {
  const {
    parameters,
    stored,
    level,
    demandsRequired = false,
    readOnly = false,
    showsLevels = false,
    mayRemove = true,
    error,
  } = props;
  const request = useMemo(
    () => ({ parameters, stored, level, demandsRequired }),
    [parameters, stored, level, demandsRequired],
  );
  const schema = useMemo(() => buildSchema(request), [request]);
  const ui = useMemo(() => ({ ...buildUi(request), 'ui:ObjectFieldTemplate': SettingsLayout }), [request]);
  const context = useMemo(
    () => ({ parameters, showsLevels, mayRemove, demandsRequired }),
    [parameters, showsLevels, mayRemove, demandsRequired],
  );
  // Undefined as long as nothing was typed: what is stored is shown, also when it changes meanwhile.
  const [edits, setEdits] = useState<SettingsData>();
  const [wasRefused, setRefused] = useState(false);
  const data = useMemo(() => edits ?? initialData(request), [edits, request]);
  const { filled } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed afterwards is not overwritten
  useEffect(() => {
    if (filled) setEdits({ ...data, ...filled });
  }, [filled]);
  const problems = isApiError(error) ? error.problems : noProblems;
  const sorted = useMemo(() => sortProblems(parameters, problems), [parameters, problems]);
  const extraErrors = useMemo(() => errorsOf(sorted.fields), [sorted]);

  const save = async () => {
    setRefused(false);
    const changes = changesOf(request, data);
    if (Object.keys(changes).length === 0) return props.onNothing?.();
    // A secret that was sent stays in no field, whatever became of it.
    setEdits((await props.onSave(changes)) ? undefined : withoutSecrets(parameters, data));
  };
  const explain = (errors: RJSFValidationError[]) =>
    errors.map((one) => {
      const key = (one.params as { readonly path: readonly string[] }).path[0];
      const parameter = parameters.find(({ TargetName }) => TargetName === key);
      return { ...one, message: explainFault(parameter, one.name ?? '', one.message ?? '') };
    });

  return (
    <Form
      {...{ schema, uiSchema: ui, formData: data as FormData, extraErrors, widgets: settingWidgets }}
      validator={formValidator}
      formContext={context}
      transformErrors={explain}
      readonly={readOnly}
      idPrefix={props.idPrefix ?? 'setting'}
      showErrorList={false}
      noHtml5Validate
      focusOnFirstError
      liveValidate={wasRefused ? 'onChange' : undefined}
      onChange={({ formData }) => setEdits(formData as SettingsData)}
      onError={() => setRefused(true)}
      onSubmit={() => void save()}
    >
      <Stack mt="lg" gap="md">
        {props.extra}
        <ErrorNotice error={error} problems={sorted.others} title={props.errorTitle} />
        {!readOnly && (
          <Group>
            <Button type="submit" loading={props.isSaving} loaderProps={{ type: 'dots' }}>
              {props.submitLabel ?? 'Save Changes'}
            </Button>
            {props.actions}
          </Group>
        )}
      </Stack>
    </Form>
  );
}

const withoutSecrets = (parameters: readonly Parameter[], data: SettingsData): SettingsData =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([key]) => !parameters.some(({ TargetName, IsSensitive }) => TargetName === key && IsSensitive),
    ),
  );

/** In the form library's shape. */
const errorsOf = (fields: Readonly<Record<string, string[]>>) =>
  Object.fromEntries(Object.entries(fields).map(([key, messages]) => [key, { __errors: messages }]));
