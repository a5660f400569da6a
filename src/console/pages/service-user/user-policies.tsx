/** A service user comes in; its permission policies go out, to be added and taken away. */
import { Badge, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Policy, ServiceUser } from '../../api/access-answers.ts';
import { usePolicies } from '../../api/policies.ts';
import { useChangeServiceUser } from '../../api/service-users.ts';
import { useMay } from '../../api/session.ts';
import { Block } from '../../parts/block.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { describeStatements } from '../../parts/policy-words.ts';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';

const ACTION = 'access:write';

interface UserPoliciesProps {
  readonly user: ServiceUser;
  readonly isSelf: boolean;
}

export function UserPolicies({ user, isSelf }: UserPoliciesProps) {
  const policies = usePolicies();
  const change = useChangeServiceUser(user.Id);
  const announce = useAnnounce();
  const [removing, setRemoving] = useState<Policy>();
  const all = policies.data ?? [];
  const has = user.Policies.map((id) => all.find(({ Id }) => Id === id) ?? unknownPolicy(id));
  const remove = (policy: Policy) =>
    change.mutate(
      { Policies: user.Policies.filter((id) => id !== policy.Id) },
      {
        onSuccess: () => {
          setRemoving(undefined);
          announce(`${user.Name} no longer has ${policy.Name}.`);
        },
      },
    );
  // Taking rights from oneself is the one change that cannot be taken back by oneself.
  const ask = (policy: Policy) => {
    change.reset();
    if (isSelf) setRemoving(policy);
    else remove(policy);
  };
  const add = (policy: Policy) =>
    change.mutate(
      { Policies: [...user.Policies, policy.Id] },
      { onSuccess: () => announce(`${user.Name} has ${policy.Name} now.`) },
    );
  return (
    <Block
      title="Permission policies"
      lead="A change acts at once on every key and token. What one policy denies, no other can allow."
    >
      {has.length === 0 && policies.data && (
        <Paper withBorder p="md">
          <Text size="sm" c="dimmed">
            None: this service user can sign in, but may do nothing. Add one below.
          </Text>
        </Paper>
      )}
      {has.length > 0 && (
        <Paper withBorder component="ul" className="rows">
          {has.map((policy) => (
            <li key={policy.Id}>
              <PolicyWords policy={policy} />
              <GuardedButton
                action={ACTION}
                variant="default"
                size="compact-sm"
                aria-label={`Take away: ${policy.Name}`}
                onClick={() => ask(policy)}
              >
                Take away
              </GuardedButton>
            </li>
          ))}
        </Paper>
      )}
      <ErrorNotice error={policies.error ?? (removing ? null : change.error)} />
      <AddPolicy
        policies={all.filter(({ Id }) => !user.Policies.includes(Id))}
        isPending={change.isPending}
        add={add}
      />
      {removing && (
        <TypedConfirm
          title={`Take ${removing.Name} from yourself?`}
          {...{ word: removing.Name, verb: 'Take away', isPending: change.isPending, error: change.error }}
          onConfirm={() => remove(removing)}
          onClose={() => {
            setRemoving(undefined);
            change.reset();
          }}
        >
          You are signed in as {user.Name}. Without the policy you may not be able to give it back to
          yourself: another administrator would have to.
        </TypedConfirm>
      )}
    </Block>
  );
}

/** Until the policies have come, and for whoever may not see them. */
const unknownPolicy = (id: string): Policy => ({ Id: id, Name: id, Managed: false, Statements: [] });

const PolicyWords = ({ policy: { Id, Name, Managed, Statements } }: { readonly policy: Policy }) => (
  <div>
    <Group gap="xs">
      <Link to={`/access/policies/${encodeURIComponent(Id)}`} className="name-link">
        {Name}
      </Link>
      {Managed && (
        <Badge variant="default" size="sm">
          Managed
        </Badge>
      )}
    </Group>
    <Text size="sm" c="dimmed">
      {describeStatements(Statements)}
    </Text>
  </div>
);

interface AddPolicyProps {
  /** Those that it does not have. */
  readonly policies: readonly Policy[];
  readonly isPending: boolean;
  readonly add: (policy: Policy) => void;
}

function AddPolicy({ policies, isPending, add }: AddPolicyProps) {
  const [id, setId] = useState<string | null>(null);
  const { allowed } = useMay(ACTION);
  const chosen = policies.find(({ Id }) => Id === id);
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="sm">
        <Select
          label="Another policy"
          placeholder={policies.length === 0 ? 'It has all of them' : 'Choose one'}
          data={policies.map(({ Id, Name }) => ({ value: Id, label: Name }))}
          value={chosen?.Id ?? null}
          onChange={setId}
          disabled={!allowed || policies.length === 0}
          w={260}
        />
        <GuardedButton
          action={ACTION}
          variant="default"
          blocked={chosen ? undefined : 'Choose a policy first.'}
          loading={isPending}
          loaderProps={{ type: 'dots' }}
          onClick={() => chosen && add(chosen)}
        >
          Add
        </GuardedButton>
        <Button component={Link} to="/access/policies/new" variant="subtle">
          New policy
        </Button>
      </Group>
      {chosen && (
        <Text size="sm" c="dimmed">
          {describeStatements(chosen.Statements)}
        </Text>
      )}
    </Stack>
  );
}
