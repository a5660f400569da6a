/** The switches of a played vendor come in; a form goes out that changes them: tokens, clock, limits. */
import { Checkbox, Group, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { FaultState } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk } from '../../api/sandboxes.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatCount } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import type { Vendor } from './screen.tsx';
import { draftOf, readSwitches, type SwitchesDraft } from './switches-draft.ts';

interface SwitchesFormProps {
  readonly vendor: Vendor;
  readonly state: FaultState;
}

/** Give it a key that changes with the switches: they may be changed elsewhere. */
export function SwitchesForm({ vendor, state }: SwitchesFormProps) {
  const { tokenLifetimeSeconds: usual, limits: hasLimits } = vendor.rules;
  const save = useAsk(vendor.name);
  const announce = useAnnounce();
  const [draft, setDraft] = useState(() => draftOf(state));
  const [wasTried, setTried] = useState(false);
  const set = (changes: Partial<SwitchesDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const read = readSwitches(draft, state);
  const problems = wasTried ? read.problems : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!read.switches) return;
    save.mutate(
      { Verb: 'PUT', Path: screenPath`faults`, Body: read.switches },
      { onSuccess: () => announce('Saved the switches.') },
    );
  };
  return (
    <Section title="Switches" lead="They hold for every request, until they are changed back.">
      <form className="section-body" onSubmit={submit} noValidate>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          {usual !== undefined && (
            <TextInput
              label="Token lifetime, seconds"
              description="Of tokens that are issued from now on."
              placeholder={`${formatCount(usual)}, as usual`}
              inputMode="numeric"
              value={draft.lifetime}
              onChange={({ currentTarget }) => set({ lifetime: currentTarget.value })}
              error={problems?.lifetime}
              autoComplete="off"
            />
          )}
          <TextInput
            label="Clock skew, seconds"
            description={`How far ${vendor.title}'s clock is ahead; negative: behind.`}
            placeholder="0, as usual"
            value={draft.skew}
            onChange={({ currentTarget }) => set({ skew: currentTarget.value })}
            error={problems?.skew}
            autoComplete="off"
          />
        </SimpleGrid>
        {hasLimits && (
          <Stack gap="xs">
            <Switch
              label="Enforce the vendor's limits"
              description="Calls beyond them are refused with 429. Usually they are not counted here."
              checked={draft.limits}
              onChange={({ currentTarget }) => set({ limits: currentTarget.checked })}
            />
            {draft.limits && (
              <Checkbox
                className="below-switch"
                label="Say in Retry-After when to come again"
                checked={draft.retryAfter}
                onChange={({ currentTarget }) => set({ retryAfter: currentTarget.checked })}
              />
            )}
          </Stack>
        )}
        {vendor.rules.statusInBody && (
          <Switch
            label="Refuse with 200"
            description="The status of a refusal is in its body alone, as some of this vendor's may be."
            checked={draft.quiet}
            onChange={({ currentTarget }) => set({ quiet: currentTarget.checked })}
          />
        )}
        <ErrorNotice error={save.error} />
        <Group>
          <GuardedButton
            action={SANDBOX_ACTION}
            type="submit"
            variant="default"
            loading={save.isPending}
            loaderProps={{ type: 'dots' }}
          >
            Save switches
          </GuardedButton>
        </Group>
      </form>
    </Section>
  );
}
