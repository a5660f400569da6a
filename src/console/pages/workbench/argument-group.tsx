/** The rendered fields of an object come in; they go out with the required ones first and the many optional ones folded away. */
import { Button, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import {
  buttonId,
  canExpand,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type RJSFSchema,
} from '@rjsf/utils';
import { IconChevronRight, IconPlus } from '@tabler/icons-react';
import { cloneElement, isValidElement, type ReactNode, useId, useState } from 'react';
import type { FormData } from '../../form/form.tsx';
import { countOf } from '../../parts/format.ts';

type Context = Record<string, unknown>;

/** Fewer optional fields than this are shown at once. */
const LEAST_FOLDED = 6;

export function ArgumentGroup(props: ObjectFieldTemplateProps<FormData, RJSFSchema, Context>) {
  const { title, fieldPathId } = props;
  const isRoot = fieldPathId.path.length === 0;
  // Entries of lists and branches of unions stand in a frame already.
  const isItem = typeof fieldPathId.path.at(-1) === 'number';
  if (isRoot || isItem || title === '') return <Fields {...props} />;
  return <Folding {...props} />;
}

/** What is optional and not given is a line to be opened. */
function Folding(props: ObjectFieldTemplateProps<FormData, RJSFSchema, Context>) {
  const { title, description, required = false, formData, errorSchema } = props;
  const isGiven = formData !== undefined && formData !== null && Object.keys(formData).length > 0;
  return (
    <Fold
      title={title}
      description={description}
      isRequired={required}
      opensItself={required || isGiven || Object.keys(errorSchema ?? {}).length > 0}
    >
      <Fields {...props} />
    </Fold>
  );
}

interface FoldProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly isRequired: boolean;
  /** Open without being asked: there is something in it. */
  readonly opensItself: boolean;
  readonly children: ReactNode;
}

function Fold({ title, description, isRequired, opensItself, children }: FoldProps) {
  const [choice, setChoice] = useState<boolean>();
  const id = useId();
  const isOpen = choice ?? opensItself;
  return (
    <Paper withBorder className="argument-fold" role="group" aria-labelledby={`${id}-title`}>
      <UnstyledButton
        className="argument-fold-title"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setChoice(!isOpen)}
      >
        <IconChevronRight size={16} aria-hidden className="fold-chevron" />
        <span>
          <span id={`${id}-title`} className="argument-name">
            {title}
            {isRequired && (
              <span className="argument-star" aria-hidden>
                {' '}
                *
              </span>
            )}
          </span>
          {description !== undefined && description !== '' && (
            <Text component="span" display="block" size="xs" c="dimmed">
              {description}
            </Text>
          )}
        </span>
      </UnstyledButton>
      <div id={id} hidden={!isOpen} className="argument-fold-content">
        {isOpen && children}
      </div>
    </Paper>
  );
}

function Fields(props: ObjectFieldTemplateProps<FormData, RJSFSchema, Context>) {
  const {
    properties,
    schema,
    uiSchema,
    formData,
    disabled,
    readonly,
    onAddProperty,
    fieldPathId,
    errorSchema,
  } = props;
  const shown = properties.filter(({ hidden }) => !hidden);
  const isRequired = (name: string) => schema.required?.includes(name) === true;
  const required = shown.filter(({ name }) => isRequired(name));
  const optional = shown.filter(({ name }) => !isRequired(name));
  const isUsed = optional.some(({ name }) => isGiven(formData?.[name]) || errorSchema?.[name] !== undefined);
  const [isOpen, setOpen] = useState(isUsed);
  const folds = optional.length >= LEAST_FOLDED && !isUsed && !isOpen;
  return (
    <Stack gap="md" id={fieldPathId.$id}>
      {required.map(({ name, content }) => (
        <div key={name}>{content}</div>
      ))}
      {folds ? (
        <Button
          variant="subtle"
          size="compact-sm"
          className="argument-more"
          leftSection={<IconChevronRight size={14} aria-hidden />}
          aria-expanded={false}
          onClick={() => setOpen(true)}
        >
          Show {countOf(optional.length, 'optional field')}
        </Button>
      ) : (
        optional.map(({ name, content }) => <div key={name}>{content}</div>)
      )}
      {canExpand(schema, uiSchema, formData) && (
        <Group>
          <Button
            id={buttonId(fieldPathId, 'add')}
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={disabled || readonly}
            onClick={onAddProperty}
          >
            Add a field
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const isGiven = (value: unknown) =>
  value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** What may have one of several forms: the choice between them, with a name. */
export function ArgumentUnion({
  selector,
  optionSchemaField,
}: MultiSchemaFieldTemplateProps<FormData, RJSFSchema, Context>) {
  return (
    <Stack gap="md">
      {isValidElement<{ label?: string }>(selector)
        ? cloneElement(selector, { label: selector.props.label || 'Kind', hideLabel: false } as object)
        : selector}
      {optionSchemaField}
    </Stack>
  );
}
