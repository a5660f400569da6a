/** A service user comes in; a button goes out that opens a small form for another name. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ServiceUser } from '../../api/access-answers.ts';
import { isApiError } from '../../api/api-error.ts';
import { useChangeServiceUser } from '../../api/service-users.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';

export function RenameUser({ user }: { readonly user: ServiceUser }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <GuardedButton action="access:write" variant="default" size="sm" onClick={() => setOpen(true)}>
        Rename
      </GuardedButton>
      {isOpen && <RenameDialog user={user} close={() => setOpen(false)} />}
    </>
  );
}

interface RenameDialogProps {
  readonly user: ServiceUser;
  readonly close: () => void;
}

function RenameDialog({ user, close }: RenameDialogProps) {
  const change = useChangeServiceUser(user.Id);
  const announce = useAnnounce();
  const [text, setText] = useState(user.Name);
  const isBlank = text.trim() === '';
  const isTaken = isApiError(change.error, 'access.name-taken');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBlank) return;
    change.mutate(
      { Name: text.trim() },
      {
        onSuccess: ({ Name }) => {
          announce(`It is called ${Name} now.`);
          close();
        },
      },
    );
  };
  return (
    <Dialog onClose={close} title="Rename">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            error={isTaken ? 'Another service user has this name' : isBlank ? 'Fill this in' : undefined}
            maxLength={200}
            autoComplete="off"
            required
            data-autofocus
          />
          <ErrorNotice error={isTaken ? null : change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} loaderProps={{ type: 'dots' }}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
