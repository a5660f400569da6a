/** Whose credentials come in; their rotation goes out: new ones staged, tested, swapped, the old ones kept for a while. */
import { Group, Select } from '@mantine/core';
import { IconRotate2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectorRelease, Parameter } from '../../api/answers.ts';
import { type RotationStep, type RotationTarget, useRotation, useRotationStep } from '../../api/rotation.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { describeStep, fallbackChoices, titleOfRefusal, USUAL_FALLBACK } from './describe-rotation.ts';
import { HeldFallback, HeldStaged } from './held.tsx';
import { RotateForm } from './rotate-form.tsx';
import { Section } from './section.tsx';

interface RotationPanelProps {
  readonly target: RotationTarget;
  readonly connector: ConnectorRelease;
  /** The credentials' own. */
  readonly parameters: readonly Parameter[];
  /** Who may rotate: `installations:write`. */
  readonly action: string;
  readonly title: string;
  readonly lead: string;
  /** Where several installations use them. */
  readonly nameOf?: (id: string) => string;
}

export function RotationPanel(props: RotationPanelProps) {
  const { target, connector, parameters, action, title, lead, nameOf } = props;
  const rotation = useRotation(target, true);
  const step = useRotationStep(target);
  const announce = useAnnounce();
  const [isOpen, setOpen] = useState(false);
  const [minutes, setMinutes] = useState(USUAL_FALLBACK);
  const [stepsTaken, setStepsTaken] = useState(0);
  const labelOf = (name: string) =>
    parameters.find(({ TargetName }) => TargetName === name)?.DisplayName ?? name;
  const take = async (given: RotationStep): Promise<boolean> => {
    try {
      announce(describeStep(given.step, await step.mutateAsync(given)));
      setOpen(false);
      setStepsTaken((count) => count + 1);
      return true;
    } catch {
      return false;
    }
  };
  const { Staged: staged = null, Fallback: fallback = null } = rotation.data ?? {};
  const wait = (
    <Select
      label="Keep the old ones as a fallback for"
      description="Calls that the vendor refuses with the new ones are repeated with them."
      data={fallbackChoices.map(({ minutes: value, label }) => ({ value: String(value), label }))}
      value={String(minutes)}
      onChange={(value) => setMinutes(Number(value ?? USUAL_FALLBACK))}
      allowDeselect={false}
      maw={420}
    />
  );
  return (
    <Section
      {...{ title, lead }}
      view={`${isOpen} ${stepsTaken}`}
      actions={
        !isOpen &&
        staged === null && (
          <GuardedButton
            action={action}
            variant="default"
            size="compact-sm"
            leftSection={<IconRotate2 size={14} aria-hidden />}
            onClick={() => {
              step.reset();
              setOpen(true);
            }}
          >
            Rotate credentials
          </GuardedButton>
        )
      }
    >
      <ErrorNotice error={rotation.error} onRetry={() => void rotation.refetch()} />
      {isOpen && (
        <div className="section-body">
          <RotateForm
            {...{ connector, parameters, minutes, take, nameOf }}
            isPending={step.isPending}
            error={step.error}
            onClose={() => setOpen(false)}
          >
            {wait}
          </RotateForm>
        </div>
      )}
      {!isOpen && staged && (
        <div className="section-body">
          <HeldStaged {...{ staged, labelOf, nameOf }} />
          {wait}
          <Group gap="sm">
            <GuardedButton
              action={action}
              loading={step.isPending && step.variables.step === 'swap'}
              loaderProps={{ type: 'dots' }}
              onClick={() => void take({ step: 'swap', fallbackMinutes: minutes })}
            >
              Test and swap
            </GuardedButton>
            <GuardedButton
              action={action}
              variant="default"
              loading={step.isPending && step.variables.step === 'test'}
              loaderProps={{ type: 'dots' }}
              onClick={() => void take({ step: 'test' })}
            >
              Only test
            </GuardedButton>
            <GuardedButton
              action={action}
              variant="subtle"
              color="red"
              onClick={() => void take({ step: 'cancel' })}
            >
              Discard them
            </GuardedButton>
          </Group>
        </div>
      )}
      {fallback && (
        <div className="section-body">
          <HeldFallback fallback={fallback} labelOf={labelOf} />
          <Group>
            <GuardedButton
              action={action}
              variant="default"
              size="compact-sm"
              onClick={() => void take({ step: 'purge' })}
            >
              Forget the old ones now
            </GuardedButton>
          </Group>
        </div>
      )}
      {!isOpen && step.error && (
        <div className="section-body">
          <ErrorNotice error={step.error} title={titleOfRefusal(step.error)} />
        </div>
      )}
    </Section>
  );
}
