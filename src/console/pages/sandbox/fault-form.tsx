/** A played vendor comes in; a form goes out that makes its next requests go wrong: which, how, and how often. */
import { Button, Group, Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { IconFlame } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { SANDBOX_ACTION, screenPath, useAsk } from '../../api/sandboxes.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import {
  type DraftProblems,
  describeAim,
  describeFault,
  emptyFault,
  type FaultDraft,
  type FaultKind,
  faultKinds,
  presets,
  readFault,
} from './fault-draft.ts';
import { MethodSelect } from './method-select.tsx';
import type { Vendor } from './screen.tsx';

export function FaultForm({ vendor }: { readonly vendor: Vendor }) {
  const add = useAsk(vendor.name);
  const announce = useAnnounce();
  const [draft, setDraft] = useState(emptyFault);
  const [problems, setProblems] = useState<DraftProblems>({});
  const set = (changes: Partial<FaultDraft>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setProblems({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readFault(draft);
    setProblems(read.problems ?? {});
    if (!read.fault) return;
    const words = `${describeAim(read.fault)}: ${describeFault(read.fault).toLowerCase()}.`;
    add.mutate(
      { Verb: 'POST', Path: screenPath`faults`, Body: read.fault },
      { onSuccess: () => announce(`Switched on. ${words}`) },
    );
  };
  const part = { vendor, draft, problems, set };
  return (
    <Section title="Switch on a fault" lead="One request meets one fault: the first in the list that fits.">
      <form className="section-body" onSubmit={submit} noValidate>
        <Group gap={6} role="group" aria-label="Fill the form for">
          {presets.map(({ label, draft: changes }) => (
            <Button
              key={label}
              variant="default"
              size="compact-sm"
              onClick={() =>
                set({
                  ...emptyFault,
                  method: draft.method,
                  host: draft.host,
                  pathPrefix: draft.pathPrefix,
                  ...changes,
                })
              }
            >
              {label}
            </Button>
          ))}
        </Group>
        <What {...part} />
        <Which {...part} />
        <ErrorNotice error={add.error} />
        <Group>
          <GuardedButton
            action={SANDBOX_ACTION}
            type="submit"
            leftSection={<IconFlame size={16} aria-hidden />}
            loading={add.isPending}
            loaderProps={{ type: 'dots' }}
          >
            Switch on
          </GuardedButton>
        </Group>
      </form>
    </Section>
  );
}

interface PartProps {
  readonly vendor: Vendor;
  readonly draft: FaultDraft;
  readonly problems: DraftProblems;
  readonly set: (changes: Partial<FaultDraft>) => void;
}

/** Value, error and the rest of a text field. */
const textField = ({ draft, problems, set }: PartProps, name: keyof FaultDraft) => ({
  value: draft[name],
  error: problems[name],
  onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
    set({ [name]: value }),
  autoComplete: 'off',
  spellCheck: false,
});

function What(props: PartProps) {
  const { draft, set } = props;
  const { kind } = draft;
  const text = (name: keyof FaultDraft) => textField(props, name);
  return (
    <>
      <Select
        label="What goes wrong"
        data={[...faultKinds]}
        value={kind}
        onChange={(value) => set({ kind: (value ?? 'status') as FaultKind })}
        allowDeselect={false}
      />
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md">
        {kind === 'status' && (
          <>
            <TextInput {...text('status')} label="Status" inputMode="numeric" required />
            <TextInput {...text('retryAfter')} label="Retry-After, seconds" inputMode="numeric" />
          </>
        )}
        {(kind === 'status' || kind === 'content-type') && (
          <TextInput
            {...text('contentType')}
            label="Content type"
            placeholder="text/html"
            required={kind === 'content-type'}
          />
        )}
        <TextInput {...text('delayMs')} label="Delay, ms" inputMode="numeric" required={kind === 'slow'} />
      </SimpleGrid>
      {kind === 'status' && (
        <Textarea
          {...text('body')}
          label="Body"
          description="JSON, or a text that is sent as it is. The vendor's own error body when left empty."
          classNames={{ input: 'paste-text' }}
          rows={2}
        />
      )}
    </>
  );
}

function Which(props: PartProps) {
  const { vendor, draft, set } = props;
  return (
    <div>
      <Text size="sm" c="dimmed" mb={6}>
        Of the requests that fit all of this:
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }} spacing="md">
        <MethodSelect
          vendor={vendor}
          label="Method"
          value={draft.method}
          onChange={(method) => set({ method })}
        />
        {vendor.rules.hosts.length > 1 && (
          <Select
            label="Host"
            placeholder="All"
            data={[...vendor.rules.hosts]}
            value={draft.host === '' ? null : draft.host}
            onChange={(host) => set({ host: host ?? '' })}
            clearable
            clearButtonProps={{ 'aria-label': 'Host: all' }}
          />
        )}
        <TextInput {...textField(props, 'pathPrefix')} label="Path begins with" placeholder="/" />
        <TextInput
          {...textField(props, 'times')}
          label="How often"
          inputMode="numeric"
          placeholder="Until taken away"
        />
      </SimpleGrid>
    </div>
  );
}
