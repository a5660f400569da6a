/** A policy, or the beginnings of one, comes in; the form of its name and statements goes out, and what was saved. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Policy } from '../../api/access-answers.ts';
import { isApiError } from '../../api/api-error.ts';
import { useSavePolicy } from '../../api/policies.ts';
import { useMay } from '../../api/session.ts';
import { Block } from '../../parts/block.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { StatementCard } from './statement-card.tsx';
import { draftsOf, faultOf, newDraft, type StatementDraft, statementOf } from './statement-draft.ts';

const ACTION = 'access:write';

interface PolicyFormProps {
  readonly start: Pick<Policy, 'Name' | 'Statements'>;
  /** Undefined makes a new one. */
  readonly id: string | undefined;
  readonly onSaved: (policy: Policy) => void;
}

export function PolicyForm({ start, id, onSaved }: PolicyFormProps) {
  const save = useSavePolicy(id);
  const { allowed } = useMay(ACTION);
  const [name, setName] = useState(start.Name);
  const [drafts, setDrafts] = useState<readonly StatementDraft[]>(() =>
    start.Statements.length === 0 ? [newDraft([])] : draftsOf(start.Statements),
  );
  const [wasTried, setTried] = useState(false);
  const isTaken = isApiError(save.error, 'access.name-taken');
  const missing = wasTried && name.trim() === '' ? 'Fill this in' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || drafts.some((draft) => faultOf(draft) !== '')) return;
    save.mutate({ Name: name.trim(), Statements: drafts.map(statementOf) }, { onSuccess: onSaved });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xl">
        <TextInput
          label="Name"
          description="As it is given to service users."
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={isTaken ? 'Another policy has this name' : missing}
          disabled={!allowed}
          maxLength={200}
          maw={420}
          autoComplete="off"
          required
        />
        <Block
          title="Statements"
          lead="Nothing is allowed unless a statement allows it; a denial always wins."
        >
          {drafts.map((draft, index) => (
            <StatementCard
              key={draft.id}
              title={`Statement ${index + 1}`}
              draft={draft}
              fault={wasTried ? faultOf(draft) : ''}
              disabled={!allowed}
              onChange={(changed) => setDrafts(drafts.map((one) => (one.id === changed.id ? changed : one)))}
              onRemove={
                drafts.length > 1 ? () => setDrafts(drafts.filter((one) => one.id !== draft.id)) : undefined
              }
            />
          ))}
          {allowed && (
            <Group>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => setDrafts([...drafts, newDraft(drafts)])}
              >
                Add a statement
              </Button>
            </Group>
          )}
        </Block>
        <ErrorNotice error={isTaken ? null : save.error} />
        <Group>
          <GuardedButton
            action={ACTION}
            type="submit"
            loading={save.isPending}
            loaderProps={{ type: 'dots' }}
          >
            {id === undefined ? 'Create policy' : 'Save changes'}
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}
