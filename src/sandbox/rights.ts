/** The vendor's administration comes in; giving and taking permission policies, as calls of its API do it, goes out. */
import type { SandboxAccess } from './access.ts';
import { Refusal } from './refusal.ts';

/** Policies that the sandbox does not judge by are passed over. Throws the refusal unknownId for a service user that is none. */
export interface Rights {
  grant(policy: string, serviceUserId: string, organisationId: string): void;
  revoke(policy: string, serviceUserId: string, organisationId: string): void;
}

export function createRights(access: SandboxAccess): Rights {
  function find(serviceUserId: string, organisationId: string) {
    const found = access.findServiceUser(serviceUserId);
    if (found?.organisationId !== organisationId)
      throw new Refusal('unknownId', `There is no service user with the id ${serviceUserId}`);
    return found;
  }

  return {
    grant: (policy, serviceUserId, organisationId) => {
      const { id } = find(serviceUserId, organisationId);
      if (access.policies(organisationId).some(({ name }) => name === policy)) access.addPolicy(id, policy);
    },
    revoke: (policy, serviceUserId, organisationId) => {
      const { id, policies } = find(serviceUserId, organisationId);
      if (policies.includes(policy)) access.removePolicy(id, policy);
    },
  };
}
