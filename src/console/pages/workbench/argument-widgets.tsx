/** Fields of a method's arguments come in; the inputs go out that the form library's own ones are not made for. */
import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { getDefaultRegistry } from '@rjsf/core';
import type { FieldProps, RegistryFieldsType, RegistryWidgetsType, RJSFSchema, UiSchema } from '@rjsf/utils';
import { type ComponentType, useEffect, useEffectEvent } from 'react';
import type { FormData } from '../../form/form.tsx';
import { fieldProps } from './field-props.ts';
import { LookupListWidget, LookupWidget, type Props } from './lookup-widgets.tsx';

type Context = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: a field's data is whatever its schema says, and the library has no other word for it
type AnyField = FieldProps<any, RJSFSchema, Context>;

const { StringField, ArrayField, BooleanField } = getDefaultRegistry<FormData, RJSFSchema, Context>()
  .fields as Record<string, ComponentType<AnyField>>;

/** Text, numbers and choices; ids that can be looked up get a picker, and what can only be one thing is that. */
function ArgumentText(props: AnyField) {
  const { schema, uiSchema } = props;
  useOnlyValue(props);
  const types = [schema.type].flat();
  const isMixed = types.includes('string') && types.some((type) => type === 'number' || type === 'integer');
  const widget = lookupOf(schema) === undefined ? (isMixed ? 'mixed' : undefined) : 'lookup';
  // Of examples the library makes a list to choose from, of one entry.
  const { examples: _, const: only, ...rest } = schema;
  const shown = only === undefined ? rest : { ...rest, enum: [only] };
  const ui = withUi(uiSchema, widget, hintOf(schema));
  return StringField ? <StringField {...props} schema={shown} uiSchema={ui} /> : null;
}

/** Says which branch of a union is meant, so that nobody has to. */
function useOnlyValue({ schema, formData, fieldPathId, onChange }: AnyField): void {
  const only: unknown = schema.const;
  const isMissing = only !== undefined && formData === undefined;
  const tell = useEffectEvent(() => onChange(only, fieldPathId.path));
  useEffect(() => {
    if (isMissing) tell();
  }, [isMissing]);
}

/** A box that is not ticked says "no"; what is optional may also not be said. */
function ArgumentYesNo(props: AnyField) {
  return BooleanField ? <BooleanField {...props} uiSchema={withUi(props.uiSchema, 'yes-no')} /> : null;
}

/** Lists of texts and numbers are written in one line, others entry by entry. */
function ArgumentList(props: AnyField) {
  const { schema, uiSchema, registry } = props;
  const items = registry.schemaUtils.retrieveSchema((schema.items ?? {}) as RJSFSchema);
  return ArrayField ? (
    <ArrayField {...props} uiSchema={withUi(uiSchema, listWidgetOf(schema, items))} />
  ) : null;
}

function listWidgetOf(schema: RJSFSchema, items: RJSFSchema): string | undefined {
  if (lookupOf(schema) !== undefined) return 'lookup-list';
  if (items.enum) return 'choices';
  if (items.type === 'string' && items.format === undefined) return 'texts';
  return items.type === 'integer' || items.type === 'number' ? 'numbers' : undefined;
}

const lookupOf = (schema: RJSFSchema): unknown => (schema as Context).lookup;

function withUi(ui: UiSchema | undefined, widget?: string, placeholder?: string): UiSchema {
  return {
    ...(widget !== undefined && { 'ui:widget': widget }),
    ...(placeholder !== undefined && { 'ui:placeholder': placeholder }),
    ...ui,
  } as UiSchema;
}

/** What counts when nothing is given, or how it may look. */
function hintOf({ default: usual, examples, format, enum: choices }: RJSFSchema): string | undefined {
  if (usual !== undefined && typeof usual !== 'object') return `${String(usual)} (default)`;
  if (choices) return 'Not given';
  if (format === 'date' || format === 'date-time') return undefined;
  const [example] = Array.isArray(examples) ? examples : [];
  return typeof example === 'string' || typeof example === 'number' ? `e.g. ${example}` : undefined;
}

function YesNoWidget(props: Props) {
  return (
    <Select
      {...fieldProps(props)}
      data={[
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ]}
      value={typeof props.value === 'boolean' ? String(props.value) : null}
      onChange={(value) => props.onChange(value === null ? undefined : value === 'true')}
      placeholder={
        typeof props.schema.default === 'boolean'
          ? `${props.schema.default ? 'Yes' : 'No'} (default)`
          : 'Not given'
      }
      clearable
    />
  );
}

/** What reads as a number is one. */
function MixedWidget(props: Props) {
  const { value } = props;
  return (
    <TextInput
      {...fieldProps(props)}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={({ currentTarget: { value: text } }) =>
        props.onChange(
          text === ''
            ? undefined
            : /^-?(?:0|[1-9]\d{0,14})(?:\.\d{0,9}[1-9])?$/.test(text)
              ? Number(text)
              : text,
        )
      }
      placeholder={props.placeholder}
    />
  );
}

const textsOf = ({ value }: Props): string[] => (Array.isArray(value) ? value.map(String) : []);
const orNothing = <T,>(list: readonly T[]) => (list.length === 0 ? undefined : list);

function TextsWidget(props: Props) {
  return (
    <TagsInput
      {...fieldProps(props)}
      value={textsOf(props)}
      onChange={(texts) => props.onChange(orNothing(texts))}
      placeholder={textsOf(props).length === 0 ? 'Type one and press Enter' : undefined}
      acceptValueOnBlur
      clearable
    />
  );
}

function NumbersWidget(props: Props) {
  return (
    <TagsInput
      {...fieldProps(props)}
      value={textsOf(props)}
      onChange={(texts) =>
        props.onChange(orNothing(texts.map((text) => (Number.isNaN(Number(text)) ? text : Number(text)))))
      }
      placeholder={textsOf(props).length === 0 ? 'Type a number and press Enter' : undefined}
      acceptValueOnBlur
      clearable
    />
  );
}

function ChoicesWidget(props: Props) {
  const items = props.registry.schemaUtils.retrieveSchema((props.schema.items ?? {}) as RJSFSchema);
  return (
    <MultiSelect
      {...fieldProps(props)}
      data={(items.enum ?? []).map(String)}
      placeholder={textsOf(props).length === 0 ? 'Choose one or more' : undefined}
      value={textsOf(props)}
      onChange={(values) => props.onChange(orNothing(values))}
      searchable
      clearable
    />
  );
}

// biome-ignore lint/suspicious/noExplicitAny: see AnyField
export const argumentFields: RegistryFieldsType<any, RJSFSchema, Context> = {
  StringField: ArgumentText,
  BooleanField: ArgumentYesNo,
  ArrayField: ArgumentList,
};

export const argumentWidgets: RegistryWidgetsType<FormData, RJSFSchema, Context> = {
  lookup: LookupWidget,
  'lookup-list': LookupListWidget,
  'yes-no': YesNoWidget,
  mixed: MixedWidget,
  texts: TextsWidget,
  numbers: NumbersWidget,
  choices: ChoicesWidget,
};
