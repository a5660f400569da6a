/** An address below /sandbox comes in; one of the screens of a vendor that is played on this machine goes out. */
import { IconMasksTheater } from '@tabler/icons-react';
import { Navigate, Route, Routes } from 'react-router';
import { useSandboxes } from '../../api/sandboxes.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { Page } from '../../shell/page.tsx';
import { sandboxPlace } from '../../shell/played-vendors.tsx';
import { Collection } from './collection.tsx';
import { Collections } from './collections.tsx';
import { Faults } from './faults.tsx';
import { Policies } from './policies.tsx';
import { Requests } from './requests.tsx';
import { ServiceUserPage } from './service-user.tsx';
import { ServiceUsers } from './service-users.tsx';
import './sandbox.css';

export default function Sandbox() {
  return (
    <Routes>
      <Route index element={<First />} />
      <Route path=":name" element={<ServiceUsers />} />
      <Route path=":name/service-users/:user" element={<ServiceUserPage />} />
      <Route path=":name/policies" element={<Policies />} />
      <Route path=":name/data" element={<Collections />} />
      <Route path=":name/data/*" element={<Collection />} />
      <Route path=":name/requests" element={<Requests />} />
      <Route path=":name/faults" element={<Faults />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** The navigation has them all. */
function First() {
  const { data, error, isPending, refetch } = useSandboxes();
  const first = data?.[0];
  if (first) return <Navigate to={sandboxPlace(first.Name)} replace />;
  return (
    <Page title="Sandbox">
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading what="Loading the sandboxes" />}
      {data && (
        <EmptyState icon={IconMasksTheater} title="No vendor is played here">
          <code>fishplate harness</code> plays every connector that has a sandbox.yaml, beside an API of its
          own.
        </EmptyState>
      )}
    </Page>
  );
}
