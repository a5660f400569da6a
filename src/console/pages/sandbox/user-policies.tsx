/** A service user comes in; its permission policies go out, to be taken away, and the others, to be given. */
import { Group, Select, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlayedPolicy, PlayedUser } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk, useScreen } from '../../api/sandboxes.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import { describeStatement } from './policy-draft.ts';
import type { Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

interface UserPoliciesProps {
  readonly vendor: Vendor;
  readonly user: PlayedUser;
}

export function UserPolicies({ vendor, user }: UserPoliciesProps) {
  const { data: all = [], error } = useScreen<readonly PlayedPolicy[]>(
    vendor.name,
    screenPath`policies?organisationId=${user.organisationId}`,
  );
  const words = wordsOf(vendor.rules);
  const change = useAsk(vendor.name);
  const announce = useAnnounce();
  const [chosen, setChosen] = useState<string | null>(null);
  const others = all.filter(({ name }) => !user.policies.includes(name));
  const give = () => {
    if (chosen === null) return;
    const Body = { policy: chosen };
    change.mutate(
      { Verb: 'POST', Path: screenPath`service-users/${user.id}/policies`, Body },
      {
        onSuccess: () => {
          announce(`${user.name} has ${chosen} now.`);
          setChosen(null);
        },
      },
    );
  };
  const take = (policy: string) =>
    change.mutate(
      { Verb: 'DELETE', Path: screenPath`service-users/${user.id}/policies/${policy}` },
      { onSuccess: () => announce(`Took ${policy} from ${user.name}.`) },
    );
  return (
    <Section title={words.policies} lead="What its calls may do. A change counts at once, for every key.">
      {user.policies.length > 0 && (
        <ul className="plain-list endings">
          {user.policies.map((name) => {
            const policy = all.find((each) => each.name === name);
            return (
              <li key={name}>
                <div className="aside-words">
                  <Text size="sm" fw={500}>
                    {name}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {policy?.description ??
                      policy?.statements.map((each) => describeStatement(each, vendor.rules)).join('. ')}
                  </Text>
                </div>
                <GuardedButton
                  action={SANDBOX_ACTION}
                  variant="default"
                  size="compact-sm"
                  aria-label={`Remove ${name}`}
                  onClick={() => take(name)}
                >
                  Remove
                </GuardedButton>
              </li>
            );
          })}
        </ul>
      )}
      <div className="section-body">
        {user.policies.length === 0 && <Text size="sm">It has none, so every call of it is refused.</Text>}
        <ErrorNotice error={change.error ?? error} title={`${vendor.title} refuses this`} />
        {others.length > 0 ? (
          <Group gap="sm" align="flex-end">
            <Select
              label={`Add a ${words.policy}`}
              placeholder="Choose one"
              data={others.map(({ name, serviceUsers }) => ({
                value: name,
                label: serviceUsers === false ? `${name} (not for service users)` : name,
                disabled: serviceUsers === false,
              }))}
              value={chosen}
              onChange={setChosen}
              className="grow"
            />
            <GuardedButton
              action={SANDBOX_ACTION}
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              loading={change.isPending}
              loaderProps={{ type: 'dots' }}
              onClick={give}
            >
              Add
            </GuardedButton>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            It has every {words.policy} that there is.
          </Text>
        )}
      </div>
    </Section>
  );
}
