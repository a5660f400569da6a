/** A played vendor comes in; a dialog goes out that makes a service user, with policies, and at once its key. */
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { PlayedPolicy, PlayedUser, ShownKey } from '../../api/sandbox-answers.ts';
import { screenPath, useAsk, useScreen } from '../../api/sandboxes.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { DetailFields, defaultsOf } from './detail-fields.tsx';
import { KeyPopup } from './key-popup.tsx';
import type { Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

interface NewServiceUserProps {
  readonly vendor: Vendor;
  readonly close: () => void;
}

interface Made {
  readonly user: PlayedUser;
  readonly key: ShownKey;
}

export function NewServiceUser({ vendor, close }: NewServiceUserProps) {
  const { name: sandbox, organisation } = vendor;
  const policies = useScreen<readonly PlayedPolicy[]>(
    sandbox,
    screenPath`policies?organisationId=${organisation.id}`,
  );
  const create = useAsk<PlayedUser & { readonly accessKey?: ShownKey }>(sandbox);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const detailRules = vendor.rules.serviceUsers?.details ?? {};
  const [details, setDetails] = useState(() => defaultsOf(detailRules));
  const words = wordsOf(vendor.rules);
  const [generateKey, setGenerateKey] = useState(true);
  const [wasTried, setTried] = useState(false);
  // The only place that has the secret; gone with the dialog.
  const [made, setMade] = useState<Made>();
  const open = ({ id }: PlayedUser) => void navigate(vendor.to(`/service-users/${encodeURIComponent(id)}`));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return;
    const Body = {
      ...{ name: name.trim(), organisationId: organisation.id, policies: chosen, generateKey },
      ...(Object.keys(detailRules).length > 0 && { details }),
    };
    create.mutate(
      { Verb: 'POST', Path: screenPath`service-users`, Body },
      {
        onSuccess: ({ accessKey, ...user }) => {
          create.reset();
          announce(`Created the service user ${user.name}.`);
          if (accessKey) setMade({ user, key: accessKey });
          else open(user);
        },
      },
    );
  };
  if (made) return <KeyPopup vendor={vendor} shown={made.key} close={() => open(made.user)} />;
  return (
    // The key that is on its way is shown here or nowhere.
    <Dialog onClose={() => create.isPending || close()} title="New service user">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.name}
            description={`In ${organisation.name}.`}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={wasTried && name.trim() === '' ? 'Fill this in' : undefined}
            maxLength={200}
            autoComplete="off"
            required
            data-autofocus
          />
          <DetailFields
            {...{ rules: detailRules, values: details }}
            set={(field, value) => setDetails((before) => ({ ...before, [field]: value }))}
          />
          <ErrorNotice error={policies.error} />
          {policies.data && policies.data.length > 0 && (
            <Checkbox.Group label={words.policies} value={chosen} onChange={setChosen}>
              <Stack gap="xs" mt={6}>
                {policies.data.map((policy) => (
                  <Checkbox
                    key={policy.name}
                    value={policy.name}
                    label={policy.name}
                    description={policy.description}
                    disabled={policy.serviceUsers === false}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {chosen.length === 0 && (
            <Text size="sm" c="dimmed">
              Without a {words.policy} every call of it is refused.
            </Text>
          )}
          <Checkbox
            label={`${words.generate} at once`}
            description="Shown once, right after this."
            checked={generateKey}
            onChange={({ currentTarget }) => setGenerateKey(currentTarget.checked)}
          />
          <ErrorNotice error={create.error} title={`${vendor.title} refuses this`} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
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
