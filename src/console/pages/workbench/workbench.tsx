/** An address comes in; the workbench goes out: accounts and installations to choose, methods to find, and the one that is open. */
import { useMediaQuery } from '@mantine/hooks';
import { IconSearchOff } from '@tabler/icons-react';
import { Suspense, useEffect, useMemo } from 'react';
import { useLocation, useParams } from 'react-router';
import { type MethodBrief, useMethods } from '../../api/methods.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ErrorBoundary } from '../../shell/error-boundary.tsx';
import { lazyPage } from '../../shell/lazy-page.tsx';
import { type Crumb, Page } from '../../shell/page.tsx';
import { ChoosePlace } from './choose-place.tsx';
import { MethodList } from './method-list.tsx';
import { Start, UnknownPlace } from './start.tsx';
import { uploadAt, uploadsOf } from './uploads.ts';
import { useWorkplace, type Workplace } from './use-workplace.ts';
import './workbench.css';

/** The form library is half of the page: the list is there before it. */
const MethodPage = lazyPage(() => import('./method-page.tsx'));
const UploadPage = lazyPage(() => import('./upload-page.tsx'));

/** Long enough for the list to be drawn. */
const PRELOAD_AFTER_MS = 400;

/** List and method stand beside each other from here on; below, one after the other. */
const WIDE = '(min-width: 75em)';

export default function Workbench() {
  const { method: key = '' } = useParams();
  const workplace = useWorkplace();
  const { account, installationId, installation } = workplace;
  const methods = useMethods(installation?.Connector);
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const uploads = useMemo(() => uploadsOf(installation), [installation]);
  // Whoever sees the list opens something next.
  const isListed = methods.data !== undefined;
  useEffect(() => {
    if (!isListed) return;
    const timer = setTimeout(MethodPage.preload, PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isListed]);
  const isLoading =
    installationId !== '' && !methods.data && !methods.error && !workplace.error && !workplace.isUnknown;
  const side = (
    <>
      <ChoosePlace
        {...{ account, installation: installationId }}
        chooseAccount={workplace.chooseAccount}
        chooseInstallation={workplace.chooseInstallation}
      />
      <ErrorNotice error={methods.error} onRetry={() => void methods.refetch()} />
      {isLoading && <Loading what="Loading the methods" rows={10} height={24} />}
      {methods.data && installation && (
        <MethodList
          {...{ methods: methods.data, uploads, current: key }}
          hrefOf={workplace.hrefOf}
          open={workplace.open}
        />
      )}
    </>
  );
  const opened = <Opened workplace={workplace} methods={methods.data} name={key} isWide={isWide} />;
  if (!isWide) return key === '' ? <Start workplace={workplace}>{side}</Start> : opened;
  return (
    <div className="workbench">
      <aside aria-label="Choose a method" className="workbench-side">
        {side}
      </aside>
      <div className="workbench-main">{key === '' ? <Start workplace={workplace} /> : opened}</div>
    </div>
  );
}

interface OpenedProps {
  readonly workplace: Workplace;
  readonly methods: readonly MethodBrief[] | undefined;
  readonly name: string;
  readonly isWide: boolean;
}

/** Begins anew with every entry of the browser's history: what is filled in comes from there. */
function Opened({ workplace, methods, name, isWide }: OpenedProps) {
  const { key: entry } = useLocation();
  const { account, installation, isUnknown, error } = workplace;
  const crumbs = crumbsOf(workplace, isWide);
  const upload = installation && uploadAt(installation, name);
  const method = methods?.find(({ Key }) => Key === name);
  const id = `${account} ${installation?.Id} ${name} ${entry}`;
  if (installation && upload)
    return (
      <ErrorBoundary key={id}>
        <Suspense fallback={<Waiting name={upload.Name} crumbs={crumbs} />}>
          <UploadPage {...{ installation, upload, crumbs }} methods={methods} />
        </Suspense>
      </ErrorBoundary>
    );
  if (installation && method)
    return (
      <ErrorBoundary key={id}>
        <Suspense fallback={<Waiting name={method.Name} crumbs={crumbs} />}>
          <MethodPage {...{ installation, method, crumbs }} />
        </Suspense>
      </ErrorBoundary>
    );
  return (
    <Page title={name} crumbs={crumbs}>
      <ErrorNotice error={error} />
      {isUnknown ? (
        <UnknownPlace />
      ) : methods && installation ? (
        <EmptyState icon={IconSearchOff} title="There is no such method">
          {installation.Connector.Title} {installation.Connector.Version} has no method {name}. It may have
          another name in this release.
        </EmptyState>
      ) : (
        !error && <Loading what="Loading the method" rows={3} height={72} />
      )}
    </Page>
  );
}

const Waiting = ({ name, crumbs }: { readonly name: string; readonly crumbs: readonly Crumb[] }) => (
  <Page title={name} crumbs={crumbs}>
    <Loading what="Loading the form" rows={3} height={72} />
  </Page>
);

/** Beside the list nobody needs a way back to it. */
function crumbsOf({ account, installation }: Workplace, isWide: boolean): Crumb[] {
  const query = `?${new URLSearchParams({ account }).toString()}`;
  const start = { label: 'Workbench', to: `/workbench${installation ? `/${installation.Id}` : ''}${query}` };
  return isWide ? [] : [start];
}
