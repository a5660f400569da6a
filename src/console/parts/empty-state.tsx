/** What is missing and what to do about it come in; a calm block in place of an empty list goes out. */
import { Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: TablerIcon;
  readonly title: string;
  /** What to do next, in a sentence. */
  readonly children: ReactNode;
  /** The button that does it. */
  readonly action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" py="lg" ta="center">
        <ThemeIcon variant="light" color="gray" size={44} radius="xl">
          <Icon size={22} aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4" mt="xs">
          {title}
        </Title>
        <Text c="dimmed" size="sm" maw={420}>
          {children}
        </Text>
        {action !== undefined && <div className="empty-action">{action}</div>}
      </Stack>
    </Paper>
  );
}
