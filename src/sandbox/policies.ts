/** The vendor's permission policies: those of sandbox.yaml for every organisation, and each organisation's own. */
import { FishplateError } from '../errors.ts';
import type { PermissionPolicy, SandboxScript } from './script.ts';

export interface OwnPolicy extends PermissionPolicy {
  readonly organisationId: string;
}

/** Errors: `sandbox.unknown` for names that do not exist, `sandbox.not-allowed` for what the vendor forbids. */
export interface Policies {
  list(organisationId: string): readonly PermissionPolicy[];
  /** Throws `sandbox.unknown`. */
  check(name: string, organisationId: string): void;
  /** Throws `sandbox.unknown`, and `sandbox.not-allowed` for what the vendor gives to no service user. */
  checkForServiceUser(name: string, organisationId: string): void;
  create(policy: PermissionPolicy, organisationId: string): PermissionPolicy;
  /** Policies of sandbox.yaml are immutable. */
  remove(name: string, organisationId: string): void;
  /** Without the policies of sandbox.yaml. */
  snapshot(): readonly OwnPolicy[];
  restore(policies: readonly OwnPolicy[]): void;
}

export function createPolicies(script: SandboxScript): Policies {
  let own: readonly OwnPolicy[] = [];
  const list = (organisationId: string): PermissionPolicy[] => [
    ...script.policies,
    ...own.filter((each) => each.organisationId === organisationId),
  ];
  const has = (name: string, organisationId: string) =>
    list(organisationId).some((each) => each.name === name);

  function check(name: string, organisationId: string): void {
    if (has(name, organisationId)) return;
    const names = list(organisationId).map((each) => each.name);
    const message = `The sandbox has no permission policy ${JSON.stringify(name)}`;
    throw new FishplateError('sandbox.unknown', message, { hint: `There are ${names.join(', ')}.` });
  }

  function checkForServiceUser(name: string, organisationId: string): void {
    check(name, organisationId);
    const policy = list(organisationId).find((each) => each.name === name);
    if (policy?.serviceUsers === false)
      throw notAllowed(`A service user cannot have the permission policy "${name}"`);
  }

  return {
    list,
    check,
    checkForServiceUser,
    create: (policy, organisationId) => {
      if (has(policy.name, organisationId))
        throw notAllowed(`There is a permission policy "${policy.name}" already`);
      const created = { ...policy, managed: false, organisationId };
      own = [...own, created];
      return created;
    },
    remove: (name, organisationId) => {
      check(name, organisationId);
      if (script.policies.some((each) => each.name === name))
        throw notAllowed(`The permission policy "${name}" is managed and cannot be changed`);
      own = own.filter((each) => each.name !== name || each.organisationId !== organisationId);
    },
    snapshot: () => own,
    restore: (policies) => {
      own = policies;
    },
  };
}

const notAllowed = (message: string) => new FishplateError('sandbox.not-allowed', message);
