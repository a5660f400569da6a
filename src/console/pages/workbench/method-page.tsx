/** An installation and a method come in; the page goes out on which it is filled in, previewed and called. */
import { Alert, Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { type InstalledSchema, type MethodBrief, useMethodSchema } from '../../api/methods.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { type Crumb, Page } from '../../shell/page.tsx';
import { MethodDesk } from './method-desk.tsx';
import { useDraft } from './use-draft.ts';
import { VerbTag } from './verb-tag.tsx';

interface MethodPageProps {
  readonly installation: Installation;
  readonly method: MethodBrief;
  readonly crumbs: readonly Crumb[];
}

export default function MethodPage({ installation, method, crumbs }: MethodPageProps) {
  const { Id, AccountId, Connector } = installation;
  const place = useMemo<Place>(() => ({ account: AccountId, installation: Id }), [AccountId, Id]);
  const secrets = useMemo(
    () => ({
      paths: method.SensitivePaths,
      settings: Connector.Parameters.filter(({ IsSensitive }) => IsSensitive).map(
        ({ TargetName }) => TargetName,
      ),
    }),
    [method, Connector],
  );
  const state = useDraft(place, method.Key, secrets);
  const found = useMethodSchema(place, Connector.Id, method.Key);
  return (
    <Page
      title={method.Name}
      crumbs={crumbs}
      icon={<VerbTag verb={method.HttpMethod} isLarge />}
      badge={<Flags method={method} />}
      lead={method.Description}
      actions={
        state.link === undefined ? undefined : (
          <CopyButton value={state.link} label="Copy link to this call" withText />
        )
      }
    >
      <Stack gap="md" className="method-page">
        <Group gap={6} className="method-key">
          <code>{method.Key}</code>
          <CopyButton value={method.Key} label="Copy the key of the method" />
          <code className="method-path">{method.EndPoint}</code>
        </Group>
        <Notes method={method} found={found.data} installation={installation} />
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
        {found.isPending && (
          <Paper withBorder p="md">
            <Loading what="Loading the fields" rows={3} height={56} />
          </Paper>
        )}
        {found.data && <MethodDesk {...{ installation, place, method, state }} schema={found.data.schema} />}
      </Stack>
    </Page>
  );
}

function Flags({ method }: { readonly method: MethodBrief }) {
  return (
    <Group gap={6}>
      {!method.IsReadOnly && (
        <Badge variant="light" color={method.HttpMethod === 'DELETE' ? 'red' : 'accent'}>
          Changes data
        </Badge>
      )}
      {method.IsBeta && <Badge variant="default">Beta</Badge>}
      {method.IsDeprecated && (
        <Badge variant="light" color="amber">
          Deprecated
        </Badge>
      )}
    </Group>
  );
}

interface NotesProps {
  readonly method: MethodBrief;
  readonly found: InstalledSchema | undefined;
  readonly installation: Installation;
}

function Notes({ method, found, installation: { State, StateReason, Connector } }: NotesProps) {
  const notes = [
    method.Warning,
    method.IsDeprecated && `${Connector.Title} advises against this method; it may go away.`,
    State !== 'active' && describeState(State, StateReason),
    found?.incomplete !== undefined &&
      "The organisation's custom fields could not be read; they are missing from the form.",
  ].filter((note): note is string => typeof note === 'string');
  if (notes.length === 0) return null;
  return (
    <Alert color="amber" variant="light" icon={<IconAlertTriangle aria-hidden />}>
      {notes.map((note) => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
    </Alert>
  );
}

function describeState(state: Installation['State'], reason: Installation['StateReason']): string {
  if (reason) return `The installation is ${state}: ${reason.Message}. ${reason.Hint}`;
  return `The installation is ${state}: calls will be refused until that is mended.`;
}
