/** An installation comes in; its settings go out, each with where its value comes from, and a form for those of the account. */
import { Badge, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useConsoleSetup } from '../../api/connectors.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { useMay } from '../../api/session.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { type SettingRow, settingRows } from './describe-installation.ts';
import { EditSettings } from './edit-settings.tsx';
import { Section } from './section.tsx';

interface SettingsProps {
  readonly place: Place;
  readonly installation: Installation;
}

export function Settings({ place, installation }: SettingsProps) {
  const may = useMay('installations:write');
  const setup = useConsoleSetup(installation.Connector.Name);
  // What is missing is asked for at once.
  const [isEditing, setEditing] = useState(
    may.allowed && installation.State === 'setup-required' && installation.Missing.length > 0,
  );
  const rows = settingRows(installation, setup.data);
  const button = !isEditing && (
    <GuardedButton
      action="installations:write"
      variant="default"
      size="compact-sm"
      leftSection={<IconPencil size={14} aria-hidden />}
      onClick={() => setEditing(true)}
    >
      Edit settings
    </GuardedButton>
  );
  return (
    <Section title="Settings" actions={button} view={isEditing ? 'form' : 'table'}>
      {isEditing ? (
        <div className="section-body">
          <EditSettings {...{ place, installation }} onDone={() => setEditing(false)} />
        </div>
      ) : (
        <DataTable caption="Settings" columns={columns} rows={rows} rowKey={({ key }) => key} />
      )}
    </Section>
  );
}

const columns: readonly Column<SettingRow>[] = [
  {
    key: 'label',
    header: 'Setting',
    render: ({ label }) => (
      <Text size="sm" fw={500}>
        {label}
      </Text>
    ),
  },
  { key: 'value', header: 'Value', render: (row) => <Value row={row} /> },
  { key: 'source', header: 'Source', isTight: true, render: (row) => <Source row={row} /> },
];

function Value({ row: { isSet, isMissing, isSensitive, value, source } }: { readonly row: SettingRow }) {
  if (!isSet)
    return (
      <Text size="sm" c={isMissing ? undefined : 'dimmed'}>
        {isMissing ? 'Missing' : 'Not given'}
      </Text>
    );
  if (isSensitive)
    return (
      <Stack gap={0}>
        <span aria-hidden className="stored-secret-dots">
          ••••••••
        </span>
        <Text size="xs" c="dimmed">
          Stored, never shown
        </Text>
      </Stack>
    );
  if (value === null)
    return (
      <Text size="sm" c="dimmed">
        {source === 'console' ? 'Shared by all accounts' : 'Given'}
      </Text>
    );
  return <span className="setting-value">{value}</span>;
}

const sourceNames = { default: 'Default', console: 'Console', account: 'Account', call: 'Call' } as const;

function Source({ row: { source, isMissing } }: { readonly row: SettingRow }) {
  if (isMissing)
    return (
      <Badge variant="light" color="amber">
        To be given
      </Badge>
    );
  if (source === null) return null;
  return (
    <Badge variant={source === 'account' ? 'light' : 'default'} color="accent">
      {sourceNames[source]}
    </Badge>
  );
}
