/** What a screen under /_sandbox is: the words that its routes share. */
import type { Connector, JsonSchema } from '../definition/connector.ts';
import type { SandboxAccess } from './access.ts';
import type { Collections } from './collections.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxScript } from './script.ts';
import type { Vendor } from './vendor.ts';

export interface AdminParts {
  readonly access: SandboxAccess;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly collections: Collections;
  readonly vendor: Vendor;
  readonly connector: Connector;
  readonly script: SandboxScript;
}

export interface AdminInput {
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  /** Checked against the route's schema, if it has one. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AdminRoute {
  readonly verb: string;
  /** Segments; `*` takes one of any text, a last `**` the rest. */
  readonly path: string;
  readonly schema?: JsonSchema;
  readonly status?: number;
  readonly answer: (input: AdminInput) => unknown;
}
