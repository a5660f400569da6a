/** A method's schemas and what is filled in come in; forms for parameters and body go out, the body also as JSON. */
import { Stack } from '@mantine/core';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import type { Place } from '../../api/installations.ts';
import type { MethodSchema } from '../../api/methods.ts';
import { Form, type FormData, formValidator } from '../../form/form.tsx';
import { ArgumentEntries, ArgumentGroup } from './argument-group.tsx';
import { type FieldErrors, hasFields, hidingUi, withTitles } from './argument-schema.ts';
import { argumentFields, argumentWidgets } from './argument-widgets.tsx';
import { BodySection } from './body-section.tsx';
import type { Draft } from './draft.ts';

interface ArgumentsFormProps {
  readonly place: Place;
  readonly schema: MethodSchema;
  readonly sensitivePaths: readonly string[];
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly parameterErrors: FieldErrors;
  readonly bodyErrors: FieldErrors;
}

export function ArgumentsForm(props: ArgumentsFormProps) {
  const { place, schema, sensitivePaths, draft, change, parameterErrors, bodyErrors } = props;
  const parameters = useMemo(() => withTitles(schema.Parameters), [schema]);
  const body = useMemo(() => (schema.Body === null ? undefined : withTitles(schema.Body)), [schema]);
  const bodyUi = useMemo(() => hidingUi(sensitivePaths), [sensitivePaths]);
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

const templates = { ObjectFieldTemplate: ArgumentGroup, ArrayFieldTemplate: ArgumentEntries };

function ArgumentFields({ idPrefix, place, schema, ui, data, errors, onChange }: ArgumentFieldsProps) {
  const context = useMemo(() => ({ place }), [place]);
  return (
    <Form
      tagName="div"
      {...{ schema, idPrefix, templates, extraErrors: errors }}
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
