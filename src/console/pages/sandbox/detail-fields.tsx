/** What the vendor's form for service users asks comes in; its fields go out. */
import { Checkbox, Group, Select, TextInput } from '@mantine/core';
import type { DetailRule, Details } from '../../api/sandbox-answers.ts';

interface DetailFieldsProps {
  readonly rules: Readonly<Record<string, DetailRule>>;
  readonly values: Details;
  readonly set: (name: string, value: unknown) => void;
  /** Of a service user that is there already: what is fixed cannot be changed any more. */
  readonly isMade?: boolean;
}

export const DetailFields = ({ rules, values, set, isMade = false }: DetailFieldsProps) =>
  Object.entries(rules).map(([name, rule]) => (
    <DetailField
      key={name}
      rule={rule}
      value={values[name]}
      set={(value) => set(name, value)}
      isLocked={isMade && rule.fixed === true}
    />
  ));

/** What the form begins with. */
export const defaultsOf = (rules: Readonly<Record<string, DetailRule>>): Details =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) =>
      rule.default === undefined ? [] : [[name, rule.default]],
    ),
  );

interface DetailFieldProps {
  readonly rule: DetailRule;
  readonly value: unknown;
  readonly set: (value: unknown) => void;
  readonly isLocked: boolean;
}

const FIXED = 'Can only be chosen when the service user is made.';

function DetailField({ rule, value, set, isLocked }: DetailFieldProps) {
  const { label, type, choices = [], labels = {}, fixed } = rule;
  const common = { label, disabled: isLocked, ...(fixed && { description: FIXED }) };
  const options = choices.map((choice) => ({ value: choice, label: labels[choice] ?? choice }));
  if (type === 'boolean')
    return (
      <Checkbox
        {...common}
        checked={value === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
    );
  if (type === 'list')
    return (
      <Checkbox.Group label={label} value={Array.isArray(value) ? value.map(String) : []} onChange={set}>
        <Group gap="md" mt={6}>
          {options.map((option) => (
            <Checkbox key={option.value} {...option} disabled={isLocked} />
          ))}
        </Group>
      </Checkbox.Group>
    );
  const text = typeof value === 'string' ? value : '';
  if (choices.length > 0)
    return <Select {...common} data={options} value={text} onChange={set} allowDeselect={false} />;
  return (
    <TextInput
      {...common}
      value={text}
      onChange={({ currentTarget }) => set(currentTarget.value)}
      maxLength={200}
      autoComplete="off"
    />
  );
}
