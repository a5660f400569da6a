/** A field of a form comes in; its one-line input goes out: text, number, date, whatever type the schema asks for. */
import { TextInput } from '@mantine/core';
import { SchemaExamples } from '@rjsf/core';
import { type BaseInputTemplateProps, examplesId, getInputProps, type RJSFSchema } from '@rjsf/utils';
import { type KeyboardEvent, useState } from 'react';
import type { FormData } from './form-data.ts';
import { type NumberRange, numberOf, stepNumber } from './step-number.ts';

type Props = BaseInputTemplateProps<FormData, RJSFSchema, Record<string, unknown>>;

/** In place of the theme's own, which brings a number formatter as large as several pages. */
export function BaseInput(props: Props) {
  const { id, schema, label, hideLabel, options, readonly, disabled, rawErrors = [] } = props;
  const { type, min, max, step, ...rest } = getInputProps(schema, props.type, options, false);
  const change = props.onChangeOverride
    ? undefined
    : (text: string) => props.onChange(text === '' ? options.emptyValue : text);
  const inputProps = {
    ...{ id, name: props.htmlName || id, required: props.required, disabled: disabled || readonly },
    label: hideLabel ? undefined : label || undefined,
    'aria-label': hideLabel ? label : undefined,
    description: hideLabel ? undefined : options.description || schema.description,
    error: rawErrors.length > 0 ? rawErrors.join('\n') : undefined,
    ...{ placeholder: props.placeholder, autoFocus: props.autofocus },
    list: schema.examples ? examplesId(id) : undefined,
    onBlur: () => props.onBlur(id, props.value),
    onFocus: () => props.onFocus(id, props.value),
    ...rest,
  };
  const value = props.value === undefined || props.value === null ? '' : String(props.value);
  return (
    <>
      {type === 'number' || type === 'integer' ? (
        <NumberText {...{ inputProps, value }} range={{ min, max, step }} change={change ?? props.onChange} />
      ) : (
        <TextInput
          {...{ ...inputProps, type, min, max, step, value }}
          onChange={props.onChangeOverride ?? ((event) => change?.(event.currentTarget.value))}
        />
      )}
      {props.children}
      <SchemaExamples id={id} schema={schema} />
    </>
  );
}

interface NumberTextProps {
  readonly inputProps: object;
  readonly value: string;
  readonly range: NumberRange;
  readonly change: (text: string) => void;
}

/**
 * A browser's number input hands over nothing at all for what it cannot read; here the form gets the text and says what is
 * wrong with it. What is typed stays as typed ("1." and "1,50") as long as it means what the form keeps.
 */
function NumberText({ inputProps, value, range, change }: NumberTextProps) {
  const [typed, setTyped] = useState(value);
  const shown = typed === value || (typed && value && numberOf(typed) === numberOf(value)) ? typed : value;
  const type = (text: string) => {
    setTyped(text);
    change(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const next = stepNumber(shown, event.key === 'ArrowUp' ? 1 : -1, range);
    if (next !== undefined) type(String(next));
  };
  return (
    <TextInput
      {...inputProps}
      inputMode="decimal"
      autoComplete="off"
      value={shown}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}
