/** An installation comes in; its one-time setup links go out, and a new one with a chosen lifetime. */
import { Alert, Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { Installation, SetupLink } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { useCreateSetupLink, useDeleteSetupLink, useSetupLinks } from '../../api/setup-links.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatTime } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { type LinkState, stateOfLink } from './describe-installation.ts';
import { Section } from './section.tsx';

const lifetimes = [
  { minutes: 60, label: '1 hour' },
  { minutes: 1_440, label: '1 day' },
  { minutes: 4_320, label: '3 days' },
  { minutes: 10_080, label: '7 days' },
  { minutes: 43_200, label: '30 days' },
] as const;
const USUAL_MINUTES = '4320';

interface SetupLinksProps {
  readonly place: Place;
  readonly installation: Installation;
}

export function SetupLinks({ place, installation: { Connector } }: SetupLinksProps) {
  const links = useSetupLinks(place);
  const create = useCreateSetupLink(place);
  const remove = useDeleteSetupLink(place);
  const announce = useAnnounce();
  const [minutes, setMinutes] = useState(USUAL_MINUTES);
  const [revoked, setRevoked] = useState(0);
  // The only place that has the token; gone with the page.
  const [fresh, setFresh] = useState<{ readonly id: string; readonly url: string }>();
  const make = () =>
    create.mutate(Number(minutes), {
      onSuccess: ({ Id, Path }) => {
        setFresh({ id: Id, url: `${window.location.origin}${Path}` });
        create.reset();
      },
    });
  const revoke = (id: string) =>
    remove.mutate(id, {
      onSuccess: () => {
        if (fresh?.id === id) setFresh(undefined);
        setRevoked((count) => count + 1);
        announce('Revoked the link.');
      },
    });
  return (
    <Section
      title="Setup links"
      view={String(revoked)}
      lead={`Your customer opens one without an account, gives what ${Connector.Title} needs, and tests it. It works once.`}
    >
      <div className="section-body">
        <Group align="flex-end" gap="sm">
          <Select
            label="Good for"
            data={lifetimes.map(({ minutes: value, label }) => ({ value: String(value), label }))}
            value={minutes}
            onChange={(value) => setMinutes(value ?? USUAL_MINUTES)}
            allowDeselect={false}
            w={140}
          />
          <GuardedButton
            action="installations:write"
            variant="default"
            leftSection={<IconLink size={16} aria-hidden />}
            loading={create.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={make}
          >
            Create setup link
          </GuardedButton>
        </Group>
        {fresh && <FreshLink url={fresh.url} close={() => setFresh(undefined)} />}
        <ErrorNotice error={create.error ?? remove.error ?? links.error} />
      </div>
      {links.data && links.data.length > 0 && (
        <DataTable
          caption="Setup links"
          columns={columnsFor(revoke)}
          rows={links.data}
          rowKey={({ Id }) => Id}
        />
      )}
    </Section>
  );
}

function FreshLink({ url, close }: { readonly url: string; readonly close: () => void }) {
  return (
    <Alert
      variant="light"
      color="teal"
      icon={<IconLink aria-hidden />}
      title="Copy the link now: it is shown only here"
    >
      <code className="fresh-link" data-testid="setup-link">
        {url}
      </code>
      <Group gap="sm" mt="sm">
        <CopyButton value={url} label="Copy the link" withText />
        <Button variant="subtle" size="compact-sm" color="gray" onClick={close}>
          Done
        </Button>
      </Group>
    </Alert>
  );
}

const looks: Readonly<Record<LinkState, { readonly text: string; readonly color: string }>> = {
  open: { text: 'Open', color: 'teal' },
  used: { text: 'Used', color: 'gray' },
  expired: { text: 'Expired', color: 'gray' },
};

const columnsFor = (revoke: (id: string) => void): readonly Column<SetupLink>[] => [
  {
    key: 'created',
    header: 'Made',
    render: ({ CreatedDate }) => <span className="number">{formatTime(CreatedDate)}</span>,
  },
  {
    key: 'state',
    header: 'State',
    render: (link) => {
      const { text, color } = looks[stateOfLink(link, Date.now())];
      return (
        <Badge variant="light" color={color}>
          {text}
        </Badge>
      );
    },
  },
  { key: 'until', header: 'Until', render: (link) => <Until link={link} /> },
  {
    key: 'actions',
    header: 'Actions',
    isTight: true,
    hidesHeader: true,
    render: (link) =>
      stateOfLink(link, Date.now()) === 'open' && (
        <GuardedButton
          action="installations:write"
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={`Revoke the link of ${formatTime(link.CreatedDate)}`}
          onClick={() => revoke(link.Id)}
        >
          Revoke
        </GuardedButton>
      ),
  },
];

function Until({ link: { UsedDate, ExpiresDate } }: { readonly link: SetupLink }) {
  return (
    <Text size="sm" component="span" className="number">
      {UsedDate === null ? formatTime(ExpiresDate) : `Used ${formatTime(UsedDate)}`}
    </Text>
  );
}
