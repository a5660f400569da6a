/** A question comes in; a dialog goes out that asks for one text - a key's name, a public key - and hands it on. */
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';

interface AskTextProps {
  readonly title: string;
  readonly label: string;
  readonly description?: string;
  /** What is there already. */
  readonly text?: string;
  /** Whether it has several lines. */
  readonly isLong?: boolean;
  /** On the button. */
  readonly verb: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly done: (text: string) => void;
  readonly close: () => void;
}

/** Render it only while it is open. */
export function AskText(props: AskTextProps) {
  const { title, label, description, isLong = false, verb, isPending, error, done, close } = props;
  const [text, setText] = useState(props.text ?? '');
  const [wasTried, setTried] = useState(false);
  const isBlank = text.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isBlank) done(text.trim());
  };
  const field = {
    ...{ label, description, value: text, required: true, autoComplete: 'off', spellCheck: false },
    error: wasTried && isBlank ? 'Fill this in' : undefined,
    'data-autofocus': true,
  };
  return (
    // What is on its way may be a secret, which is shown here or nowhere.
    <Dialog onClose={() => isPending || close()} title={title}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {isLong ? (
            <Textarea
              {...field}
              rows={8}
              maxLength={10_000}
              classNames={{ input: 'id' }}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          ) : (
            <TextInput
              {...field}
              maxLength={200}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
          <ErrorNotice error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} loaderProps={{ type: 'dots' }}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
