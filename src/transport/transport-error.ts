/** What went wrong on the way comes in, by code of Node.js, undici or axios; an error that holds nothing of the request goes out. */
import { type ErrorCode, FishplateError } from '../errors.ts';
import type { Outcome } from '../wire.ts';
import { ADDRESS_REFUSED } from './address-guard.ts';

/**
 * What a connection of ours that was reset says for `ECONNRESET`. By that name undici takes a reset for the end of an answer
 * that has no length of its own, and hands out what has come by then as if it were all of it.
 */
export const RESET = 'FISHPLATE_RESET';

/** The times that a request may take, in milliseconds. */
export interface TimeLimits {
  readonly connectMs: number;
  /** From the request to the head of the answer. */
  readonly headersMs: number;
  /** Between two parts of an answer. */
  readonly bodyMs: number;
  /** For all of it. */
  readonly wholeMs: number;
}

interface Fault {
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly text: (host: string, limits: TimeLimits) => string;
  readonly hint?: string;
  /** Whether the code of the cause belongs into the message. */
  readonly coded?: boolean;
}

const ms = (value: number) => `${Math.round(value)} ms`;

/** What can go wrong, and what is known of the request then. */
export const faults = {
  hostNotFound: {
    code: 'transport.host-not-found',
    outcome: 'not-sent',
    text: (host) => `the host ${host} does not exist`,
  },
  addressRefused: {
    code: 'transport.address-refused',
    outcome: 'not-sent',
    text: (host) => `${host} is at an address that is not public`,
  },
  unreachable: {
    code: 'transport.unreachable',
    outcome: 'not-sent',
    text: (host) => `no connection to ${host}`,
    coded: true,
  },
  connectTimeout: {
    code: 'transport.unreachable',
    outcome: 'not-sent',
    text: (host, { connectMs }) => `no connection to ${host} within ${ms(connectMs)}`,
  },
  interrupted: {
    code: 'transport.interrupted',
    outcome: 'sent-unknown',
    text: (host) => `the connection to ${host} broke`,
    coded: true,
  },
  damaged: {
    code: 'transport.interrupted',
    outcome: 'sent-unknown',
    text: (host) => `the answer of ${host} came damaged: it cannot be unpacked`,
    coded: true,
  },
  notSentInTime: {
    code: 'transport.timeout',
    outcome: 'not-sent',
    text: (host, { wholeMs }) => `the request to ${host} could not be sent within ${ms(wholeMs)}`,
    hint: 'Nothing was sent: try again later, or give it more time.',
  },
  timeout: {
    code: 'transport.timeout',
    outcome: 'sent-unknown',
    text: (host, { wholeMs }) => `no answer from ${host} within ${ms(wholeMs)}`,
  },
  headersTimeout: {
    code: 'transport.timeout',
    outcome: 'sent-unknown',
    text: (host, { headersMs }) => `${host} did not begin to answer within ${ms(headersMs)}`,
  },
  bodyTimeout: {
    code: 'transport.timeout',
    outcome: 'sent-unknown',
    text: (host, { bodyMs }) => `the answer of ${host} stood still for ${ms(bodyMs)}`,
  },
  tooLarge: {
    code: 'transport.too-large',
    outcome: 'sent-unknown',
    text: (host) => `the answer of ${host} is over the size cap`,
  },
  cancelled: {
    code: 'transport.cancelled',
    outcome: 'sent-unknown',
    text: (host) => `the request to ${host} was cancelled`,
  },
  closed: {
    code: 'transport.cancelled',
    outcome: 'sent-unknown',
    text: (host) => `the request to ${host} was cancelled: the connections are being closed`,
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Anything that is not listed may have reached the vendor, so it counts as interrupted. */
const namesByCode: ReadonlyMap<string, FaultName> = new Map([
  ['ENOTFOUND', 'hostNotFound'],
  [ADDRESS_REFUSED, 'addressRefused'],
  ['EAI_AGAIN', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EPROTO', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connectTimeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'headersTimeout'],
  ['UND_ERR_BODY_TIMEOUT', 'bodyTimeout'],
  ['UND_ERR_DESTROYED', 'closed'],
  ['UND_ERR_CLOSED', 'closed'],
  ['ERR_CANCELED', 'cancelled'],
  ['ECONNABORTED', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
]);

// Codes of OpenSSL and Node.js for a certificate that is not believed.
const DISTRUST = /^(?:CERT_|UNABLE_TO_|ERR_TLS_CERT_|\w*SELF_SIGNED_CERT)/;

/** The fault that an error of the network stands for. */
export function faultOf(error: unknown): FaultName {
  const { code, syscall, errors } = detailsOf(error);
  // Several errors at once come from trying one address of the host after the other.
  if (syscall === 'connect' || Array.isArray(errors) || DISTRUST.test(code)) return 'unreachable';
  return namesByCode.get(code) ?? 'interrupted';
}

/** The same for a request that has left, or a part of it: whatever happened, it may have been done. */
export function faultAfterSending(error: unknown): FaultName {
  const name = faultOf(error);
  // Systems say of connections that were made long ago, too, that their network or host is gone.
  return faults[name].outcome === 'not-sent' ? 'interrupted' : name;
}

/** The same for a request of which no byte has left: whatever happened, it was not sent. */
export function faultBeforeSending(error: unknown): FaultName {
  const name = faultOf(error);
  return faults[name].outcome === 'not-sent' || name === 'closed' || name === 'cancelled'
    ? name
    : 'unreachable';
}

/** The error of a fault. Nothing of the request but its host is in it, and no cause: causes carry headers. */
export function transportError(
  name: FaultName,
  host: string,
  limits: TimeLimits,
  { cause, outcome }: { readonly cause?: unknown; readonly outcome?: Outcome | undefined } = {},
): FishplateError {
  const fault: Fault = faults[name];
  const { code, address } = detailsOf(cause);
  const detail = name === 'addressRefused' ? address : fault.coded ? code : '';
  const message = `${fault.text(host, limits)}${detail === '' ? '' : ` (${detail})`}`;
  return new FishplateError(fault.code, message, {
    outcome: outcome ?? fault.outcome,
    ...(fault.hint !== undefined && { hint: fault.hint }),
  });
}

function detailsOf(error: unknown) {
  const { code, syscall, errors, address } = (error ?? {}) as Record<string, unknown>;
  return {
    ...{ syscall, errors },
    code: code === RESET ? 'ECONNRESET' : typeof code === 'string' ? code : '',
    address: typeof address === 'string' ? address : '',
  };
}
