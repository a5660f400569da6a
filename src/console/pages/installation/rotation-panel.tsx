/** An active installation comes in; the rotation of its credentials goes out: new ones staged, tested, swapped, the old ones kept for a while. */
import { Group, Select } from '@mantine/core';
import { IconRotate2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { type RotationStep, useRotation, useRotationStep } from '../../api/rotation.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { describeStep, fallbackChoices, titleOfRefusal, USUAL_FALLBACK } from './describe-rotation.ts';
import { HeldFallback, HeldStaged } from './held.tsx';
import { RotateForm } from './rotate-form.tsx';
import { Section } from './section.tsx';

interface RotationPanelProps {
  readonly place: Place;
  readonly installation: Installation;
  readonly parameters: readonly Parameter[];
}

export function RotationPanel({ place, installation, parameters }: RotationPanelProps) {
  const rotation = useRotation(place, true);
  const step = useRotationStep(place);
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
      title="Credentials"
      view={`${isOpen} ${stepsTaken}`}
      lead="Rotate them without a gap: new ones are tested before they take the place of those in use."
      actions={
        !isOpen &&
        staged === null && (
          <GuardedButton
            action="installations:write"
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
            {...{ installation, parameters, minutes, take }}
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
          <HeldStaged staged={staged} labelOf={labelOf} />
          {wait}
          <Group gap="sm">
            <GuardedButton
              action="installations:write"
              loading={step.isPending && step.variables.step === 'swap'}
              loaderProps={{ type: 'dots' }}
              onClick={() => void take({ step: 'swap', fallbackMinutes: minutes })}
            >
              Test and swap
            </GuardedButton>
            <GuardedButton
              action="installations:write"
              variant="default"
              loading={step.isPending && step.variables.step === 'test'}
              loaderProps={{ type: 'dots' }}
              onClick={() => void take({ step: 'test' })}
            >
              Only test
            </GuardedButton>
            <GuardedButton
              action="installations:write"
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
              action="installations:write"
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
