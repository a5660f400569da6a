/** The rules of a played vendor come in; the columns of a table of access keys go out, with what can be done with each. */
import { Badge, Group, Text } from '@mantine/core';
import type { PlayedKey } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION } from '../../api/sandboxes.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import type { Vendor } from './screen.tsx';
import { formatMoment } from './time.ts';
import { wordsOf } from './words.ts';

export interface KeyActs {
  readonly regenerate: (key: PlayedKey) => void;
  readonly setActive: (key: PlayedKey, active: boolean) => void;
  readonly register: (key: PlayedKey) => void;
  readonly remove: (key: PlayedKey) => void;
}

export function keyColumns(vendor: Vendor, acts: KeyActs): readonly Column<PlayedKey>[] {
  const { accessKeys: rules } = vendor.rules;
  const status: Column<PlayedKey> = {
    key: 'status',
    header: 'Status',
    isTight: true,
    render: ({ status: word }) => (
      <Badge variant="light" color={word === rules.active ? 'teal' : 'gray'}>
        {word}
      </Badge>
    ),
  };
  return [
    { key: 'id', header: 'Key', render: (key) => <KeyName shown={key} /> },
    ...(rules.switchable ? [status] : []),
    {
      key: 'actions',
      header: 'Actions',
      isTight: true,
      hidesHeader: true,
      render: (key) => <Acts vendor={vendor} shown={key} acts={acts} />,
    },
  ];
}

const KeyName = ({ shown: { id, name, createdAt, publicKey } }: { readonly shown: PlayedKey }) => (
  <div>
    {name !== undefined && (
      <Text size="sm" fw={500}>
        {name}
      </Text>
    )}
    <Group gap={4} wrap="nowrap" className="key-id">
      <Text size="sm" component="span" className="id">
        {id}
      </Text>
      <CopyButton value={id} label={`Copy the id ${id}`} />
    </Group>
    <Text size="xs" c="dimmed" className="number">
      Generated {formatMoment(createdAt)}
      {publicKey !== undefined && ', with a public key'}
    </Text>
  </div>
);

interface ActsProps {
  readonly vendor: Vendor;
  readonly shown: PlayedKey;
  readonly acts: KeyActs;
}

function Acts({ vendor, shown: key, acts }: ActsProps) {
  const { accessKeys: rules } = vendor.rules;
  const isActive = key.status === rules.active;
  return (
    <Group gap={6} justify="flex-end" className="key-actions">
      {rules.publicKeys && <Act label="Public key" id={key.id} onClick={() => acts.register(key)} />}
      {rules.regenerate && (
        <Act label={wordsOf(vendor.rules).regenerate} id={key.id} onClick={() => acts.regenerate(key)} />
      )}
      {rules.switchable && (
        <Act
          label={`Mark ${isActive ? rules.inactive : rules.active}`}
          id={key.id}
          onClick={() => acts.setActive(key, !isActive)}
        />
      )}
      <Act label="Delete" id={key.id} color="red" onClick={() => acts.remove(key)} />
    </Group>
  );
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
