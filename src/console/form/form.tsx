/** A JSON Schema and data come in; a form goes out: the form library in the component library's theme, with our validator. */
import { Text } from '@mantine/core';
import { withTheme } from '@rjsf/core';
import CheckboxesWidget from '@rjsf/mantine/lib/widgets/CheckboxesWidget.js';
import CheckboxWidget from '@rjsf/mantine/lib/widgets/CheckboxWidget.js';
import PasswordWidget from '@rjsf/mantine/lib/widgets/PasswordWidget.js';
import RadioWidget from '@rjsf/mantine/lib/widgets/RadioWidget.js';
import SelectWidget from '@rjsf/mantine/lib/widgets/SelectWidget.js';
import TextareaWidget from '@rjsf/mantine/lib/widgets/TextareaWidget.js';
import type { FieldErrorProps, RJSFSchema } from '@rjsf/utils';
import type { FormData } from './form-data.ts';
import { themeTemplates } from './templates.ts';
import { createValidator } from './validator.ts';

export type { FormData };

/**
 * Use it as the library documents, with `validator={formValidator}`. The widgets that nobody needs here - colours, files,
 * the calendar - stay out of the bundle; dates use the browser's own.
 */
export const Form = withTheme<FormData, RJSFSchema, Record<string, unknown>>({
  templates: { ...themeTemplates, FieldErrorTemplate: FieldErrors },
  widgets: { CheckboxesWidget, CheckboxWidget, PasswordWidget, RadioWidget, SelectWidget, TextareaWidget },
});

export const formValidator = createValidator<FormData>();

/** Inputs show their own errors; lists and groups have no input to show theirs. */
function FieldErrors({
  errors = [],
  schema,
}: FieldErrorProps<FormData, RJSFSchema, Record<string, unknown>>) {
  const isGroup = ['array', 'object'].includes([schema.type].flat()[0] ?? '');
  if (!isGroup || errors.length === 0) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)">
      {errors.map(String).join('. ')}
    </Text>
  );
}
