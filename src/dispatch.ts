/** A call comes in; it is checked and becomes the requests it takes: one, one batch after the other, or a read and a write. */
import { callInBatches } from './batched-call.ts';
import type { Connector, Method } from './definition/connector.ts';
import { FishplateError, type InputProblem } from './errors.ts';
import type { LoadedInstallation } from './installation/installation.ts';
import { callMerged } from './merged-call.ts';
import type { Perform } from './perform.ts';
import type { PerformOptions } from './perform-options.ts';
import type { ArgumentChecker, Arguments } from './request/arguments.ts';
import { type Batch, oversizedItems, renumberProblems, splitBatches } from './request/batch.ts';
import { fillArguments } from './request/prepare.ts';
import type { CallOptions, MethodResult } from './runtime-contract.ts';
import { unknownReferences } from './strict-check.ts';
import { callTagged } from './tagged-call.ts';
import type { World } from './wire.ts';

export interface DispatchTools {
  readonly world: World;
  readonly checkerOf: (connector: Connector) => ArgumentChecker;
  readonly perform: Perform;
  readonly pages: (
    loaded: LoadedInstallation,
    method: string,
    args: Arguments,
    options: PerformOptions,
  ) => AsyncIterable<MethodResult>;
}

/** A call that has passed its check. */
export interface CheckedCall {
  readonly method: Method;
  readonly args: Arguments;
  /** The requests of a call that does not merge. */
  readonly batches: readonly Batch[];
}

export interface Dispatcher {
  /** Throws `arguments.invalid` with every problem, `call.no-merge`. Sends nothing. */
  check(connector: Connector, method: Method, args: Arguments, options: CallOptions): CheckedCall;
  dispatch(loaded: LoadedInstallation, call: CheckedCall, options: PerformOptions): Promise<MethodResult>;
}

/** No batch is looked at once this many problems are known: somebody has to read them. */
const MOST_PROBLEMS = 1_000;

export function createDispatcher({ world, checkerOf, perform, pages }: DispatchTools): Dispatcher {
  return {
    check: (connector, method, given, { merge = false }) => {
      if (merge && method.reads === undefined)
        throw new FishplateError(
          'call.no-merge',
          `${method.key} cannot merge: no method reads what it replaces`,
        );
      // What is merged is complete only once the entity was read; it is checked before it is sent.
      if (merge) return { method, args: given, batches: [] };
      const checker = checkerOf(connector);
      if (!method.batch) {
        assertNone(method, checker.problems(method, given));
        return { method, args: given, batches: splitBatches(method, given) };
      }
      // Generated values are given before the split, so that a failed batch can be named with them.
      const args = fillArguments(method, given, world);
      const batches = splitBatches(method, args);
      const problems: InputProblem[] = [];
      for (const batch of batches) {
        if (problems.length >= MOST_PROBLEMS) break;
        problems.push(...renumberProblems(method, batch.first, checker.problems(method, batch.args)));
      }
      assertNone(method, [...problems, ...oversizedItems(method, args)]);
      return { method, args, batches };
    },

    dispatch: (loaded, call, options) => {
      const { method, batches } = call;
      const [only] = batches;
      // What nearly every call is: one request.
      if (only && batches.length === 1 && !options.merge && !options.strict && !method.etag)
        return perform(loaded, method, only.args, options);
      return dispatchSeveral(loaded, call, options);
    },
  };

  async function dispatchSeveral(
    loaded: LoadedInstallation,
    { method, args, batches }: CheckedCall,
    options: PerformOptions,
  ): Promise<MethodResult> {
    const { connector } = loaded;
    const send = (target: Method, its: Arguments) => {
      checkerOf(connector).assert(target, its);
      return perform(loaded, target, its, options);
    };
    if (options.merge) {
      const reader = connector.methods[method.reads ?? ''];
      if (!reader) throw new TypeError(`${method.key} has no method that reads`);
      return callMerged(connector, method, reader, args, checkerOf(connector).unknownFields, send);
    }
    if (options.strict) await assertReferences(loaded, method, batches, options);
    const sendTagged = (its: Arguments) => callTagged(connector, method, its, send);
    const [only] = batches;
    return only && batches.length === 1 ? sendTagged(only.args) : callInBatches(method, batches, sendTagged);
  }

  async function assertReferences(
    loaded: LoadedInstallation,
    method: Method,
    batches: readonly Batch[],
    options: PerformOptions,
  ): Promise<void> {
    const { batch } = method;
    if (!batch?.strict) return;
    const { strict, items } = batch;
    const rows = batches.flatMap((part) => part.items);
    const problems = await unknownReferences(strict, items, rows, (its) =>
      pages(loaded, strict.method, its, options),
    );
    assertNone(method, problems);
  }
}

function assertNone(method: Method, problems: readonly InputProblem[]): void {
  if (problems.length === 0) return;
  const list = problems
    .slice(0, 20)
    .map((problem) => `${problem.path} ${problem.message}`)
    .join('; ');
  const more = problems.length > 20 ? `; and ${problems.length - 20} more` : '';
  throw new FishplateError('arguments.invalid', `${method.key}: ${list}${more}`, { problems });
}
