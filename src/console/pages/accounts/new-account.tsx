/** A name, and perhaps an id, come in; a new account goes out. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCreateAccount } from '../../api/accounts.ts';
import { isApiError } from '../../api/api-error.ts';
import type { Account } from '../../api/installation-answers.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';

interface NewAccountProps {
  readonly onClose: () => void;
  readonly onCreated: (account: Account) => void;
}

/** Render it only while it is open. */
export function NewAccount({ onClose, onCreated }: NewAccountProps) {
  return (
    <Dialog onClose={onClose} title="New account">
      <NewAccountForm onClose={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

function NewAccountForm({ onClose, onCreated }: NewAccountProps) {
  const create = useCreateAccount();
  const [name, setName] = useState('');
  const [id, setId] = useState('');
  const [wasTried, setTried] = useState(false);
  const isTaken = isApiError(create.error, 'account.exists');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return;
    const given = id.trim() === '' ? {} : { Id: id.trim() };
    create.mutate({ Name: name.trim(), ...given }, { onSuccess: onCreated });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Of your customer, as your people know it."
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={wasTried && name.trim() === '' ? 'Fill this in' : undefined}
          maxLength={200}
          autoComplete="off"
          required
          data-autofocus
        />
        <TextInput
          label="Id"
          description="Your own id of the customer, for the API. One is made when you leave it empty; it cannot be changed."
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          error={isTaken ? 'Another account has this id' : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <ErrorNotice error={isTaken ? null : create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} loaderProps={{ type: 'dots' }}>
            Create account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
