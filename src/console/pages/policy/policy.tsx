/** The id of a permission policy comes in, or `new`; what it says and who has it go out, and the form to change it. */
import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconCopy, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { Policy } from '../../api/access-answers.ts';
import { useDeletePolicy, usePolicy } from '../../api/policies.ts';
import { useServiceUsers } from '../../api/service-users.ts';
import { Block } from '../../parts/block.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton, ReadOnlyNotice } from '../../parts/guarded.tsx';
import { JsonView } from '../../parts/json-view.tsx';
import { Loading } from '../../parts/loading.tsx';
import { describeStatements, managedWords } from '../../parts/policy-words.ts';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { PolicyForm } from './policy-form.tsx';

const ACTION = 'access:write';
const LIST = '/access/policies';
const crumbs = [{ label: 'Permission policies', to: LIST }];
const pathTo = (id: string) => `${LIST}/${encodeURIComponent(id)}`;

export function PolicyPage() {
  const { policy: id = '' } = useParams();
  return id === 'new' ? <NewPolicy /> : <OnePolicy id={id} />;
}

/** `?model=` names one to begin with. */
function NewPolicy() {
  const [params] = useSearchParams();
  const modelId = params.get('model') ?? '';
  const model = usePolicy(modelId, modelId !== '');
  const navigate = useNavigate();
  const announce = useAnnounce();
  const created = ({ Id, Name }: Policy) => {
    announce(`Created the policy ${Name}.`);
    void navigate(pathTo(Id));
  };
  const isReady = modelId === '' || model.data !== undefined || model.isError;
  const start = { Name: '', Statements: model.data?.Statements ?? [] };
  return (
    <Page
      title="New policy"
      crumbs={crumbs}
      lead="What a service user may do. Give it the policy when it is made; it can have several."
    >
      <ReadOnlyNotice action={ACTION} />
      <ErrorNotice error={model.error} />
      {isReady ? (
        <PolicyForm start={start} id={undefined} onSaved={created} />
      ) : (
        <Loading what="Loading the policy" rows={2} height={160} />
      )}
    </Page>
  );
}

function OnePolicy({ id }: { readonly id: string }) {
  const policy = usePolicy(id);
  const { data } = policy;
  const announce = useAnnounce();
  return (
    <Page
      title={data?.Name ?? 'Policy'}
      crumbs={crumbs}
      badge={data?.Managed && <Badge variant="default">Managed</Badge>}
      lead={data && describeStatements(data.Statements)}
      actions={data && <Buttons policy={data} />}
    >
      <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      {policy.isPending && <Loading what="Loading the policy" rows={2} height={160} />}
      {data && (
        <Stack gap="xl">
          {data.Managed ? <ManagedPolicy policy={data} /> : <ReadOnlyNotice action={ACTION} />}
          <HadBy policy={data} />
          {!data.Managed && (
            <PolicyForm
              key={data.Id}
              start={data}
              id={data.Id}
              onSaved={({ Name }) => announce(`Saved ${Name}; it acts already.`)}
            />
          )}
        </Stack>
      )}
    </Page>
  );
}

const ManagedPolicy = ({ policy: { Id, Statements } }: { readonly policy: Policy }) => (
  <>
    <Alert
      variant="light"
      color="gray"
      icon={<IconLock aria-hidden />}
      title="It belongs to the program and never changes"
    >
      {managedWords[Id]} To allow something else, begin a policy of your own with a copy of it.
    </Alert>
    <JsonView value={Statements} label="Statements" openLevels={4} />
  </>
);

function HadBy({ policy: { Id } }: { readonly policy: Policy }) {
  const users = useServiceUsers();
  const having = users.data?.filter(({ Policies }) => Policies.includes(Id)) ?? [];
  if (!users.data) return null;
  return (
    <Block title="Who has it">
      {having.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody yet. Add it on the page of a service user.
        </Text>
      ) : (
        <Paper withBorder component="ul" className="rows">
          {having.map((user) => (
            <li key={user.Id}>
              <Link to={`/access/users/${encodeURIComponent(user.Id)}`} className="name-link">
                {user.Name}
              </Link>
            </li>
          ))}
        </Paper>
      )}
    </Block>
  );
}

function Buttons({ policy: { Id, Name, Managed } }: { readonly policy: Policy }) {
  const [isDeleting, setDeleting] = useState(false);
  const remove = useDeletePolicy(Id);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const deleted = () => {
    announce(`Deleted the policy ${Name}.`);
    void navigate(LIST);
  };
  return (
    <Group gap="sm">
      <Button
        component={Link}
        to={`${pathTo('new')}?${new URLSearchParams({ model: Id }).toString()}`}
        variant="default"
        size="sm"
        leftSection={<IconCopy size={16} aria-hidden />}
      >
        Copy into a new one
      </Button>
      {!Managed && (
        <GuardedButton
          action={ACTION}
          variant="light"
          color="red"
          size="sm"
          onClick={() => setDeleting(true)}
        >
          Delete
        </GuardedButton>
      )}
      {isDeleting && (
        <TypedConfirm
          {...{ title: `Delete ${Name}?`, word: Name, verb: 'Delete' }}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: deleted })}
          onClose={() => {
            setDeleting(false);
            remove.reset();
          }}
        >
          It may be a denial that somebody relies upon, so it can be deleted only when no service user has it.
        </TypedConfirm>
      )}
    </Group>
  );
}
