/** Nothing comes in; every address of the console goes out, with its page and its place in the navigation. */
import {
  IconApps,
  IconBuilding,
  IconHistory,
  IconListDetails,
  IconShieldCheck,
  IconTools,
  IconUsers,
} from '@tabler/icons-react';
import { Suspense } from 'react';
import { matchPath, Route, Routes } from 'react-router';
import { Frame } from './shell/frame.tsx';
import { type LazyPage, lazyPage } from './shell/lazy-page.tsx';
import type { Section } from './shell/navigation.tsx';
import { NotFound } from './shell/not-found.tsx';
import { SignedIn } from './shell/signed-in.tsx';

interface PageRoute {
  /** Below `/console`; `:name` is a parameter. */
  readonly path: string;
  readonly page: LazyPage;
}

/** Pages in the frame, for whoever is signed in. Each is a chunk of its own, loaded when it is opened. */
const pages: readonly PageRoute[] = [
  { path: '/', page: lazyPage(() => import('./pages/library/library.tsx')) },
  { path: '/connectors/:name/setup', page: lazyPage(() => import('./pages/setup/setup.tsx')) },
  {
    path: '/connectors/:name/install',
    page: lazyPage(() => import('./pages/choose-account/choose-account.tsx')),
  },
  { path: '/accounts', page: lazyPage(() => import('./pages/accounts/accounts.tsx')) },
  { path: '/accounts/:account', page: lazyPage(() => import('./pages/account/account.tsx')) },
  { path: '/accounts/:account/install/:name?', page: lazyPage(() => import('./pages/install/install.tsx')) },
  {
    path: '/accounts/:account/installations/:installation',
    page: lazyPage(() => import('./pages/installation/installation.tsx')),
  },
  {
    path: '/workbench/:installation?/:method?',
    page: lazyPage(() => import('./pages/workbench/workbench.tsx')),
  },
  { path: '/log/:call?', page: lazyPage(() => import('./pages/log/log.tsx')) },
  { path: '/access/*', page: lazyPage(() => import('./pages/access/access.tsx')) },
  { path: '/sandbox/*', page: lazyPage(() => import('./pages/sandbox/sandbox.tsx')) },
];

/** See `Frame`: the list of methods stays while one after the other is opened. */
const lasting: readonly string[] = ['/workbench'];

/** Pages without frame and session. */
const publicPages: readonly PageRoute[] = [
  { path: '/sign-in', page: lazyPage(() => import('./pages/sign-in/sign-in.tsx')) },
  { path: '/setup', page: lazyPage(() => import('./pages/customer-setup/customer-setup.tsx')) },
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
  {
    title: 'Log',
    entries: [{ label: 'Call log', to: '/log', icon: IconListDetails }],
  },
  {
    title: 'Access',
    entries: [
      { label: 'Service users', to: '/access/users', icon: IconUsers },
      { label: 'Permission policies', to: '/access/policies', icon: IconShieldCheck },
      { label: 'Audit', to: '/access/audit', icon: IconHistory },
    ],
  },
];

/** While it is found out who is there, the page that was asked for is loaded. */
export function preloadPage(pathname: string): void {
  const place = pathname.replace(/^\/console/, '') || '/';
  [...pages, ...publicPages].find(({ path }) => matchPath(path, place))?.page.preload();
}

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
