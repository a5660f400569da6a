/** Arguments whose list is too long for one request come in; the requests it is split into go out. */
import type { Batching, Method } from '../definition/connector.ts';
import type { InputProblem } from '../errors.ts';
import { type Arguments, argumentOf } from './arguments.ts';

/** A part of the list, as the arguments of a request of its own. */
export interface Batch {
  readonly args: Arguments;
  /** Index of its first item in the caller's list. */
  readonly first: number;
  readonly items: readonly unknown[];
}

/**
 * Splits by number of items and by bytes of the encoded body, in order, each request as full as it may be. Arguments
 * that have no such list, or one that fits, stay whole; so does what is not a list, for the check to name.
 */
export function splitBatches(method: Method, args: Arguments): readonly Batch[] {
  const list = listOf(method, args);
  if (!method.batch || list === undefined) return [{ args, first: 0, items: [] }];
  const { maximum, maximumBytes } = method.batch;
  const emptyBytes = bytesOf(argsWith(method.batch, args, []).body);
  const batches: Batch[] = [];
  let items: unknown[] = [];
  let bytes = emptyBytes;
  const close = (next: number) => {
    batches.push({
      args: argsWith(method.batch as Batching, args, items),
      first: next - items.length,
      items,
    });
    items = [];
    bytes = emptyBytes;
  };
  for (const [index, item] of list.entries()) {
    // A comma stands between two items.
    const more = bytesOf(item) + (items.length > 0 ? 1 : 0);
    if (items.length > 0 && (items.length >= maximum || bytes + more > maximumBytes)) close(index);
    bytes += bytesOf(item) + (items.length > 0 ? 1 : 0);
    items.push(item);
  }
  close(list.length);
  return batches;
}

/** Items that are too large for a request of their own. */
export function oversizedItems(method: Method, args: Arguments): InputProblem[] {
  const list = listOf(method, args);
  if (!method.batch || list === undefined) return [];
  const { items, maximumBytes } = method.batch;
  const emptyBytes = bytesOf(argsWith(method.batch, args, []).body);
  return list.flatMap((item, index): InputProblem[] => {
    const bytes = emptyBytes + bytesOf(item);
    if (bytes <= maximumBytes) return [];
    return [
      {
        path: `body.${items}.${index}`,
        message: `makes a request of ${bytes} bytes; ${maximumBytes} are allowed`,
      },
    ];
  });
}

/** Problems of a batch, named by the caller's indexes. */
export function renumberProblems(
  method: Method,
  first: number,
  problems: readonly InputProblem[],
): InputProblem[] {
  const head = `body.${method.batch?.items}.`;
  return problems.map((problem) => {
    if (first === 0 || !problem.path.startsWith(head)) return problem;
    const [index = '', ...rest] = problem.path.slice(head.length).split('.');
    return /^\d+$/.test(index)
      ? { ...problem, path: [`${head}${Number(index) + first}`, ...rest].join('.') }
      : problem;
  });
}

function listOf(method: Method, args: Arguments): readonly unknown[] | undefined {
  const body = argumentOf(args, 'body');
  if (!method.batch || typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const list = argumentOf(body as Arguments, method.batch.items);
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

const argsWith = (batch: Batching, args: Arguments, items: readonly unknown[]): Arguments => ({
  ...args,
  body: { ...(args.body as Record<string, unknown>), [batch.items]: items },
});

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? 'null');
