/** A service user comes in; its access keys go out, to be generated, switched off and on, and deleted as the vendor allows it. */
import { Badge, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlayedKey, PlayedUser, ShownKey } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, type ScreenRequest, screenPath, useAsk } from '../../api/sandboxes.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import { whyNoMore } from './key-forms.ts';
import { KeyPopup } from './key-popup.tsx';
import type { Vendor } from './screen.tsx';
import { formatMoment } from './time.ts';

interface AccessKeysProps {
  readonly vendor: Vendor;
  readonly user: PlayedUser;
}

export function AccessKeys({ vendor, user }: AccessKeysProps) {
  const { accessKeys: rules } = vendor.rules;
  const change = useAsk(vendor.name);
  const generate = useAsk<ShownKey>(vendor.name);
  const announce = useAnnounce();
  // The only place that has the secret; gone with the popup.
  const [shown, setShown] = useState<ShownKey>();
  const full = whyNoMore(user.accessKeys, rules);
  const pathOf = (key: PlayedKey) => screenPath`service-users/${user.id}/access-keys/${key.id}`;
  const show = (Path: string) => {
    change.reset();
    generate.mutate(
      { Verb: 'POST', Path },
      {
        onSuccess: (key) => {
          setShown(key);
          generate.reset();
        },
      },
    );
  };
  const act = (request: ScreenRequest, done: string) => {
    generate.reset();
    change.mutate(request, { onSuccess: () => announce(done) });
  };
  const columns = columnsFor(vendor, {
    regenerate: (key) => show(`${pathOf(key)}/regenerate`),
    setActive: (key, active) =>
      act(
        { Verb: 'PUT', Path: pathOf(key), Body: { active } },
        `${key.id} is ${active ? rules.active : rules.inactive} now.`,
      ),
    remove: (key) => act({ Verb: 'DELETE', Path: pathOf(key) }, `Deleted the access key ${key.id}.`),
  });
  return (
    <Section
      title="Access keys"
      lead={
        full === '' ? 'What it signs in with. The secret of a key is shown once, when it is generated.' : full
      }
      actions={
        full === '' && (
          <GuardedButton
            action={SANDBOX_ACTION}
            size="sm"
            leftSection={<IconKey size={16} aria-hidden />}
            loading={generate.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={() => show(screenPath`service-users/${user.id}/access-keys`)}
          >
            Generate access key
          </GuardedButton>
        )
      }
    >
      {(change.error ?? generate.error) && (
        <div className="section-body">
          <ErrorNotice error={change.error ?? generate.error} title={`${vendor.title} refuses this`} />
        </div>
      )}
      {user.accessKeys.length === 0 ? (
        <div className="section-body">
          <Text size="sm">It has no key yet, so nothing can sign in as it.</Text>
        </div>
      ) : (
        <DataTable caption="Access keys" columns={columns} rows={user.accessKeys} rowKey={({ id }) => id} />
      )}
      {shown && <KeyPopup vendor={vendor} shown={shown} close={() => setShown(undefined)} />}
    </Section>
  );
}

interface KeyActs {
  readonly regenerate: (key: PlayedKey) => void;
  readonly setActive: (key: PlayedKey, active: boolean) => void;
  readonly remove: (key: PlayedKey) => void;
}

function columnsFor({ rules: { accessKeys: rules } }: Vendor, acts: KeyActs): readonly Column<PlayedKey>[] {
  return [
    {
      key: 'id',
      header: 'Access key',
      render: ({ id, createdAt }) => (
        <div>
          <Group gap={4} wrap="nowrap" className="key-id">
            <Text size="sm" component="span" className="id">
              {id}
            </Text>
            <CopyButton value={id} label={`Copy the id ${id}`} />
          </Group>
          <Text size="xs" c="dimmed" className="number">
            Generated {formatMoment(createdAt)}
          </Text>
        </div>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      isTight: true,
      render: ({ status }) => (
        <Badge variant="light" color={status === rules.active ? 'teal' : 'gray'}>
          {status}
        </Badge>
      ),
    },
    {
      key: 'actions',
      header: 'Actions',
      isTight: true,
      hidesHeader: true,
      render: (key) => {
        const isActive = key.status === rules.active;
        return (
          <Group gap={6} justify="flex-end" className="key-actions">
            {rules.regenerate && <Act label="Regenerate" id={key.id} onClick={() => acts.regenerate(key)} />}
            <Act
              label={`Mark ${isActive ? rules.inactive : rules.active}`}
              id={key.id}
              onClick={() => acts.setActive(key, !isActive)}
            />
            <Act label="Delete" id={key.id} color="red" onClick={() => acts.remove(key)} />
          </Group>
        );
      },
    },
  ];
}

interface ActProps {
  readonly label: string;
  readonly id: string;
  readonly color?: string;
  readonly onClick: () => void;
}

const Act = ({ label, id, color = 'gray', onClick }: ActProps) => (
  <GuardedButton
    action={SANDBOX_ACTION}
    variant={color === 'gray' ? 'default' : 'light'}
    color={color}
    size="compact-sm"
    aria-label={`${label} ${id}`}
    onClick={onClick}
  >
    {label}
  </GuardedButton>
);
