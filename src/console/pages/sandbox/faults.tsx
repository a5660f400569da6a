/** A played vendor comes in; what is made to go wrong goes out - faults with the times that are left, switches - and the way to more. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconFlame } from '@tabler/icons-react';
import type { FaultState, NamedFault } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk, useFaultState } from '../../api/sandboxes.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { whatIsOn } from '../../shell/what-is-on.ts';
import { Section } from '../installation/section.tsx';
import { describeAim, describeFault } from './fault-draft.ts';
import { FaultForm } from './fault-form.tsx';
import { Head, Screen, type Vendor } from './screen.tsx';
import { SwitchesForm } from './switches-form.tsx';

export const Faults = () => <Screen tab="/faults">{(vendor) => <Loaded vendor={vendor} />}</Screen>;

function Loaded({ vendor }: { readonly vendor: Vendor }) {
  const { data: state, error, isPending, refetch } = useFaultState(vendor.name);
  return (
    <>
      <Head
        title="Faults"
        lead={`What goes wrong with a vendor now and then, on demand: how does your side take it when ${vendor.title} answers late, wrongly, or not at all?`}
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading what="Loading the faults" rows={3} height={96} />}
      {state && (
        <Stack gap="lg">
          <Standing vendor={vendor} state={state} />
          <FaultForm vendor={vendor} />
          <SwitchesForm key={JSON.stringify({ ...state, faults: [] })} vendor={vendor} state={state} />
        </Stack>
      )}
    </>
  );
}

function Standing({ vendor, state }: { readonly vendor: Vendor; readonly state: FaultState }) {
  const change = useAsk(vendor.name);
  const announce = useAnnounce();
  const clear = () =>
    change.mutate(
      { Verb: 'DELETE', Path: screenPath`faults` },
      { onSuccess: () => announce(`${vendor.title} behaves again.`) },
    );
  const remove = ({ id }: NamedFault) =>
    change.mutate(
      { Verb: 'DELETE', Path: screenPath`faults/${id}` },
      { onSuccess: () => announce('Took the fault away.') },
    );
  const isAllWell = whatIsOn(state).length === 0;
  return (
    <Section
      title="Switched on"
      lead={isAllWell ? 'Nothing: every request is answered as the vendor would.' : undefined}
      actions={
        !isAllWell && (
          <GuardedButton
            action={SANDBOX_ACTION}
            variant="default"
            size="sm"
            loading={change.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={clear}
          >
            Clear everything
          </GuardedButton>
        )
      }
    >
      {change.error && (
        <div className="section-body">
          <ErrorNotice error={change.error} />
        </div>
      )}
      {state.faults.length > 0 && (
        <ul className="plain-list endings">
          {state.faults.map((fault) => (
            <FaultLine key={fault.id} fault={fault} remove={() => remove(fault)} />
          ))}
        </ul>
      )}
      {!isAllWell && state.faults.length === 0 && (
        <Text size="sm" className="section-body">
          No fault, but switches are not as usual: see below.
        </Text>
      )}
    </Section>
  );
}

function FaultLine({ fault, remove }: { readonly fault: NamedFault; readonly remove: () => void }) {
  const words = describeFault(fault);
  return (
    <li>
      <IconFlame size={18} stroke={1.6} aria-hidden className="fault-icon" />
      <div className="aside-words">
        <Text size="sm" fw={500}>
          {words}
        </Text>
        <Text size="sm" c="dimmed" className="id-break">
          {describeAim(fault)}
        </Text>
      </div>
      <Group gap="sm">
        <Badge variant="light" color="amber" className="number">
          {fault.times === undefined ? 'Until taken away' : `${countOf(fault.times, 'more time')}`}
        </Badge>
        <GuardedButton
          action={SANDBOX_ACTION}
          variant="default"
          size="compact-sm"
          aria-label={`Take away: ${words}`}
          onClick={remove}
        >
          Take away
        </GuardedButton>
      </Group>
    </li>
  );
}
