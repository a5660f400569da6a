/** Why a link leads no further comes in; a calm page that says what to do goes out. */
import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface StopProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly children: ReactNode;
}

export function Stop({ icon: Icon, title, children }: StopProps) {
  return (
    <Stack gap="sm" role="alert">
      <ThemeIcon variant="light" color="gray" size={44} radius="xl">
        <Icon size={22} aria-hidden />
      </ThemeIcon>
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text c="dimmed">{children}</Text>
    </Stack>
  );
}
