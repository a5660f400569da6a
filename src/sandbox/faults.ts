/** Faults on demand: which requests shall go wrong, and how, comes in; the fault that a request meets goes out. */
import type { JsonSchema } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { createSchemaChecker } from '../schema.ts';
import { isRefusalName } from './refusal.ts';
import type { Switches } from './vendor.ts';

/** Which requests (all conditions that are given must hold), how often, and what happens to them. */
export interface Fault {
  /** Name of a host of the definition. */
  readonly host?: string;
  /** A method's key, `token` for a token endpoint, or `file` for downloads and uploads. */
  readonly method?: string;
  readonly pathPrefix?: string;
  /** How many requests; absent: until the faults are cleared. */
  readonly times?: number;
  /** Waits this long before the answer, in milliseconds. */
  readonly delayMs?: number;
  /** Answers this status in place of the vendor; the request is not processed. */
  readonly status?: number;
  /** With `status`: JSON, or a text that is sent as it is. Default: the vendor's error body. */
  readonly body?: unknown;
  /** Added to the answer, whoever gave it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the connection: `before` anything of the request is processed, or `after`, in place of the answer. */
  readonly drop?: 'before' | 'after';
  /** Breaks the connection in the middle of the answer's body. */
  readonly truncate?: boolean;
  /** The Content-Type that the answer claims to have. */
  readonly contentType?: string;
}

/** A fault that is still to come, with a name by which it can be taken away. */
export interface NamedFault extends Fault {
  readonly id: string;
}

export interface FaultyRequest {
  readonly hosts: readonly string[];
  readonly method: string | undefined;
  readonly path: string;
}

export interface Faults {
  /** Faults are tried in the order in which they were added. Throws `input.invalid`. */
  add(fault: Fault): void;
  /** Those that are still to come, with the `times` that are left. */
  list(): readonly Fault[];
  /** The same with their names. */
  named(): readonly NamedFault[];
  /** Takes one away. Throws `sandbox.unknown`. */
  remove(id: string): void;
  /** Replaces all switches. Throws `input.invalid`. */
  set(switches: Switches): void;
  switches(): Switches;
  /** Takes all faults and switches away. */
  clear(): void;
  /** The first fault that concerns the request, counted down. */
  take(request: FaultyRequest): Fault | undefined;
}

const faultSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: ['delayMs', 'status', 'headers', 'drop', 'truncate', 'contentType'].map((name) => ({
    required: [name],
  })),
  properties: {
    host: { type: 'string' },
    method: { type: 'string' },
    pathPrefix: { type: 'string', pattern: '^/' },
    times: { type: 'integer', minimum: 1 },
    delayMs: { type: 'integer', minimum: 0, maximum: 3_600_000 },
    status: { type: 'integer', minimum: 200, maximum: 599 },
    body: true,
    headers: {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z0-9-]+$' },
      additionalProperties: { type: 'string', pattern: '^[\\x20-\\x7e]*$' },
    },
    drop: { enum: ['before', 'after'] },
    truncate: { type: 'boolean' },
    contentType: { type: 'string', pattern: '^[\\x20-\\x7e]+$' },
  },
};

const switchesSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    tokenLifetimeSeconds: { type: 'integer', minimum: 1 },
    clockSkewSeconds: { type: 'number' },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: { retryAfter: { type: 'boolean' } },
    },
    refusals: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          status: { type: 'integer', minimum: 400, maximum: 599 },
          sentAs: { type: 'integer', minimum: 200, maximum: 599 },
          message: { type: 'string', minLength: 1 },
        },
      },
    },
  },
};

interface Standing {
  readonly id: string;
  readonly fault: Fault;
  readonly left: number;
}

/** With the times that are left. */
const leftOf = ({ fault, left }: Standing): Fault =>
  fault.times === undefined ? fault : { ...fault, times: left };

/** No faults, no switches. */
export function createFaults(): Faults {
  const checker = createSchemaChecker();
  let faults: readonly Standing[] = [];
  let added = 0;
  let switches: Switches = {};

  function check(what: string, schema: JsonSchema, value: unknown): void {
    const problems = checker.check(schema, value);
    if (problems.length > 0)
      throw new FishplateError('input.invalid', `The ${what} cannot be used`, { problems });
  }

  return {
    add: (fault) => {
      check('fault', faultSchema, fault);
      added++;
      faults = [...faults, { id: `fault-${added}`, fault, left: fault.times ?? Number.POSITIVE_INFINITY }];
    },
    list: () => faults.map(leftOf),
    named: () => faults.map((each) => ({ id: each.id, ...leftOf(each) })),
    remove: (id) => {
      if (!faults.some((each) => each.id === id))
        throw new FishplateError(
          'sandbox.unknown',
          `There is no fault ${JSON.stringify(id)}, or it has happened`,
        );
      faults = faults.filter((each) => each.id !== id);
    },
    set: (next) => {
      check('switches', switchesSchema, next);
      const unknown = Object.keys(next.refusals ?? {}).filter((name) => !isRefusalName(name));
      const problems = unknown.map((name) => ({ path: `refusals.${name}`, message: 'is not known here' }));
      if (problems.length > 0)
        throw new FishplateError('input.invalid', 'The switches cannot be used', { problems });
      switches = next;
    },
    switches: () => switches,
    clear: () => {
      faults = [];
      switches = {};
    },
    take: (request) => {
      const taken = faults.find(({ fault }) => concerns(fault, request));
      if (!taken) return undefined;
      faults = faults
        .map((each) => (each === taken ? { ...each, left: each.left - 1 } : each))
        .filter(({ left }) => left > 0);
      return taken.fault;
    },
  };
}

function concerns(fault: Fault, request: FaultyRequest): boolean {
  if (fault.host !== undefined && !request.hosts.includes(fault.host)) return false;
  if (fault.method !== undefined && fault.method !== request.method) return false;
  return fault.pathPrefix === undefined || request.path.startsWith(fault.pathPrefix);
}
