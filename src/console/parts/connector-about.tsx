/** A connector comes in; what it is for, and where its vendor explains the credentials, goes out. */
import { Paper, Text, Title } from '@mantine/core';
import type { ConnectorRelease } from '../api/answers.ts';
import { OutsideLink } from './outside-link.tsx';

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
        <Text size="sm" mt="sm">
          <OutsideLink href={Guide} size="sm">
            {`How to make credentials at ${title}`}
          </OutsideLink>
        </Text>
      )}
    </Paper>
  );
}
