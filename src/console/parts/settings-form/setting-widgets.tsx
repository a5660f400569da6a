/** A setting, what is stored of it and what is typed come in; the input for it goes out: text, secret, choice, lines. */
import {
  Autocomplete,
  Button,
  Group,
  Input,
  PasswordInput,
  Select,
  Text,
  Textarea,
  type TextareaProps,
  TextInput,
} from '@mantine/core';
import type { RegistryWidgetsType, RJSFSchema, WidgetProps } from '@rjsf/utils';
import { useEffect, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import type { FormData } from '../../form/form.tsx';
import { formatDate } from '../format.ts';
import { OutsideLink } from '../outside-link.tsx';
import type { LayoutContext } from './settings-layout.tsx';
import { type FormLevel, isOwn, type StoredSetting } from './settings-schema.ts';

type Props = WidgetProps<FormData, RJSFSchema, Record<string, unknown>>;

/** What `buildUi` hands to each widget. */
interface SettingOptions {
  readonly parameter: Parameter;
  readonly stored: StoredSetting | undefined;
  readonly level: FormLevel;
}

const optionsOf = ({ options }: Props) => options as unknown as SettingOptions;
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** What every input shows of a setting: label, explanation with the vendor's page, and what is wrong. */
function commonProps(props: Props) {
  const { id, required, disabled, readonly, rawErrors } = props;
  const { parameter } = optionsOf(props);
  return {
    ...{ id, name: parameter.TargetName, required },
    label: parameter.DisplayName,
    description: <Explanation parameter={parameter} />,
    error: rawErrors && rawErrors.length > 0 ? rawErrors.join('. ') : undefined,
    disabled: disabled || readonly,
    placeholder: placeholderOf(optionsOf(props)),
    inputWrapperOrder: ['label', 'description', 'input', 'error'] as (
      | 'label'
      | 'description'
      | 'input'
      | 'error'
    )[],
  };
}

function Explanation({ parameter }: { readonly parameter: Parameter }) {
  return (
    <>
      {parameter.Description}
      {parameter.Help !== null && (
        <>
          {' '}
          <OutsideLink href={parameter.Help} size="xs">
            Where to find it
          </OutsideLink>
        </>
      )}
    </>
  );
}

/** What counts as long as nothing is given here. */
function placeholderOf({ parameter, stored, level }: SettingOptions): string | undefined {
  if (stored?.isSet && !isOwn(stored, level)) {
    if (stored.source === 'console') return 'Given in the console';
    if (stored.value !== null) return `${nameOf(parameter, stored.value)} (default)`;
  }
  if (parameter.DefaultValue !== null) return `${nameOf(parameter, parameter.DefaultValue)} (default)`;
  return undefined;
}

const nameOf = ({ Choices }: Parameter, value: string) =>
  Choices.find(({ Value }) => Value === value)?.Name ?? value;

function SettingText(props: Props) {
  return (
    <TextInput
      {...commonProps(props)}
      value={textOf(props.value)}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value || undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function SettingLines(props: Props & { readonly rest?: TextareaProps }) {
  return (
    <Textarea
      {...commonProps(props)}
      value={textOf(props.value)}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value || undefined)}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      {...props.rest}
    />
  );
}

/** A closed list, or suggestions beside free entry. */
function SettingChoice(props: Props) {
  const { parameter } = optionsOf(props);
  const data = parameter.Choices.map(({ Value, Name }) => ({ value: Value, label: Name }));
  if (parameter.IsOpen)
    return (
      <Autocomplete
        {...commonProps(props)}
        data={data.map(({ value }) => value)}
        renderOption={({ option }) => (
          <ChoiceOption value={option.value} name={nameOf(parameter, option.value)} />
        )}
        // All of them, whatever is typed: they are few, and a stored value is not a search.
        filter={({ options }) => options}
        value={textOf(props.value)}
        onChange={(value) => props.onChange(value || undefined)}
      />
    );
  return (
    <Select
      {...commonProps(props)}
      data={data}
      value={textOf(props.value) || null}
      onChange={(value) => props.onChange(value ?? undefined)}
      clearable
      checkIconPosition="right"
    />
  );
}

const ChoiceOption = ({ value, name }: { readonly value: string; readonly name: string }) => (
  <Group gap="xs" justify="space-between" w="100%">
    <span>{name}</span>
    {name !== value && (
      <Text size="xs" c="dimmed" component="span" ff="monospace">
        {value}
      </Text>
    )}
  </Group>
);

/** A stored secret is never read: it is kept, replaced or taken away. */
function SettingSecret(props: Props) {
  const { stored, level, parameter } = optionsOf(props);
  const [isReplacing, setReplacing] = useState(false);
  const isStored = isOwn(stored, level);
  // What has been saved is stored again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is another one after each saving
  useEffect(() => setReplacing(false), [stored]);
  if (isStored && !isReplacing && props.value === undefined)
    return <StoredSecret {...props} replace={() => setReplacing(true)} />;
  if (props.value === null) return <RemovedSecret {...props} />;
  return (
    <>
      {parameter.IsMultiline ? (
        // A password's input would take the line breaks out of a private key.
        <SettingLines
          {...props}
          rest={{ autoComplete: 'off', autoFocus: isReplacing, classNames: { input: 'secret-lines' } }}
        />
      ) : (
        <PasswordInput
          {...commonProps(props)}
          value={textOf(props.value)}
          onChange={({ currentTarget }) => props.onChange(currentTarget.value || undefined)}
          onBlur={() => props.onBlur(props.id, props.value)}
          // "off" is ignored by browsers for passwords; this keeps the service user's own out of it.
          autoComplete="new-password"
          autoFocus={isReplacing}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
        />
      )}
      {isStored && (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={4}
          onClick={() => {
            setReplacing(false);
            props.onChange(undefined);
          }}
        >
          Keep the stored one
        </Button>
      )}
    </>
  );
}

function StoredSecret({ replace, ...props }: Props & { readonly replace: () => void }) {
  const { stored, parameter } = optionsOf(props);
  const { mayRemove } = props.registry.formContext as unknown as LayoutContext;
  const { label, description, error, disabled, id } = commonProps(props);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" id={id}>
      <div className="stored-secret">
        <span aria-hidden className="stored-secret-dots">
          ••••••••
        </span>
        <Text size="sm" c="dimmed">
          Stored{stored?.updatedDate ? ` ${formatDate(stored.updatedDate)}` : ''}, never shown
        </Text>
        {!disabled && (
          <Group gap={4} ml="auto" wrap="nowrap">
            <Button
              variant="default"
              size="compact-sm"
              onClick={replace}
              aria-label={`Replace ${parameter.DisplayName}`}
            >
              Replace
            </Button>
            {mayRemove && (
              <Button
                variant="subtle"
                color="red"
                size="compact-sm"
                onClick={() => props.onChange(null)}
                aria-label={`Remove ${parameter.DisplayName}`}
              >
                Remove
              </Button>
            )}
          </Group>
        )}
      </div>
    </Input.Wrapper>
  );
}

function RemovedSecret(props: Props) {
  const { label, description, error } = commonProps(props);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <div className="stored-secret">
        <Text size="sm" c="red">
          Will be removed when you save
        </Text>
        <Button variant="default" size="compact-sm" ml="auto" onClick={() => props.onChange(undefined)}>
          Undo
        </Button>
      </div>
    </Input.Wrapper>
  );
}

export const settingWidgets: RegistryWidgetsType<FormData, RJSFSchema, Record<string, unknown>> = {
  'setting-text': SettingText,
  'setting-lines': SettingLines,
  'setting-choice': SettingChoice,
  'setting-secret': SettingSecret,
};
