/** A service user comes in; a form goes out that renames it and changes what else its vendor asks of one. */
import { Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { PlayedUser } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk } from '../../api/sandboxes.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import { DetailFields } from './detail-fields.tsx';
import type { Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

interface UserDetailsProps {
  readonly vendor: Vendor;
  readonly user: PlayedUser;
}

/** Give it a key that changes with the service user: it may be changed elsewhere. */
export function UserDetails({ vendor, user }: UserDetailsProps) {
  const rules = vendor.rules.serviceUsers?.details ?? {};
  const save = useAsk(vendor.name);
  const announce = useAnnounce();
  const [name, setName] = useState(user.name);
  const [details, setDetails] = useState(user.details ?? {});
  const isBlank = name.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBlank) return;
    const Body = { name: name.trim(), ...(Object.keys(rules).length > 0 && { details }) };
    save.mutate(
      { Verb: 'PUT', Path: screenPath`service-users/${user.id}`, Body },
      { onSuccess: () => announce(`Saved ${name.trim()}.`) },
    );
  };
  return (
    <Section title="Details">
      <form className="section-body" onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={wordsOf(vendor.rules).name}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isBlank ? 'Fill this in' : undefined}
            maxLength={200}
            autoComplete="off"
            required
          />
          <DetailFields
            {...{ rules, values: details, isMade: true }}
            set={(field, value) => setDetails((before) => ({ ...before, [field]: value }))}
          />
          <ErrorNotice error={save.error} title={`${vendor.title} refuses this`} />
          <Group>
            <GuardedButton
              action={SANDBOX_ACTION}
              type="submit"
              variant="default"
              loading={save.isPending}
              loaderProps={{ type: 'dots' }}
            >
              Save details
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
