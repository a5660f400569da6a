/** An entry of the audit comes in; a dialog goes out with all of it, and the ways to more like it. */
import { Button, Group, Stack } from '@mantine/core';
import type { AuditEntry } from '../../api/access-answers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatSecond } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';

interface EntryDialogProps {
  readonly entry: AuditEntry;
  readonly who: string;
  readonly onClose: () => void;
  readonly onlyLike: (values: { readonly actor?: string; readonly target?: string }) => void;
}

export function EntryDialog({ entry, who, onClose, onlyLike }: EntryDialogProps) {
  const { Date: at, Actor, Action, Target, AccountId, Detail } = entry;
  const id = (value: string, label: string) => (
    <>
      <span className="id">{value}</span> <CopyButton value={value} label={label} />
    </>
  );
  return (
    <Dialog onClose={onClose} title={Action} size="lg">
      <Stack gap="md">
        <Facts
          facts={[
            { name: 'When', value: <span className="number">{formatSecond(at)}</span> },
            { name: 'Who', value: who },
            { name: 'Actor', value: id(Actor, 'Copy the actor') },
            { name: 'Target', value: id(Target, 'Copy the target') },
            ...(AccountId === null ? [] : [{ name: 'Account', value: id(AccountId, 'Copy the account') }]),
          ]}
        />
        {Object.keys(Detail).length > 0 && <JsonView value={Detail} label="Details" maxHeight={320} />}
        <Group gap="sm">
          <Button variant="default" size="compact-sm" onClick={() => onlyLike({ target: Target })}>
            Only this target
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => onlyLike({ actor: Actor })}>
            Only this actor
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
