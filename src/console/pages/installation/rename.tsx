/** An installation's name comes in; a button goes out that opens a small form to change it. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Place, useRename } from '../../api/installations.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';

interface RenameProps {
  readonly place: Place;
  readonly name: string;
}

export function Rename({ place, name }: RenameProps) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <GuardedButton action="installations:write" variant="default" size="sm" onClick={() => setOpen(true)}>
        Rename
      </GuardedButton>
      {isOpen && (
        <Dialog onClose={close} title="Rename">
          <RenameForm {...{ place, name, close }} />
        </Dialog>
      )}
    </>
  );
}

function RenameForm({ place, name, close }: RenameProps & { readonly close: () => void }) {
  const rename = useRename(place);
  const announce = useAnnounce();
  const [text, setText] = useState(name);
  const isBlank = text.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBlank) return;
    rename.mutate(text.trim(), {
      onSuccess: ({ Name }) => {
        announce(`It is called ${Name} now.`);
        close();
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={isBlank ? 'Fill this in' : undefined}
          maxLength={200}
          autoComplete="off"
          required
          data-autofocus
        />
        <ErrorNotice error={rename.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending} loaderProps={{ type: 'dots' }}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
