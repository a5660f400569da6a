/** Nothing comes in; every address of the console goes out, with its page and its place in the navigation. */
import { IconApps, IconBuilding, IconTools } from '@tabler/icons-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { Frame } from './shell/frame.tsx';
import type { Section } from './shell/navigation.tsx';
import { NotFound } from './shell/not-found.tsx';
import { SignedIn } from './shell/signed-in.tsx';

interface PageRoute {
  /** Below `/console`; `:name` is a parameter. */
  readonly path: string;
  readonly page: ComponentType;
}

/** Pages in the frame, for whoever is signed in. Each is a chunk of its own, loaded when it is opened. */
const pages: readonly PageRoute[] = [
  { path: '/', page: lazy(() => import('./pages/library/library.tsx')) },
  { path: '/connectors/:name/setup', page: lazy(() => import('./pages/setup/setup.tsx')) },
  {
    path: '/connectors/:name/install',
    page: lazy(() => import('./pages/choose-account/choose-account.tsx')),
  },
  { path: '/accounts', page: lazy(() => import('./pages/accounts/accounts.tsx')) },
  { path: '/accounts/:account', page: lazy(() => import('./pages/account/account.tsx')) },
  { path: '/accounts/:account/install/:name?', page: lazy(() => import('./pages/install/install.tsx')) },
  {
    path: '/accounts/:account/installations/:installation',
    page: lazy(() => import('./pages/installation/installation.tsx')),
  },
  { path: '/workbench/:installation?/:method?', page: lazy(() => import('./pages/workbench/workbench.tsx')) },
];

/** See `Frame`: the list of methods stays while one after the other is opened. */
const lasting: readonly string[] = ['/workbench'];

/** Pages without frame and session. */
const publicPages: readonly PageRoute[] = [
  { path: '/sign-in', page: lazy(() => import('./pages/sign-in/sign-in.tsx')) },
  { path: '/setup', page: lazy(() => import('./pages/customer-setup/customer-setup.tsx')) },
];

/** What the navigation shows, in this order: Connectors, Accounts, Workbench, Log, Access, Sandbox. */
const sections: readonly Section[] = [
  {
    title: 'Connectors',
    entries: [{ label: 'Application Connector Library', to: '/', icon: IconApps, covers: ['/connectors'] }],
  },
  {
    title: 'Accounts',
    entries: [{ label: 'Accounts', to: '/accounts', icon: IconBuilding }],
  },
  {
    title: 'Workbench',
    entries: [{ label: 'Workbench', to: '/workbench', icon: IconTools }],
  },
];

export function AppRoutes() {
  return (
    <Routes>
      {publicPages.map(({ path, page: Page }) => (
        <Route
          key={path}
          path={path}
          element={
            <Suspense fallback={null}>
              <Page />
            </Suspense>
          }
        />
      ))}
      <Route
        element={
          <SignedIn>
            <Frame sections={sections} lasting={lasting} />
          </SignedIn>
        }
      >
        {pages.map(({ path, page: Page }) => (
          <Route key={path} path={path} element={<Page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
