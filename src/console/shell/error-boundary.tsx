/** Pages come in; when one of them breaks, a notice with a way on goes out in its place. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface State {
  readonly error: unknown;
}

/** The one class of the console: React has no other way to catch what rendering throws. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Broken error={error} />;
  }
}

function Broken({ error }: { readonly error: unknown }) {
  // A new release took the old one's files away, or nothing answers: what is missing comes with a reload.
  const isMissing =
    error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);
  return (
    <Stack gap="sm" role="alert" py="xl" maw={560}>
      <Title order={1} size="h2">
        {isMissing ? 'This page could not be loaded' : 'This page broke'}
      </Title>
      <Text c="dimmed">
        {isMissing
          ? 'The API does not answer, or there is a newer console by now. Load it again to go on.'
          : `That is a fault of ours, and what you saved is safe. ${error instanceof Error ? error.message : ''}`}
      </Text>
      <Group>
        <Button onClick={() => window.location.reload()}>Load again</Button>
        <Button variant="default" component="a" href="/console/">
          To the start
        </Button>
      </Group>
    </Stack>
  );
}
