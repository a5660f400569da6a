/** A method's schemas and what is filled in come in; forms for parameters and body go out, the body also as JSON. */
import { Stack } from '@mantine/core';
import { englishStringTranslator, type RJSFSchema, TranslatableString, type UiSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import type { Place } from '../../api/installations.ts';
import type { MethodBrief, MethodSchema } from '../../api/methods.ts';
import { Form, type FormData, formValidator } from '../../form/form.tsx';
import { ArgumentEntries, ArgumentEntry } from './argument-entries.tsx';
import { ArgumentGroup, ArgumentUnion } from './argument-group.tsx';
import { type FieldErrors, hasFields, hidingUi, withTitles } from './argument-schema.ts';
import { argumentFields, argumentWidgets } from './argument-widgets.tsx';
import { BodySection } from './body-section.tsx';
import type { Draft } from './draft.ts';

interface ArgumentsFormProps {
  readonly place: Place;
  readonly schema: MethodSchema;
  readonly method: Pick<MethodBrief, 'SensitivePaths' | 'BatchedList'>;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly parameterErrors: FieldErrors;
  readonly bodyErrors: FieldErrors;
}

export function ArgumentsForm(props: ArgumentsFormProps) {
  const { place, schema, method, draft, change, parameterErrors, bodyErrors } = props;
  const parameters = useMemo(() => withTitles(schema.Parameters), [schema]);
  const body = useMemo(() => (schema.Body === null ? undefined : withTitles(schema.Body)), [schema]);
  const bodyUi = useMemo(() => hidingUi(method.SensitivePaths), [method]);
  return (
    <Stack gap="lg">
      {hasFields(schema.Parameters) && (
        <ArgumentFields
          idPrefix="parameter"
          {...{ place, schema: parameters, errors: parameterErrors }}
          data={draft.parameters}
          onChange={(data) => change({ parameters: data })}
        />
      )}
      {schema.Body !== null && body && (
        <BodySection
          {...{ draft, change }}
          schema={schema.Body}
          batched={method.BatchedList}
          isOptional={schema.IsBodyOptional}
          form={
            hasFields(schema.Body) ? (
              <ArgumentFields
                idPrefix="body"
                {...{ place, schema: body, ui: bodyUi, errors: bodyErrors }}
                data={draft.body}
                onChange={(data) => change({ body: data })}
              />
            ) : undefined
          }
        />
      )}
    </Stack>
  );
}

interface ArgumentFieldsProps {
  readonly idPrefix: string;
  readonly place: Place;
  readonly schema: RJSFSchema;
  readonly ui?: UiSchema;
  readonly data: unknown;
  readonly errors: FieldErrors;
  readonly onChange: (data: FormData) => void;
}

/** Only what is typed is sent: the vendor knows its defaults best. */
const asTyped = {
  emptyObjectFields: 'skipDefaults',
  arrayMinItems: { populate: 'never' },
  constAsDefaults: 'never',
  allOf: 'skipDefaults',
} as const;

/** Of fields whose names the caller makes up. */
function translateString(text: TranslatableString, params?: string[]): string {
  if (text === TranslatableString.KeyLabel) return 'Name';
  return text === TranslatableString.NewStringDefault ? '' : englishStringTranslator(text, params);
}

const templates = {
  ObjectFieldTemplate: ArgumentGroup,
  ArrayFieldTemplate: ArgumentEntries,
  ArrayFieldItemTemplate: ArgumentEntry,
  MultiSchemaFieldTemplate: ArgumentUnion,
};

function ArgumentFields({ idPrefix, place, schema, ui, data, errors, onChange }: ArgumentFieldsProps) {
  const context = useMemo(() => ({ place }), [place]);
  return (
    <Form
      tagName="div"
      {...{ schema, idPrefix, templates, translateString, extraErrors: errors }}
      uiSchema={ui ?? {}}
      formData={(data ?? {}) as FormData}
      validator={formValidator}
      formContext={context}
      fields={argumentFields}
      widgets={argumentWidgets}
      experimental_defaultFormStateBehavior={asTyped}
      // What is wrong is found beside the form, for both of them at once.
      noValidate
      noHtml5Validate
      showErrorList={false}
      onChange={({ formData }) => onChange(formData ?? {})}
    >
      {/* No button of its own. */}
      {[]}
    </Form>
  );
}
