/** A definition and its script come in; what the vendor's screens allow, and what faults can be aimed at, go out. */
import type { Connector } from '../definition/connector.ts';
import type { DetailRules } from './details.ts';
import { portsOf } from './ports.ts';
import { type AccessKeyRules, accessKeyRulesOf, type SandboxScript, tokenRulesOf } from './script.ts';

export interface VendorRules {
  readonly accessKeys: Pick<
    AccessKeyRules,
    'maximum' | 'regenerate' | 'deleteActive' | 'active' | 'inactive'
  >;
  /** What the form for service users asks beside name and policies. */
  readonly serviceUsers?: { readonly details?: DetailRules };
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
  const { maximum, regenerate, deleteActive, active, inactive } = accessKeyRulesOf(script);
  const lifetime = tokenRulesOf(script).lifetimeSeconds ?? tokenLifetimeOf(connector);
  return {
    accessKeys: { regenerate, deleteActive, active, inactive, ...(maximum !== undefined && { maximum }) },
    ...(script.serviceUsers && { serviceUsers: script.serviceUsers }),
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
