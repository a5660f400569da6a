/** An address below /access comes in; its page goes out. They share most of their parts, so they are one chunk. */
import { Navigate, Route, Routes } from 'react-router';
import { NotFound } from '../../shell/not-found.tsx';
import { Audit } from '../audit/audit.tsx';
import { Policies } from '../policies/policies.tsx';
import { PolicyPage } from '../policy/policy.tsx';
import { ServiceUserPage } from '../service-user/service-user.tsx';
import { ServiceUsers } from '../service-users/service-users.tsx';
import './access.css';

export default function Access() {
  return (
    <Routes>
      <Route index element={<Navigate to="/access/users" replace />} />
      <Route path="users" element={<ServiceUsers />} />
      <Route path="users/:user" element={<ServiceUserPage />} />
      <Route path="policies" element={<Policies />} />
      <Route path="policies/:policy" element={<PolicyPage />} />
      <Route path="audit" element={<Audit />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
