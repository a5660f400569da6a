/** A played vendor comes in; a dialog goes out that makes a permission policy of an organisation's own. */
import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { screenPath, useAsk } from '../../api/sandboxes.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { emptyPolicy, type PolicyDraft, policyOf, type Reach } from './policy-draft.ts';
import type { Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

const reaches: readonly { readonly value: Reach; readonly label: string }[] = [
  { value: 'all', label: 'Reading and changing' },
  { value: 'reading', label: 'Reading only' },
  { value: 'changing', label: 'Changing only' },
];

interface NewPolicyProps {
  readonly vendor: Vendor;
  readonly close: () => void;
}

export function NewPolicy({ vendor, close }: NewPolicyProps) {
  const create = useAsk(vendor.name);
  const announce = useAnnounce();
  const [draft, setDraft] = useState(emptyPolicy);
  const [wasTried, setTried] = useState(false);
  const isBlank = draft.name.trim() === '';
  const text = (name: keyof PolicyDraft) => ({
    value: draft[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setDraft((before) => ({ ...before, [name]: value })),
    autoComplete: 'off',
    spellCheck: name === 'description',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isBlank) return;
    const policy = policyOf(draft);
    const Body = { ...policy, organisationId: vendor.organisation.id };
    create.mutate(
      { Verb: 'POST', Path: screenPath`policies`, Body },
      {
        onSuccess: () => {
          announce(`Created the ${wordsOf(vendor.rules).policy} ${policy.name}.`);
          close();
        },
      },
    );
  };
  return (
    <Dialog onClose={close} title={`New ${wordsOf(vendor.rules).policy}`}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            {...text('name')}
            label="Name"
            error={wasTried && isBlank ? 'Fill this in' : undefined}
            maxLength={200}
            required
            data-autofocus
          />
          <TextInput {...text('description')} label="Description" />
          <Select
            label="It allows"
            data={[...reaches]}
            value={draft.reach}
            onChange={(value) => setDraft((before) => ({ ...before, reach: (value ?? 'all') as Reach }))}
            allowDeselect={false}
          />
          <Textarea
            {...text('allowed')}
            label="Of these methods"
            description="Their keys, one in each line; * stands for any text. All when left empty."
            placeholder={vendor.rules.methods.slice(0, 2).join('\n')}
            rows={3}
          />
          <Textarea
            {...text('denied')}
            label="But never these"
            description="Denied even if another policy allows them."
            rows={2}
          />
          <ErrorNotice error={create.error} title={`${vendor.title} refuses this`} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} loaderProps={{ type: 'dots' }}>
              Create {wordsOf(vendor.rules).policy}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
