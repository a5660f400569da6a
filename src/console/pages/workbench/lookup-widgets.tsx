/** An id field, or a list of them, comes in; a picker goes out that offers the vendor's values by name and takes any other. */
import { MultiSelect, Select, Text } from '@mantine/core';
import type { RJSFSchema, WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { isApiError } from '../../api/api-error.ts';
import type { Place } from '../../api/installations.ts';
import { type LookupOption, useLookup } from '../../api/methods.ts';
import type { FormData } from '../../form/form.tsx';
import { fieldProps } from './field-props.ts';

export type Props = WidgetProps<FormData, RJSFSchema, Record<string, unknown>>;

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** More than this nobody scrolls through; typing narrows it. */
const MOST_SHOWN = 100;

/** Asked for when the list is first opened: it may take the vendor many pages. */
function useChoices(props: Props) {
  const { place } = props.registry.formContext as unknown as { readonly place: Place };
  const [wasOpened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const lookup = String((props.schema as Record<string, unknown>).lookup ?? '');
  const found = useLookup(place, lookup, wasOpened && lookup !== '');
  return { options: found.data ?? [], search, setSearch, open: () => setOpened(true), note: noteOf(found) };
}

function noteOf({ isFetching, error }: { readonly isFetching: boolean; readonly error: unknown }): string {
  if (isFetching) return 'Asking for the values ...';
  if (isApiError(error)) return `They cannot be listed: ${error.message}. Type the id instead.`;
  return 'Nothing fits. Type a whole id to use it as it is.';
}

/** The known ones, those that are chosen whether known or not, and what is typed. */
function choicesOf(options: readonly LookupOption[], chosen: readonly string[], typed: string): Choice[] {
  const known: Choice[] = options.map(({ Value, Name }) => ({ value: Value, label: labelOf(Name, Value) }));
  const has = (value: string) => known.some((choice) => choice.value === value);
  const strangers = [...new Set(chosen)].filter((value) => value !== '' && !has(value));
  const text = typed.trim();
  const isFree =
    text !== '' &&
    !strangers.includes(text) &&
    !known.some(({ value, label }) => value === text || label === text);
  return [
    ...known,
    ...strangers.map((value) => ({ value, label: value })),
    ...(isFree ? [{ value: text, label: text }] : []),
  ];
}

const labelOf = (name: string, value: string) =>
  name === '' || name === value ? value : `${name} - ${value}`;

const OptionText = ({
  option,
  options,
}: {
  readonly option: Choice;
  readonly options: readonly LookupOption[];
}) => {
  const known = options.find(({ Value }) => Value === option.value);
  return (
    <span className="lookup-option">
      <span>{known ? known.Name || known.Value : `Use "${option.value}" as it is`}</span>
      {known && known.Name !== '' && known.Name !== known.Value && (
        <Text component="span" size="xs" c="dimmed" className="id">
          {known.Value}
        </Text>
      )}
    </span>
  );
};

export function LookupWidget(props: Props) {
  const { options, search, setSearch, open, note } = useChoices(props);
  const value = typeof props.value === 'string' ? props.value : '';
  const data = choicesOf(options, [value], search);
  const label = data.find((choice) => choice.value === value)?.label ?? value;
  return (
    <Select
      {...fieldProps(props)}
      data={data}
      value={value === '' ? null : value}
      onChange={(chosen) => props.onChange(chosen ?? undefined)}
      searchable
      openOnFocus={false}
      clearable
      limit={MOST_SHOWN}
      searchValue={search}
      onSearchChange={setSearch}
      onDropdownOpen={open}
      // What was typed and not chosen from the list counts: ids are often pasted.
      onBlur={() => {
        const text = search.trim();
        if (text !== '' && text !== label) props.onChange(text);
      }}
      nothingFoundMessage={note}
      placeholder="Pick by name, or type an id"
      renderOption={({ option }) => <OptionText option={option} options={options} />}
      spellCheck={false}
    />
  );
}

export function LookupListWidget(props: Props) {
  const { options, search, setSearch, open, note } = useChoices(props);
  const values = Array.isArray(props.value) ? props.value.map(String) : [];
  const add = () => {
    const text = search.trim();
    if (text !== '' && !values.includes(text)) props.onChange([...values, text]);
    setSearch('');
  };
  return (
    <MultiSelect
      {...fieldProps(props)}
      data={choicesOf(options, values, search)}
      value={values}
      onChange={(chosen) => props.onChange(chosen.length === 0 ? undefined : chosen)}
      searchable
      openOnFocus={false}
      clearable
      limit={MOST_SHOWN}
      searchValue={search}
      onSearchChange={setSearch}
      onDropdownOpen={open}
      onBlur={add}
      nothingFoundMessage={note}
      placeholder={values.length === 0 ? 'Pick by name, or type ids' : undefined}
      renderOption={({ option }) => <OptionText option={option} options={options} />}
      spellCheck={false}
    />
  );
}
