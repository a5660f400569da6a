/** What the checks that call the vendor share: the connector as it is installed, what is known of it, and where findings go. */
import type { AuthMethod, Method } from '../definition/connector.ts';
import { type FishplateError, isFishplateError } from '../errors.ts';
import type { Arguments } from '../request/arguments.ts';
import type { MethodResult } from '../runtime-contract.ts';
import type { Bed } from './bed.ts';
import type { Known } from './known.ts';
import type { Places } from './places.ts';
import type { Findings } from './report.ts';
import type { Samples } from './samples.ts';
import type { ConformanceScript } from './script.ts';

export interface Stage {
  readonly bed: Bed;
  readonly auth: AuthMethod;
  /** Id of the installation with a good key. */
  readonly installation: string;
  /** What may be seen nowhere. */
  readonly secrets: readonly string[];
  readonly given: ConformanceScript;
  readonly known: Known;
  readonly samples: Samples;
  readonly findings: Findings;
  readonly places: Places;
  /** By method key: what was sent and what came, of the first call that went well. */
  readonly results: Map<string, CallDone>;
}

export interface CallDone {
  readonly args: Arguments;
  readonly result: MethodResult;
}

/** Calls a method of the good installation. An error of ours is a result; anything else is a defect, and thrown. */
export async function tryCall(
  { bed: { runtime, account }, installation }: Stage,
  method: Method,
  args: Arguments,
): Promise<MethodResult | FishplateError> {
  try {
    return await runtime.call(account, installation, method.key, args);
  } catch (error) {
    if (isFishplateError(error)) return error;
    throw error;
  }
}

/** An error in the words of a report. */
export function describeError({ code, message, problems }: FishplateError): string {
  const more = problems
    .map(({ path, message: said }) => `${path} ${said}`.trim())
    .filter((text) => !message.includes(text));
  return `${code}: ${[message, ...more].join('; ')}`;
}

/** Where people look first when the sandbox refuses a request. */
export function mendOf({ code }: FishplateError): string {
  if (code === 'arguments.invalid')
    return 'Give the schema an example that satisfies it, or lay over the sample in conformance.yaml, under samples.';
  if (code === 'vendor.not-found')
    return 'Compare the path with those of the methods beside it; ids come from what other methods answer (see ids and samples in conformance.yaml).';
  if (code === 'vendor.invalid' || code === 'vendor.conflict')
    return 'Correct the request under samples in conformance.yaml, or the rule in sandbox.yaml that refuses it.';
  if (code === 'response.unreadable')
    return 'The response schema promises JSON: correct it, or how sandbox.yaml answers.';
  return 'See what sandbox.yaml says of the method; fishplate harness plays the same vendor to try it by hand.';
}
