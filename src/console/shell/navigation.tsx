/** The sections of the console come in; links to their pages go out, with the current one marked. */
import { NavLink as Item, Stack, Text } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import { NavLink, useLocation } from 'react-router';
import { isAt } from './navigation-place.ts';

export interface NavEntry {
  readonly label: string;
  readonly to: string;
  readonly icon: TablerIcon;
  /** Further places that belong to this entry: the setup pages of connectors belong to the library. */
  readonly covers?: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly entries: readonly NavEntry[];
}

export function Navigation({ sections }: { readonly sections: readonly Section[] }) {
  const { pathname } = useLocation();
  return (
    <nav aria-label="Console">
      <Stack gap="md">
        {sections.map(({ title, entries }) => (
          <div key={title}>
            <Text className="nav-title">{title}</Text>
            {entries.map(({ label, to, icon: Icon, covers = [] }) => {
              const isHere = [to, ...covers].some((place) => isAt(pathname, place));
              return (
                <Item
                  key={to}
                  component={NavLink}
                  className="nav-item"
                  to={to}
                  label={label}
                  leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                  active={isHere}
                  aria-current={pathname === to ? 'page' : undefined}
                />
              );
            })}
          </div>
        ))}
      </Stack>
    </nav>
  );
}
