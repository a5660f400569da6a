/** A name and policies come in; a new service user goes out. */
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ServiceUser } from '../../api/access-answers.ts';
import { isApiError } from '../../api/api-error.ts';
import { usePolicies } from '../../api/policies.ts';
import { useCreateServiceUser } from '../../api/service-users.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { describeStatements } from '../../parts/policy-words.ts';

interface NewServiceUserProps {
  readonly onClose: () => void;
  readonly onCreated: (user: ServiceUser) => void;
}

export function NewServiceUser({ onClose, onCreated }: NewServiceUserProps) {
  const create = useCreateServiceUser();
  const policies = usePolicies();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [wasTried, setTried] = useState(false);
  const isTaken = isApiError(create.error, 'access.name-taken');
  const missing = wasTried && name.trim() === '' ? 'Fill this in' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return;
    create.mutate({ Name: name.trim(), Policies: chosen }, { onSuccess: onCreated });
  };
  return (
    <Dialog onClose={onClose} title="New service user">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Of the program or the person, as the audit shall name it."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isTaken ? 'Another service user has this name' : missing}
            maxLength={200}
            autoComplete="off"
            required
            data-autofocus
          />
          <Checkbox.Group
            label="Permission policies"
            description="Without one it may do nothing. They can be changed at any time."
            value={chosen}
            onChange={setChosen}
          >
            <Stack gap="xs" mt="xs">
              {policies.data?.map(({ Id, Name, Statements }) => (
                <Checkbox key={Id} value={Id} label={Name} description={describeStatements(Statements)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <ErrorNotice error={isTaken ? policies.error : (create.error ?? policies.error)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} loaderProps={{ type: 'dots' }}>
              Create service user
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
