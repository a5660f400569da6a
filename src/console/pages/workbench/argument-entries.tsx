/** A list whose entries are groups of fields comes in; it goes out with buttons to add, move and remove them. */
import { ActionIcon, Button, Group, Paper, Stack, Text } from '@mantine/core';
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  buttonId,
  type RJSFSchema,
} from '@rjsf/utils';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { FormData } from '../../form/form.tsx';

type Context = Record<string, unknown>;

/** A list whose entries are groups of fields. */
export function ArgumentEntries(props: ArrayFieldTemplateProps<FormData[], RJSFSchema, Context>) {
  const { title, schema, items, canAdd, onAddClick, disabled, readonly, required, fieldPathId } = props;
  return (
    <Paper
      withBorder
      className="argument-list"
      role="group"
      aria-labelledby={`${fieldPathId.$id}-title`}
      id={fieldPathId.$id}
    >
      <span id={`${fieldPathId.$id}-title`} className="argument-name">
        {title}
        {required && (
          <span className="argument-star" aria-hidden>
            {' '}
            *
          </span>
        )}
      </span>
      {schema.description !== undefined && (
        <Text size="xs" c="dimmed">
          {schema.description}
        </Text>
      )}
      <Stack gap="sm" mt="sm">
        {items}
        {canAdd && (
          <Group>
            <Button
              id={buttonId(fieldPathId, 'add')}
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              disabled={disabled || readonly}
              onClick={onAddClick}
            >
              Add an entry
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** One of them, with its number. */
export function ArgumentEntry(props: ArrayFieldItemTemplateProps<FormData, RJSFSchema, Context>) {
  const { children, index, hasToolbar, buttonsProps } = props;
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem, disabled } =
    buttonsProps;
  const name = `entry ${index + 1}`;
  const action = { variant: 'subtle', color: 'gray', size: 'sm', disabled } as const;
  return (
    <div className="argument-entry">
      <Group justify="space-between" mb={4}>
        <Text size="xs" c="dimmed" className="number">
          {index + 1}
        </Text>
        {hasToolbar && (
          <Group gap={2}>
            {hasMoveUp && (
              <ActionIcon {...action} aria-label={`Move ${name} up`} onClick={onMoveUpItem}>
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
            )}
            {hasMoveDown && (
              <ActionIcon {...action} aria-label={`Move ${name} down`} onClick={onMoveDownItem}>
                <IconArrowDown size={14} aria-hidden />
              </ActionIcon>
            )}
            {hasRemove && (
              <ActionIcon {...action} aria-label={`Remove ${name}`} onClick={onRemoveItem}>
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        )}
      </Group>
      {children}
    </div>
  );
}
