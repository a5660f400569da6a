/** The id of a service user comes in; its policies and access keys go out, and the ways to rename and delete it. */
import { Badge, Stack } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { ServiceUser } from '../../api/access-answers.ts';
import { useDeleteServiceUser, useServiceUser } from '../../api/service-users.ts';
import { useSession } from '../../api/session.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatDate } from '../../parts/format.ts';
import { GuardedButton, ReadOnlyNotice } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { AccessKeys } from './access-keys.tsx';
import { RenameUser } from './rename-user.tsx';
import { UserPolicies } from './user-policies.tsx';

const ACTION = 'access:write';
const LIST = '/access/users';

export function ServiceUserPage() {
  const { user: id = '' } = useParams();
  const user = useServiceUser(id);
  const { data: session } = useSession();
  const [isDeleting, setDeleting] = useState(false);
  const isSelf = session?.ServiceUser.Id === id;
  const { data } = user;
  return (
    <Page
      title={data?.Name ?? 'Service user'}
      crumbs={[{ label: 'Service users', to: LIST }]}
      badge={isSelf && <Badge variant="light">You</Badge>}
      lead={data && `Created ${formatDate(data.CreatedDate)}.`}
      actions={
        data && (
          <>
            <RenameUser user={data} />
            <GuardedButton
              action={ACTION}
              variant="light"
              color="red"
              size="sm"
              onClick={() => setDeleting(true)}
            >
              Delete
            </GuardedButton>
          </>
        )
      }
    >
      <ErrorNotice error={user.error} onRetry={() => void user.refetch()} />
      {user.isPending && <Loading what="Loading the service user" rows={3} height={120} />}
      {data && (
        <Stack gap="xl">
          <ReadOnlyNotice action={ACTION} />
          <AccessKeys user={data} isSelf={isSelf} />
          <UserPolicies user={data} isSelf={isSelf} />
        </Stack>
      )}
      {data && isDeleting && <DeleteUser user={data} isSelf={isSelf} close={() => setDeleting(false)} />}
    </Page>
  );
}

interface DeleteUserProps {
  readonly user: ServiceUser;
  readonly isSelf: boolean;
  readonly close: () => void;
}

function DeleteUser({ user: { Id, Name }, isSelf, close }: DeleteUserProps) {
  const remove = useDeleteServiceUser(Id);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        announce(`Deleted the service user ${Name}.`);
        void navigate(LIST);
      },
    });
  return (
    <TypedConfirm
      {...{ title: `Delete ${Name}?`, word: Name, verb: 'Delete', onClose: close, onConfirm: confirm }}
      isPending={remove.isPending}
      error={remove.error}
    >
      {isSelf && (
        <strong>
          You are signed in as this service user: you will be signed out, and cannot come back by it.{' '}
        </strong>
      )}
      Its access keys and tokens go with it: whatever signs in with them is refused from then on. What it did
      stays in the audit.
    </TypedConfirm>
  );
}
