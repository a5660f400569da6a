/** A title, where it stands and what it holds come in; a page goes out whose heading gets the focus when one arrives. */
import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';

export interface Crumb {
  readonly label: string;
  readonly to: string;
}

interface PageProps {
  /** The heading, and with the product's name the title of the window. */
  readonly title: string;
  /** The pages above this one, from the top. */
  readonly crumbs?: readonly Crumb[];
  readonly lead?: ReactNode;
  /** Stands before the heading: a connector's icon. */
  readonly icon?: ReactNode;
  /** Stands beside the heading: a badge. */
  readonly badge?: ReactNode;
  /** Buttons for the page as a whole. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/**
 * Render it at once and put what is still loading inside, so that the heading is there to be focused. Every page has
 * exactly one.
 */
export function Page({ title, crumbs = [], lead, icon, badge, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} - Fishplate`;
  }, [title]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place
  useEffect(() => {
    // The browser's own first page keeps the focus where people expect it.
    if (key === 'default') return;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <Stack gap="lg" className="page">
      <header>
        {crumbs.length > 0 && <Trail crumbs={crumbs} />}
        <Group justify="space-between" align="center" gap="md">
          <Group gap="sm" wrap="nowrap" miw={0}>
            {icon}
            <Group gap="4px 12px" miw={0}>
              <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
                {title}
              </Title>
              {badge}
            </Group>
          </Group>
          {actions !== undefined && <Group gap="sm">{actions}</Group>}
        </Group>
        {lead !== undefined && (
          <Text c="dimmed" mt={8} maw={680}>
            {lead}
          </Text>
        )}
      </header>
      {children}
    </Stack>
  );
}

function Trail({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs">
      <Breadcrumbs mb={8} separatorMargin={6}>
        {crumbs.map(({ label, to }) => (
          <Anchor key={to} component={Link} to={to} size="sm" c="dimmed" underline="hover">
            {label}
          </Anchor>
        ))}
      </Breadcrumbs>
    </nav>
  );
}
