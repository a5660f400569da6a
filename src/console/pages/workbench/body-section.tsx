/** The body of a call comes in; it goes out as a form or as JSON to be edited, whichever is chosen. */
import { Group, SegmentedControl, Stack, Text, Textarea, Title, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useMemo } from 'react';
import type { JsonSchema } from '../../api/methods.ts';
import { checkBody, type FoundFault } from './check-call.ts';
import { type Draft, parseJson, prune } from './draft.ts';

interface BodySectionProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly schema: JsonSchema;
  readonly isOptional: boolean;
  /** See `checkBody`. */
  readonly batched: string | null;
  /** Undefined where the schema names no fields: then there is only JSON. */
  readonly form: ReactNode;
}

export function BodySection({ draft, change, schema, isOptional, batched, form }: BodySectionProps) {
  const { body, bodyText } = draft;
  const isText = bodyText !== undefined || form === undefined;
  const isBroken = bodyText !== undefined && bodyText.trim() !== '' && parseJson(bodyText) === undefined;
  // A form has nothing to show of a list or a number.
  const canShow =
    !isBroken && (body === undefined || (typeof body === 'object' && body !== null && !Array.isArray(body)));
  const choose = (view: string) => {
    if (view === 'json') change({ bodyText: textOf(body) });
    else if (canShow) change({ bodyText: undefined });
  };
  return (
    <section aria-labelledby="call-body">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h4" id="call-body">
          Body
          {isOptional && (
            <Text component="span" size="sm" c="dimmed" fw={400}>
              {' '}
              (optional)
            </Text>
          )}
        </Title>
        {form !== undefined && (
          <Tooltip label="Only an object in correct JSON can be shown as a form" disabled={canShow}>
            <SegmentedControl
              size="xs"
              aria-label="How to edit the body"
              value={isText ? 'json' : 'form'}
              onChange={choose}
              data={[
                { value: 'form', label: 'Form', disabled: !canShow },
                { value: 'json', label: 'JSON' },
              ]}
            />
          </Tooltip>
        )}
      </Group>
      {isText ? <JsonBody {...{ draft, change, schema, isOptional, batched }} /> : form}
    </section>
  );
}

const textOf = (body: unknown): string => {
  const pruned = prune(body);
  return pruned === undefined ? '{\n  \n}' : JSON.stringify(pruned, null, 2);
};

/** Of the check, which takes its time with big bodies. */
const CHECK_AFTER_MS = 400;
const MOST_FAULTS = 20;

function JsonBody({ draft, change, schema, isOptional, batched }: Omit<BodySectionProps, 'form'>) {
  const text = draft.bodyText ?? textOf(draft.body);
  const [settled] = useDebouncedValue(text, CHECK_AFTER_MS);
  const { merge } = draft;
  const faults = useMemo(
    () => faultsOf(settled, isOptional, (body) => (merge ? [] : checkBody(schema, body, batched))),
    [settled, schema, merge, isOptional, batched],
  );
  return (
    <Stack gap="xs">
      <Textarea
        aria-label="Body as JSON"
        classNames={{ input: 'json-input' }}
        value={text}
        onChange={({ currentTarget: { value } }) => change({ bodyText: value, body: parseJson(value) })}
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        aria-describedby="body-faults"
      />
      <div id="body-faults" role="status" className="body-faults">
        {faults.length === 0 ? (
          <Text size="xs" c="dimmed">
            {draft.merge ? 'Checked when the whole is put together.' : 'Fits the schema.'}
          </Text>
        ) : (
          <ul>
            {faults.slice(0, MOST_FAULTS).map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
            {faults.length > MOST_FAULTS && <li>and {faults.length - MOST_FAULTS} more</li>}
          </ul>
        )}
      </div>
    </Stack>
  );
}

function faultsOf(text: string, isOptional: boolean, check: (body: unknown) => FoundFault[]): string[] {
  if (text.trim() === '') return isOptional ? [] : ['The body must be given'];
  try {
    const body = JSON.parse(text) as unknown;
    return check(body).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  } catch (error) {
    return [`No correct JSON: ${error instanceof Error ? error.message : String(error)}`];
  }
}
