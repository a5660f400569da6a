/** The session comes in; who is signed in goes out, with the way out and the colour scheme. */
import { Avatar, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconSelector } from '@tabler/icons-react';
import { useSession, useSignOut } from '../api/session.ts';
import { useAnnounce } from './announcer.tsx';
import { ColorSchemeToggle } from './color-scheme.tsx';

export function UserMenu() {
  const { data: session } = useSession();
  const signOut = useSignOut();
  const announce = useAnnounce();
  if (!session) return null;
  const { Name, Policies } = session.ServiceUser;
  const end = () =>
    signOut.mutate(undefined, {
      onSuccess: () => announce('Signed out.', 'note'),
      onError: () => announce('Signing out failed: the session still works.', 'failed'),
    });
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="top-start" width={220}>
        <Menu.Target>
          <UnstyledButton className="user-button">
            <span className="visually-hidden">Signed in as</span>
            <Avatar size={28} radius="xl" name={Name} color="accent" aria-hidden />
            <span className="user-name">
              <Text size="sm" fw={500} truncate>
                {Name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {Policies.join(', ') || 'No policy'}
              </Text>
            </span>
            <IconSelector size={14} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Service user</Menu.Label>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={end}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ColorSchemeToggle />
    </Group>
  );
}
