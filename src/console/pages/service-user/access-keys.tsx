/** A service user comes in; its access keys go out: made, regenerated, switched on and off, deleted. */
import { Badge, Group, Paper, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { AccessKey, AccessKeyWithSecret, ServiceUser } from '../../api/access-answers.ts';
import { MOST_KEYS, useAccessKeys, useChangeAccessKey } from '../../api/access-keys.ts';
import { Block } from '../../parts/block.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatAgo, formatDate } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { DeactivateKey, DeleteKey, NewKey, RegenerateKey } from './key-dialogs.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const ACTION = 'access:write';

interface AccessKeysProps {
  readonly user: ServiceUser;
  readonly isSelf: boolean;
}

type Asking =
  | { readonly what: 'create' }
  | { readonly what: 'regenerate' | 'deactivate' | 'delete'; readonly key: AccessKey };

export function AccessKeys({ user, isSelf }: AccessKeysProps) {
  const keys = useAccessKeys(user.Id);
  const [asking, setAsking] = useState<Asking>();
  // The only place that has the secret; gone when the dialog closes.
  const [fresh, setFresh] = useState<AccessKeyWithSecret>();
  const close = () => setAsking(undefined);
  const show = (key: AccessKeyWithSecret) => {
    close();
    setFresh(key);
  };
  const isFull = (keys.data?.length ?? 0) >= MOST_KEYS;
  const button = (
    <GuardedButton
      action={ACTION}
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      blocked={
        isFull ? `It has ${MOST_KEYS} keys, which is as many as there can be. Delete one first.` : undefined
      }
      onClick={() => setAsking({ what: 'create' })}
    >
      Create access key
    </GuardedButton>
  );
  return (
    <Block
      title="Access keys"
      lead="A client id and a secret to sign in with; at most two, so that one can replace the other without a pause."
      actions={keys.data && keys.data.length > 0 && button}
    >
      <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} />
      {keys.isPending && <Loading what="Loading the access keys" rows={1} height={92} />}
      {keys.data?.length === 0 && (
        <EmptyState icon={IconKey} title="There is no access key yet" action={button}>
          Create one for the program that shall sign in as {user.Name}.
        </EmptyState>
      )}
      {keys.data && keys.data.length > 0 && (
        <Paper withBorder component="ul" className="rows">
          {keys.data.map((key) => (
            <KeyRow key={key.Id} accessKey={key} ask={(what) => setAsking({ what, key })} />
          ))}
        </Paper>
      )}
      {asking?.what === 'create' && <NewKey user={user} onClose={close} onCreated={show} />}
      {asking?.what === 'regenerate' && (
        <RegenerateKey {...{ accessKey: asking.key, isSelf, onClose: close }} onDone={show} />
      )}
      {asking?.what === 'deactivate' && (
        <DeactivateKey {...{ accessKey: asking.key, isSelf, onClose: close }} />
      )}
      {asking?.what === 'delete' && <DeleteKey {...{ accessKey: asking.key, onClose: close }} />}
      {fresh && <SecretDialog accessKey={fresh} onClose={() => setFresh(undefined)} />}
    </Block>
  );
}

interface KeyRowProps {
  readonly accessKey: AccessKey;
  readonly ask: (what: 'regenerate' | 'deactivate' | 'delete') => void;
}

function KeyRow({ accessKey: key, ask }: KeyRowProps) {
  const { Id, Name, Status, CreatedDate, LastUsedDate } = key;
  const isActive = Status === 'ACTIVE';
  const change = useChangeAccessKey(key.ServiceUserId);
  const announce = useAnnounce();
  const activate = () =>
    change.mutate({ id: Id, Status: 'ACTIVE' }, { onSuccess: () => announce(`${Name} is ACTIVE.`) });
  const used = LastUsedDate === null ? 'Never used' : `Last used ${formatAgo(LastUsedDate, Date.now())}`;
  return (
    <li>
      <div>
        <Group gap="xs">
          <Text fw={500} component="span">
            {Name}
          </Text>
          <Badge variant="light" color={isActive ? 'teal' : 'gray'}>
            {Status}
          </Badge>
        </Group>
        <Text size="sm" component="div">
          <span className="id">{Id}</span> <CopyButton value={Id} label={`Copy the client id of ${Name}`} />
        </Text>
        <Text size="xs" c="dimmed" className="number">
          Created {formatDate(CreatedDate)} - {used}
        </Text>
        <ErrorNotice error={change.error} />
      </div>
      <Group gap="xs">
        <RowButton name={Name} onClick={() => (isActive ? ask('deactivate') : activate())}>
          {isActive ? 'Make inactive' : 'Make active'}
        </RowButton>
        <RowButton name={Name} onClick={() => ask('regenerate')}>
          Regenerate
        </RowButton>
        <RowButton
          name={Name}
          color="red"
          blocked={
            isActive
              ? 'Only an INACTIVE key can be deleted: make it inactive first, and see whether anything misses it.'
              : undefined
          }
          onClick={() => ask('delete')}
        >
          Delete
        </RowButton>
      </Group>
    </li>
  );
}

interface RowButtonProps {
  /** Of the key, for those who do not see the row. */
  readonly name: string;
  readonly color?: string;
  readonly blocked?: string | undefined;
  readonly onClick: () => void;
  readonly children: string;
}

const RowButton = ({ name, color, blocked, onClick, children }: RowButtonProps) => (
  <GuardedButton
    action={ACTION}
    size="compact-sm"
    variant={color === undefined ? 'default' : 'light'}
    {...(color !== undefined && { color })}
    {...{ blocked, onClick }}
    aria-label={`${children}: ${name}`}
  >
    {children}
  </GuardedButton>
);
