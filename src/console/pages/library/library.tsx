/** Connectors come in; the Application Connector Library goes out: search, categories, and how far each one is set up. */
import { Badge, Button, Card, Chip, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronRight, IconPlugOff, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import type { ConnectorRelease } from '../../api/answers.ts';
import { useConnectors, useConsoleSetup } from '../../api/connectors.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { ConsoleStateBadge } from '../../parts/state-badge.tsx';
import { Page } from '../../shell/page.tsx';
import { categoriesOf, findConnectors, onePerName } from './find-connectors.ts';

export default function Library() {
  const connectors = useConnectors();
  return (
    <Page
      title="Application Connector Library"
      lead="Set a connector up once for every account, or leave the rest to each of them."
    >
      <ErrorNotice error={connectors.error} onRetry={() => void connectors.refetch()} />
      {connectors.isPending && <Loading what="Loading the connectors" rows={3} height={104} />}
      {connectors.data && <Shelf connectors={onePerName(connectors.data)} />}
    </Page>
  );
}

function Shelf({ connectors }: { readonly connectors: readonly ConnectorRelease[] }) {
  const [text, setText] = useState('');
  const [category, setCategory] = useState('');
  const found = findConnectors(connectors, text, category);
  // Read out when the typing has stopped.
  const [spoken] = useDebouncedValue(`${countOf(found.length, 'connector')} found`, 500);
  if (connectors.length === 0)
    return (
      <EmptyState icon={IconPlugOff} title="There are no connectors yet">
        Start the API with a folder of connectors: <code>--connectors &lt;dir&gt;</code>.
      </EmptyState>
    );
  return (
    <Stack gap="md">
      <Group gap="md">
        <TextInput
          className="search"
          type="search"
          aria-label="Search connectors"
          placeholder="Search connectors"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Categories names={categoriesOf(connectors)} chosen={category} choose={setCategory} />
      </Group>
      <div role="status" className="visually-hidden">
        {spoken}
      </div>
      {found.length === 0 ? (
        <EmptyState icon={IconSearchOff} title="No connector fits">
          Nothing is called "{text}"{category !== '' && ` in ${category}`}. Try fewer letters, or another
          category.
        </EmptyState>
      ) : (
        <Stack component="ul" gap="sm" className="plain-list">
          {found.map((connector) => (
            <ConnectorCard key={connector.Id} connector={connector} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

interface CategoriesProps {
  readonly names: readonly string[];
  readonly chosen: string;
  readonly choose: (name: string) => void;
}

/** One category is no choice. */
function Categories({ names, chosen, choose }: CategoriesProps) {
  if (names.length < 2) return null;
  return (
    <Chip.Group value={chosen} onChange={choose}>
      <Group gap={6} role="radiogroup" aria-label="Category">
        {['', ...names].map((name) => (
          <Chip key={name} value={name} size="xs" variant="outline">
            {name === '' ? 'All' : name}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function ConnectorCard({ connector }: { readonly connector: ConnectorRelease }) {
  const { Name, Title: title, Version, Description, Categories: categories, Status } = connector;
  const titleId = useId();
  return (
    <Card component="li" className="connector-card" padding="md">
      <ConnectorIcon connector={connector} size={44} />
      <div className="connector-text">
        <Group gap="xs">
          <Title order={2} size="h3" id={titleId}>
            <Link to={`/connectors/${encodeURIComponent(Name)}/setup`} className="card-link">
              {title}
            </Link>
          </Title>
          <Text size="sm" c="dimmed" className="number">
            {Version}
          </Text>
          {categories.map((category) => (
            <Badge key={category} variant="default" size="sm">
              {category}
            </Badge>
          ))}
          {Status !== 'Approved' && (
            <Badge variant="outline" color="gray" size="sm">
              {Status}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="connector-words" mt={4}>
          {Description}
        </Text>
      </div>
      <div className="connector-state">
        <SetupState name={Name} />
      </div>
      {Status === 'Approved' && (
        <Button
          component={Link}
          to={`/connectors/${encodeURIComponent(Name)}/install`}
          variant="default"
          size="compact-sm"
          className="above-card-link"
          aria-describedby={titleId}
        >
          Install
        </Button>
      )}
      <IconChevronRight size={18} aria-hidden className="connector-chevron" />
    </Card>
  );
}

/** A session that is pinned to an account is not told; the place stays empty then. */
function SetupState({ name }: { readonly name: string }) {
  const setup = useConsoleSetup(name);
  return setup.data ? <ConsoleStateBadge state={setup.data.State} /> : null;
}
