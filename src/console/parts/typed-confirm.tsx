/** What is about to be lost comes in; a dialog goes out that does it only once its name has been typed. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { ErrorNotice } from './error-notice.tsx';

interface TypedConfirmProps {
  readonly title: string;
  /** What will be gone, and for whom. */
  readonly children: ReactNode;
  /** What has to be typed. */
  readonly word: string;
  /** On the button: "Delete". */
  readonly verb: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Render it only while it is open. */
export function TypedConfirm({ title, onClose, ...rest }: TypedConfirmProps) {
  return (
    <Dialog {...{ onClose, title }}>
      <ConfirmForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

function ConfirmForm(props: Omit<TypedConfirmProps, 'title'>) {
  const { children, word, verb, isPending, error, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const [wasTried, setTried] = useState(false);
  const fits = typed.trim() === word.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fits) onConfirm();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">{children}</Text>
        <TextInput
          label={
            <>
              Type <span className="id">{word}</span> to confirm
            </>
          }
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          error={wasTried && !fits ? 'That is not the name' : undefined}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <ErrorNotice error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" color="red.9" loading={isPending} loaderProps={{ type: 'dots' }}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
