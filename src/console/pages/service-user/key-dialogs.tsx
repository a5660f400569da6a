/** An access key comes in; the dialogs that make one, give it another secret, switch it off and delete it go out. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AccessKey, AccessKeyWithSecret, ServiceUser } from '../../api/access-answers.ts';
import {
  useChangeAccessKey,
  useCreateAccessKey,
  useDeleteAccessKey,
  useRegenerateAccessKey,
} from '../../api/access-keys.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';

interface NewKeyProps {
  readonly user: ServiceUser;
  readonly onClose: () => void;
  readonly onCreated: (key: AccessKeyWithSecret) => void;
}

export function NewKey({ user, onClose, onCreated }: NewKeyProps) {
  const create = useCreateAccessKey(user.Id);
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name.trim(), {
      onSuccess: (key) => {
        create.reset();
        onCreated(key);
      },
    });
  };
  return (
    // Not while the secret is on its way: it is shown once.
    <Dialog onClose={() => create.isPending || onClose()} title="Create access key">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="What it is for: the program, the machine. It is called Access key when you leave it empty."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={200}
            autoComplete="off"
            data-autofocus
          />
          <ErrorNotice error={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} loaderProps={{ type: 'dots' }}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface KeyDialogProps {
  readonly accessKey: AccessKey;
  readonly onClose: () => void;
}

interface OwnKeyDialogProps extends KeyDialogProps {
  /** Whether the session may stand on this key. */
  readonly isSelf: boolean;
}

interface RegenerateKeyProps extends OwnKeyDialogProps {
  readonly onDone: (key: AccessKeyWithSecret) => void;
}

export function RegenerateKey({ accessKey, isSelf, onClose, onDone }: RegenerateKeyProps) {
  const { Id, ServiceUserId, Name } = accessKey;
  const regenerate = useRegenerateAccessKey(ServiceUserId);
  const confirm = () =>
    regenerate.mutate(Id, {
      onSuccess: (key) => {
        regenerate.reset();
        onDone(key);
      },
    });
  return (
    <TypedConfirm
      {...{ title: `Regenerate the secret of ${Name}?`, word: Name, verb: 'Regenerate' }}
      onClose={() => regenerate.isPending || onClose()}
      isPending={regenerate.isPending}
      error={regenerate.error}
      onConfirm={confirm}
    >
      The client id stays. The old secret and every token that was issued for it are void at once: whatever
      uses them fails until it has the new one. To change over without a pause, create a second key instead.
      {isSelf && <strong> If you signed in with this key, you will have to sign in again.</strong>}
    </TypedConfirm>
  );
}

export function DeactivateKey({ accessKey, isSelf, onClose }: OwnKeyDialogProps) {
  const { Id, ServiceUserId, Name } = accessKey;
  const change = useChangeAccessKey(ServiceUserId);
  const announce = useAnnounce();
  const confirm = () =>
    change.mutate(
      { id: Id, Status: 'INACTIVE' },
      {
        onSuccess: () => {
          announce(`${Name} is INACTIVE.`);
          onClose();
        },
      },
    );
  return (
    <Dialog onClose={onClose} title={`Make ${Name} inactive?`}>
      <Stack gap="md">
        <div>
          It cannot sign in any more, and its tokens are taken away at once. It can be made active again.
          {isSelf && <strong> If you signed in with this key, you will be signed out.</strong>}
        </div>
        <ErrorNotice error={change.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it active
          </Button>
          <Button color="red.9" loading={change.isPending} loaderProps={{ type: 'dots' }} onClick={confirm}>
            Make inactive
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

export function DeleteKey({ accessKey, onClose }: KeyDialogProps) {
  const { Id, ServiceUserId, Name } = accessKey;
  const remove = useDeleteAccessKey(ServiceUserId);
  const announce = useAnnounce();
  const confirm = () =>
    remove.mutate(Id, {
      onSuccess: () => {
        announce(`Deleted ${Name}.`);
        onClose();
      },
    });
  return (
    <TypedConfirm
      {...{ title: `Delete ${Name}?`, word: Name, verb: 'Delete', onClose, onConfirm: confirm }}
      isPending={remove.isPending}
      error={remove.error}
    >
      This cannot be taken back: its client id is gone with it.
    </TypedConfirm>
  );
}
