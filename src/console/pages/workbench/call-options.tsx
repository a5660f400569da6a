/** What a call may be made with besides its arguments comes in; a section to fold out, for the few who need it, goes out. */
import { ActionIcon, Collapse, Stack, Switch, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconDice } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import type { MethodBrief } from '../../api/methods.ts';
import type { Draft } from './draft.ts';

interface CallOptionsProps {
  readonly method: MethodBrief;
  /** Settings that a single call may give. */
  readonly settings: readonly Parameter[];
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

export function CallOptions({ method, settings, draft, change }: CallOptionsProps) {
  const { merge, strict, idempotencyKey } = draft;
  const id = useId();
  const given = [
    merge,
    strict,
    idempotencyKey !== '',
    Object.values(draft.settings).some((value) => value !== ''),
  ];
  const [isOpen, setOpen] = useState(given.includes(true));
  const hasAny = !method.IsReadOnly || method.TakesMerge || method.TakesStrict || settings.length > 0;
  if (!hasAny) return null;
  return (
    <div>
      <UnstyledButton
        className="fold-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={16} aria-hidden className="fold-chevron" />
        Advanced
        <span className="fold-note">{summaryOf(method, settings)}</span>
      </UnstyledButton>
      <Collapse expanded={isOpen} id={id}>
        <Stack gap="md" pt="md">
          {method.TakesMerge && (
            <Switch
              label="Merge: the body holds only what changes"
              description="The entity is read, what you give is laid over it, and the whole is written on its newest version. null takes a field away."
              checked={merge}
              onChange={({ currentTarget }) => change({ merge: currentTarget.checked })}
            />
          )}
          {method.TakesStrict && (
            <Switch
              label="Strict: look rows up before they are sent"
              description="Refuses all of them when one refers to something that the vendor does not know."
              checked={strict}
              onChange={({ currentTarget }) => change({ strict: currentTarget.checked })}
            />
          )}
          {!method.IsReadOnly && (
            <TextInput
              label="Idempotency-Key"
              description="A second call with the same key and arguments gets the first answer, and nothing is sent again. It is not part of the link."
              value={idempotencyKey}
              onChange={({ currentTarget }) => change({ idempotencyKey: currentTarget.value })}
              maxLength={255}
              spellCheck={false}
              autoComplete="off"
              rightSection={
                <Tooltip label="Make one up">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label="Make a key up"
                    onClick={() => change({ idempotencyKey: randomKey() })}
                  >
                    <IconDice size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              }
            />
          )}
          {settings.map(({ TargetName, DisplayName, Description, IsSensitive }) => (
            <TextInput
              key={TargetName}
              label={`${DisplayName}, for this call`}
              description={Description}
              type={IsSensitive ? 'password' : 'text'}
              autoComplete={IsSensitive ? 'new-password' : 'off'}
              value={draft.settings[TargetName] ?? ''}
              onChange={({ currentTarget }) =>
                change({ settings: { ...draft.settings, [TargetName]: currentTarget.value } })
              }
              placeholder="As it is set"
            />
          ))}
        </Stack>
      </Collapse>
    </div>
  );
}

function summaryOf(method: MethodBrief, settings: readonly Parameter[]): string {
  return [
    method.TakesMerge && 'merge',
    method.TakesStrict && 'strict',
    !method.IsReadOnly && 'idempotency key',
    settings.length > 0 && 'settings',
  ]
    .filter(Boolean)
    .join(', ');
}

/** `crypto.randomUUID` is there in secure contexts only; a harness on another machine is none. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
