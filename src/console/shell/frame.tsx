/** The pages come in; the frame around them goes out: navigation, who is signed in, the skip link. */
import { AppShell, Burger, Group, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Loading } from '../parts/loading.tsx';
import { Brand } from './brand.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation, type Section } from './navigation.tsx';
import { isAt } from './navigation-place.ts';
import { FaultPills, usePlayedSections } from './played-vendors.tsx';
import { UserMenu } from './user-menu.tsx';

const HEADER_PX = 56;
const NAVBAR_PX = 248;

interface FrameProps {
  readonly sections: readonly Section[];
  /** Places whose page stays as it is when the address changes below them; any other begins anew. */
  readonly lasting?: readonly string[];
}

export function Frame({ sections, lasting = [] }: FrameProps) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const played = usePlayedSections();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever arrives has chosen
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: { base: HEADER_PX, md: 0 } }}
      navbar={{ width: NAVBAR_PX, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', md: 'xl' }}
      transitionDuration={0}
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="md">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Brand />
          <FaultPills />
          <Burger
            opened={isOpen}
            onClick={toggle}
            size="sm"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isOpen}
            aria-controls="navigation"
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navigation" className="navbar">
        <AppShell.Section visibleFrom="md" p="md" pb="xs">
          <Brand />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} p="sm">
          <Navigation sections={[...sections, ...played]} />
        </AppShell.Section>
        <AppShell.Section px="md" visibleFrom="md">
          <FaultPills />
        </AppShell.Section>
        <AppShell.Section p="sm" className="navbar-foot">
          <UserMenu />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ErrorBoundary key={lasting.find((place) => isAt(pathname, place)) ?? pathname}>
          <Suspense fallback={<Loading what="Loading the page" />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
}
