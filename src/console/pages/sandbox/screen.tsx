/** One of a played vendor's screens comes in; a page goes out around it: what it is, tabs, organisation, and who may see it. */
import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconLock, IconMasksTheater, IconPlugOff } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useConnector } from '../../api/connectors.ts';
import type { PlayedOrganisation, PlayedVendor, VendorRules } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useSandboxes, useScreen } from '../../api/sandboxes.ts';
import { useMay } from '../../api/session.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { type Crumb, Page } from '../../shell/page.tsx';
import { sandboxPlace } from '../../shell/played-vendors.tsx';
import { wordsOf } from './words.ts';

/** What every screen needs to know of its vendor. */
export interface Vendor {
  readonly name: string;
  readonly title: string;
  readonly organisation: PlayedOrganisation;
  readonly rules: VendorRules;
  /** The path of one of its screens in the console, for the same organisation. */
  readonly to: (path: string) => string;
}

/** That of policies is called as the vendor calls them. */
const tabs = [
  { path: '', label: 'Service users' },
  { path: '/policies', label: '' },
  { path: '/data', label: 'Data' },
  { path: '/requests', label: 'Requests' },
  { path: '/faults', label: 'Faults' },
] as const;

interface ScreenProps {
  /** The path of a tab. */
  readonly tab: (typeof tabs)[number]['path'];
  /** For a page below a tab, its own heading. */
  readonly heading?: string | undefined;
  /** Whether what it shows is one organisation's. */
  readonly ofOrganisation?: boolean;
  readonly children: (vendor: Vendor) => ReactNode;
}

export function Screen({ tab, heading, ofOrganisation = false, children }: ScreenProps) {
  const { name = '' } = useParams();
  const [search] = useSearchParams();
  const { data: played, error, refetch } = useSandboxes();
  const connector = useConnector(name);
  const may = useMay(SANDBOX_ACTION);
  const vendor = played?.find(({ Name }) => Name === name);
  const title = vendor?.Title ?? name;
  const rules = useScreen<VendorRules>(name, screenPath`rules`, {
    enabled: vendor !== undefined && may.allowed,
  });
  const { policies } = wordsOf(rules.data);
  const shownTabs = tabs.map(({ path, label }) => ({ path, label: label || policies }));
  const label = shownTabs.find(({ path }) => path === tab)?.label ?? '';
  const organisation = search.get('organisation');
  const to = (path: string) =>
    `${sandboxPlace(name)}${path}${organisation === null ? '' : `?organisation=${encodeURIComponent(organisation)}`}`;
  useEffect(() => {
    document.title = `${heading ?? label} - ${title} sandbox - Fishplate`;
  }, [heading, label, title]);
  if (played && !vendor) return <Unknown name={name} />;
  const crumbs: Crumb[] = [
    { label: `${title} sandbox`, to: to('') },
    ...(tab === '' ? [] : [{ label, to: to(tab) }]),
  ];
  return (
    <Page
      title={heading ?? `${title} sandbox`}
      crumbs={heading === undefined ? [] : crumbs}
      icon={connector.data && heading === undefined && <ConnectorIcon connector={connector.data} />}
    >
      <Banner title={title} />
      {heading === undefined && <Tabs tabs={shownTabs} current={tab} title={title} to={to} />}
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {may.allowed ? (
        vendor && (
          <Ready vendor={vendor} to={to} ofOrganisation={ofOrganisation}>
            {children}
          </Ready>
        )
      ) : (
        <Locked title={title} reason={may.reason} />
      )}
    </Page>
  );
}

function Banner({ title }: { readonly title: string }) {
  return (
    <div className="played-banner" role="note">
      <IconMasksTheater size={20} stroke={1.6} aria-hidden />
      <Text size="sm">
        <strong>Not the real {title}.</strong> It is played on this machine: its keys work nowhere else, and
        nothing you do here reaches {title}.
      </Text>
    </div>
  );
}

interface TabsProps {
  readonly tabs: readonly { readonly path: string; readonly label: string }[];
  readonly current: string;
  readonly title: string;
  readonly to: Vendor['to'];
}

function Tabs({ tabs: shown, current, title, to }: TabsProps) {
  const here = useRef<HTMLAnchorElement>(null);
  // Where it is narrow, the current one may be out of sight.
  useEffect(() => {
    here.current?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, []);
  return (
    <nav aria-label={`${title} sandbox`} className="screen-tabs">
      {shown.map(({ path, label }) => (
        <Link
          key={path}
          to={to(path)}
          ref={path === current ? here : undefined}
          aria-current={path === current ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

interface ReadyProps {
  readonly vendor: PlayedVendor;
  readonly to: Vendor['to'];
  readonly ofOrganisation: boolean;
  readonly children: ScreenProps['children'];
}

/** Asks once for what every screen needs. */
function Ready({ vendor: { Name: name, Title: title }, to, ofOrganisation, children }: ReadyProps) {
  const organisations = useScreen<readonly PlayedOrganisation[]>(name, screenPath`organisations`);
  const rules = useScreen<VendorRules>(name, screenPath`rules`);
  const [search, setSearch] = useSearchParams();
  const error = organisations.error ?? rules.error;
  const all = organisations.data ?? [];
  const organisation = all.find(({ id }) => id === search.get('organisation')) ?? all[0];
  if (error)
    return (
      <ErrorNotice
        error={error}
        onRetry={() => void Promise.all([organisations.refetch(), rules.refetch()])}
      />
    );
  if (!organisation || !rules.data)
    return <Loading what={`Asking the sandbox of ${title}`} rows={3} height={52} />;
  return (
    <>
      {ofOrganisation && all.length > 1 && (
        <Select
          label="Organisation"
          w={{ base: '100%', xs: 320 }}
          data={all.map(({ id, name: label, type }) => ({
            ...{ value: id, label: type === undefined ? label : `${label} (${type})` },
          }))}
          value={organisation.id}
          onChange={(id) => setSearch(id === null ? {} : { organisation: id }, { replace: true })}
          allowDeselect={false}
        />
      )}
      {children({ name, title, organisation, rules: rules.data, to })}
    </>
  );
}

interface HeadProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly actions?: ReactNode;
}

/** The heading of a tab. */
export function Head({ title, lead, actions }: HeadProps) {
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <Stack gap={2} maw={680}>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {lead}
        </Text>
      </Stack>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}

const Locked = ({ title, reason }: { readonly title: string; readonly reason: string }) => (
  <EmptyState icon={IconLock} title={`You may not use the sandbox of ${title}`}>
    Its screens make keys and faults, so reading them takes what setting up connectors takes. {reason}
  </EmptyState>
);

const Unknown = ({ name }: { readonly name: string }) => (
  <Page title="Sandbox">
    <EmptyState
      icon={IconPlugOff}
      title="This vendor is not played here"
      action={
        <Button
          component={Link}
          to="/sandbox"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          To the sandbox
        </Button>
      }
    >
      Nothing that this machine plays is called "{name}".
    </EmptyState>
  </Page>
);
