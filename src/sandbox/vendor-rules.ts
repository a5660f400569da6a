/** A definition and its script come in; what the vendor's screens allow, and what faults can be aimed at, go out. */
import type { Connector } from '../definition/connector.ts';
import type { DetailRules } from './details.ts';
import { portsOf } from './ports.ts';
import {
  type AccessKeyRules,
  accessKeyRulesOf,
  type SandboxScript,
  tokenRulesOf,
  type VendorWords,
} from './script.ts';

export interface VendorRules {
  readonly accessKeys: Pick<
    AccessKeyRules,
    'maximum' | 'regenerate' | 'deleteActive' | 'switchable' | 'named' | 'active' | 'inactive'
  > & {
    /** Whether there are clients that sign, whose public keys are registered. */
    readonly publicKeys: boolean;
  };
  /** What the form for service users asks beside name and policies. */
  readonly serviceUsers?: { readonly details?: DetailRules };
  /** What the vendor's screens call things, where it differs from the usual words. */
  readonly words?: VendorWords;
  /** Whether refusals may be switched to come as 200, with their status in the body alone. */
  readonly statusInBody?: boolean;
  /** Of the tokens that are issued unless a switch says otherwise; absent where the vendor issues none. */
  readonly tokenLifetimeSeconds?: number;
  /** Names of the definition's hosts. */
  readonly hosts: readonly string[];
  /** Keys of the definition's methods, sorted. */
  readonly methods: readonly string[];
  /** Whether the definition has limits that can be enforced. */
  readonly limits: boolean;
}

/** Secrets and the texts of copy forms are not among them: those come with a new key only. */
export function vendorRulesOf(connector: Connector, script: SandboxScript): VendorRules {
  const { maximum, regenerate, deleteActive, switchable, named, active, inactive } = accessKeyRulesOf(script);
  const lifetime = tokenRulesOf(script).lifetimeSeconds ?? tokenLifetimeOf(connector);
  return {
    accessKeys: {
      ...{ regenerate, deleteActive, switchable, named, active, inactive },
      publicKeys: connector.auth.some((auth) => 'assertion' in auth && auth.assertion !== undefined),
      ...(maximum !== undefined && { maximum }),
    },
    ...(script.serviceUsers && { serviceUsers: script.serviceUsers }),
    ...(script.words && { words: script.words }),
    ...(script.statusInBody && { statusInBody: true }),
    ...(lifetime !== undefined && { tokenLifetimeSeconds: lifetime }),
    hosts: portsOf(connector).flatMap((port) => port.hosts),
    methods: Object.keys(connector.methods).sort(),
    limits: Object.keys(connector.limits).length > 0,
  };
}

function tokenLifetimeOf({ auth }: Connector): number | undefined {
  const issuing = auth.find((each) => 'lifetimeSeconds' in each);
  return issuing && 'lifetimeSeconds' in issuing ? issuing.lifetimeSeconds : undefined;
}
