/** An address that leads nowhere comes in; a page that says so, and where to go, goes out. */
import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from './page.tsx';

export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Page title="Page not found">
      <EmptyState
        icon={IconMapQuestion}
        title="There is no such page"
        action={
          <Button component={Link} to="/">
            To the connectors
          </Button>
        }
      >
        Nothing is at <code>{pathname}</code>. The link may be old, or a part of it got lost.
      </EmptyState>
    </Page>
  );
}
