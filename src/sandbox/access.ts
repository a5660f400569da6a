/** What an administrator does in the vendor's screens: service users, their permission policies, their access keys. */
import { FishplateError } from '../errors.ts';
import type { World } from '../wire.ts';
import {
  type AccessKey,
  createAccessKeys,
  type GeneratedKey,
  type SecretForm,
  type StoredKey,
} from './access-keys.ts';
import { type Details, detailsOf } from './details.ts';
import { createPolicies, type OwnPolicy } from './policies.ts';
import { accessKeyRulesOf, type Organisation, type PermissionPolicy, type SandboxScript } from './script.ts';

export interface ServiceUser {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  /** Names of policies. */
  readonly policies: readonly string[];
  /** What else the vendor's form asks. */
  readonly details?: Details;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface NewServiceUser {
  readonly name: string;
  /** Default: the first organisation of sandbox.yaml. */
  readonly organisationId?: string;
  readonly policies?: readonly string[];
  readonly details?: Details;
  /** Whether to generate an access key with it. Default: false. */
  readonly generateKey?: boolean;
}

export interface AccessSnapshot {
  readonly serviceUsers: readonly ServiceUser[];
  readonly keys: readonly StoredKey[];
  readonly policies: readonly OwnPolicy[];
}

/**
 * Errors: `sandbox.unknown` for ids and names that do not exist, `sandbox.not-allowed` for what the vendor's rules
 * forbid. Where an organisation is not named, it is the first of sandbox.yaml.
 */
export interface SandboxAccess {
  organisations(): readonly Organisation[];
  organisation(id: string): Organisation | undefined;
  policies(organisationId?: string): readonly PermissionPolicy[];
  createPolicy(policy: PermissionPolicy, organisationId?: string): PermissionPolicy;
  /** Managed policies are immutable, and a policy in use stays. */
  deletePolicy(name: string, organisationId?: string): void;
  /** Of all organisations when none is named. */
  serviceUsers(organisationId?: string): readonly ServiceUser[];
  serviceUser(id: string): ServiceUser;
  findServiceUser(id: string): ServiceUser | undefined;
  createServiceUser(input: NewServiceUser): {
    readonly serviceUser: ServiceUser;
    readonly key?: GeneratedKey;
  };
  renameServiceUser(id: string, name: string): ServiceUser;
  /** Throws `input.invalid` for values that do not fit. */
  changeDetails(id: string, details: Details): ServiceUser;
  /** Its keys go with it, and their tokens are refused from then on. */
  deleteServiceUser(id: string): void;
  addPolicy(serviceUserId: string, policy: string): ServiceUser;
  removePolicy(serviceUserId: string, policy: string): ServiceUser;
  keys(serviceUserId: string): readonly AccessKey[];
  /** `name`: of vendors whose keys have one. */
  generateKey(serviceUserId: string, name?: string): GeneratedKey;
  /** A new secret for the same id, where the vendor has that. */
  regenerateKey(keyId: string): GeneratedKey;
  setKeyActive(keyId: string, active: boolean): AccessKey;
  /** The key with which the vendor checks what this client signs. */
  setPublicKey(keyId: string, pem: string): AccessKey;
  deleteKey(keyId: string): void;
  keyById(keyId: string): AccessKey | undefined;
  isActive(key: AccessKey): boolean;
  /** In constant time. */
  secretMatches(keyId: string, secret: string): boolean;
  /** The key that has this secret, for vendors whose keys are sent as they are. */
  keyBySecret(secret: string): AccessKey | undefined;
  snapshot(): AccessSnapshot;
  restore(snapshot: AccessSnapshot): void;
}

/** The vendor's administration in memory, empty but for the organisations and policies of the script. `forms`: of secrets. */
export function createAccess(
  script: SandboxScript,
  world: World,
  forms: readonly SecretForm[] = [],
): SandboxAccess {
  const users = new Map<string, ServiceUser>();
  const keys = createAccessKeys(accessKeyRulesOf(script), world, forms);
  const policies = createPolicies(script);
  const main = script.organisations[0]?.id ?? '';
  const detailRules = script.serviceUsers?.details ?? {};
  const organisation = (id: string) => script.organisations.find((each) => each.id === id);

  function serviceUser(id: string): ServiceUser {
    const found = users.get(id);
    if (!found) throw unknown('service user', id);
    return found;
  }

  function change(id: string, changes: Partial<ServiceUser>): ServiceUser {
    const changed = { ...serviceUser(id), ...changes };
    users.set(id, changed);
    return changed;
  }

  function createServiceUser(input: NewServiceUser) {
    const organisationId = input.organisationId ?? main;
    if (!organisation(organisationId)) throw unknown('organisation', organisationId);
    const names = [...new Set(input.policies ?? [])];
    for (const name of names) policies.checkForServiceUser(name, organisationId);
    const details = detailsOf(detailRules, input.details ?? {});
    const created: ServiceUser = {
      id: world.uuid(),
      organisationId,
      name: input.name,
      policies: names,
      ...(Object.keys(details).length > 0 && { details }),
      createdAt: world.now(),
    };
    users.set(created.id, created);
    return { serviceUser: created, ...(input.generateKey && { key: keys.generate(created) }) };
  }

  function deletePolicy(name: string, organisationId = main): void {
    const user = [...users.values()].find(
      (each) => each.organisationId === organisationId && each.policies.includes(name),
    );
    const isManaged = script.policies.some((each) => each.name === name);
    if (user && !isManaged)
      throw new FishplateError(
        'sandbox.not-allowed',
        `The service user "${user.name}" still has the permission policy "${name}"`,
      );
    policies.remove(name, organisationId);
  }

  return {
    organisations: () => script.organisations,
    organisation,
    policies: (organisationId = main) => policies.list(organisationId),
    createPolicy: (policy, organisationId = main) => policies.create(policy, organisationId),
    deletePolicy,
    serviceUsers: (organisationId) =>
      [...users.values()].filter(
        (each) => organisationId === undefined || each.organisationId === organisationId,
      ),
    serviceUser,
    findServiceUser: (id) => users.get(id),
    createServiceUser,
    renameServiceUser: (id, name) => change(id, { name }),
    changeDetails: (id, details) =>
      change(id, { details: detailsOf(detailRules, details, serviceUser(id).details ?? {}) }),
    deleteServiceUser: (id) => {
      keys.removeAllOf(serviceUser(id).id);
      users.delete(id);
    },
    addPolicy: (id, policy) => {
      const user = serviceUser(id);
      policies.checkForServiceUser(policy, user.organisationId);
      return change(id, { policies: [...new Set([...user.policies, policy])] });
    },
    removePolicy: (id, policy) => {
      const user = serviceUser(id);
      if (!user.policies.includes(policy)) throw unknown('permission policy of this service user', policy);
      return change(id, { policies: user.policies.filter((each) => each !== policy) });
    },
    keys: (id) => keys.of(serviceUser(id).id),
    generateKey: (id, name) => keys.generate(serviceUser(id), name),
    regenerateKey: (id) => keys.regenerate(id, serviceUser(keys.get(id).serviceUserId)),
    setKeyActive: keys.setActive,
    setPublicKey: keys.setPublicKey,
    deleteKey: keys.remove,
    keyById: keys.find,
    isActive: keys.isActive,
    secretMatches: keys.secretMatches,
    keyBySecret: keys.findBySecret,
    snapshot: () => ({
      serviceUsers: [...users.values()],
      keys: keys.snapshot(),
      policies: policies.snapshot(),
    }),
    restore: (snapshot) => {
      users.clear();
      for (const user of snapshot.serviceUsers) users.set(user.id, user);
      keys.restore(snapshot.keys);
      policies.restore(snapshot.policies);
    },
  };
}

const unknown = (what: string, id: string) =>
  new FishplateError('sandbox.unknown', `The sandbox has no ${what} ${JSON.stringify(id)}`);
