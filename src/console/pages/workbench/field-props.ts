/** A field of the form comes in; what every input of it shows goes out: label, explanation, what is wrong. Pure. */
import type { RJSFSchema, WidgetProps } from '@rjsf/utils';
import type { FormData } from '../../form/form.tsx';

export function fieldProps(props: WidgetProps<FormData, RJSFSchema, Record<string, unknown>>) {
  const { id, label, hideLabel, required, disabled, readonly, rawErrors, schema, options } = props;
  const explanation = options.description ?? schema.description;
  return {
    ...{ id, name: id, required, disabled: disabled || readonly },
    label: hideLabel ? undefined : label,
    'aria-label': hideLabel ? label : undefined,
    description: hideLabel ? undefined : explanation,
    error: rawErrors && rawErrors.length > 0 ? rawErrors.join('. ') : undefined,
  };
}
