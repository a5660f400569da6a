/** A connector comes in; what it is for, and where its vendor explains the credentials, goes out. */
import { Anchor, Paper, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ConnectorRelease } from '../api/answers.ts';

type Described = Pick<ConnectorRelease, 'Title' | 'Description' | 'Guide'> &
  Partial<Pick<ConnectorRelease, 'AuthDescription'>>;

export function ConnectorAbout({ connector }: { readonly connector: Described }) {
  const { Title: title, Description, AuthDescription, Guide } = connector;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="about-connector">
      <Title order={2} size="h4" id="about-connector">
        About {title}
      </Title>
      <Text size="sm" c="dimmed" mt={4}>
        {Description}
      </Text>
      {AuthDescription && (
        <Text size="sm" c="dimmed" mt="xs">
          {AuthDescription}
        </Text>
      )}
      {Guide !== null && (
        <Anchor href={Guide} target="_blank" rel="noreferrer" size="sm" mt="sm" display="inline-block">
          How to make credentials at {title}
          {'\u00a0'}
          <IconExternalLink size={13} aria-hidden className="inline-icon" />
          <span className="visually-hidden"> (opens a new tab)</span>
        </Anchor>
      )}
    </Paper>
  );
}
