/** An installation comes in; facts about it go out: who it is at the vendor, which release, since when. */
import { Paper, Stack, Title } from '@mantine/core';
import type { Installation } from '../../api/installation-answers.ts';
import { ConnectorAbout } from '../../parts/connector-about.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatTime } from '../../parts/format.ts';
import { factsOf } from '../../parts/identity.ts';

export function Aside({ installation }: { readonly installation: Installation }) {
  const { Id, Identity, Connector, AuthenticationId, CreatedDate, ModifiedDate } = installation;
  const auth = Connector.Authentication.find((one) => one.Id === AuthenticationId);
  return (
    <Stack gap="md">
      {Identity !== null && (
        <Paper withBorder p="md" component="section" aria-labelledby="identity">
          <Title order={2} size="h4" id="identity" mb="sm">
            Who it is at {Connector.Title}
          </Title>
          <Facts facts={factsOf(Identity)} />
        </Paper>
      )}
      <Paper withBorder p="md" component="section" aria-labelledby="release">
        <Title order={2} size="h4" id="release" mb="sm">
          Installation
        </Title>
        <Facts
          facts={[
            { name: 'Connector', value: Connector.Title },
            { name: 'Release', value: <span className="number">{Connector.Version}</span> },
            { name: 'Authentication', value: auth?.AuthName ?? AuthenticationId },
            { name: 'Installed', value: <span className="number">{formatTime(CreatedDate)}</span> },
            { name: 'Changed', value: <span className="number">{formatTime(ModifiedDate)}</span> },
            {
              name: 'ID',
              value: (
                <>
                  <span className="id">{Id}</span>{' '}
                  <CopyButton value={Id} label="Copy the id of the installation" />
                </>
              ),
            },
          ]}
        />
      </Paper>
      <ConnectorAbout connector={Connector} />
    </Stack>
  );
}
