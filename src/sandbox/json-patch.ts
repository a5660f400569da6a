/** An entity and JSON Patch operations (RFC 6902) come in, the patched entity goes out. */
import type { Entity } from './collections.ts';
import { isObject } from './dotted.ts';
import { Refusal } from './refusal.ts';

/** Throws the refusal badBody for operations that cannot be carried out; none of them is then. */
export function patchEntity(entity: Entity, operations: unknown): Entity {
  const patched = [operations ?? []].flat().reduce<unknown>(applyOne, structuredClone(entity));
  if (!isObject(patched)) throw new Refusal('badBody', 'The patch leaves no entity');
  return patched;
}

function applyOne(document: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw new Refusal('badBody', 'A patch is a list of operations');
  const { op, value } = operation;
  const path = pointerOf(operation.path);
  switch (op) {
    case 'add':
    case 'replace':
      return put(document, path, value, op);
    case 'remove':
      return put(document, path, undefined, 'remove');
    case 'test':
      if (JSON.stringify(read(document, path)) === JSON.stringify(value)) return document;
      throw new Refusal('badBody', `The patch expects another value at ${String(operation.path)}`);
    case 'copy':
      return put(document, path, structuredClone(read(document, pointerOf(operation.from))), 'add');
    case 'move': {
      const from = pointerOf(operation.from);
      return put(put(document, from, undefined, 'remove'), path, read(document, from), 'add');
    }
    default:
      throw new Refusal('badBody', `There is no patch operation ${JSON.stringify(op)}`);
  }
}

/** RFC 6901. */
function pointerOf(text: unknown): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    throw new Refusal('badBody', `${JSON.stringify(text)} is no JSON Pointer`);
  const steps = text.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, path: readonly string[]): unknown {
  let here = document;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) throw nothingAt(path);
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

function put(
  document: unknown,
  [step, ...rest]: readonly string[],
  value: unknown,
  op: 'add' | 'replace' | 'remove',
): unknown {
  if (step === undefined) return value;
  if (Array.isArray(document)) return putItem(document, step, rest, value, op);
  if (!isObject(document)) throw nothingAt([step]);
  const known = Object.hasOwn(document, step);
  if (!known && (rest.length > 0 || op !== 'add')) throw nothingAt([step]);
  if (rest.length === 0 && op === 'remove')
    return Object.fromEntries(Object.entries(document).filter(([name]) => name !== step));
  return { ...document, [step]: put(document[step], rest, value, op) };
}

function putItem(
  list: readonly unknown[],
  step: string,
  rest: readonly string[],
  value: unknown,
  op: 'add' | 'replace' | 'remove',
): unknown[] {
  const isNew = rest.length === 0 && op === 'add';
  const at = step === '-' && isNew ? list.length : /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (at < 0 || at > list.length - (isNew ? 0 : 1)) throw nothingAt([step]);
  if (isNew) return list.toSpliced(at, 0, value);
  if (rest.length === 0 && op === 'remove') return list.toSpliced(at, 1);
  return list.with(at, put(list[at], rest, value, op));
}

const nothingAt = (path: readonly string[]) =>
  new Refusal('badBody', `The patch finds nothing at /${path.join('/')}`);
