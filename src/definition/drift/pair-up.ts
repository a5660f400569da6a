/** The alternatives of two unions come in; the pairs that are most alike, and those without a counterpart, go out. */
import { isObject } from './document.ts';
import { readStatement } from './keywords.ts';
import type { Node } from './node.ts';
import { shapeOf } from './shape.ts';

interface Single {
  readonly index: number;
  readonly node: Node;
}

export interface Pairing {
  readonly matched: readonly { readonly index: number; readonly expected: Node; readonly actual: Node }[];
  readonly missing: readonly Single[];
  readonly extra: readonly Single[];
  /** Whether there is a choice on either side. */
  readonly isUnion: boolean;
}

/** Pairs greedily, the most similar first. Indexes count the alternatives of the document, for `extra` the others. */
export function pairUp(expected: readonly Node[], actual: readonly Node[]): Pairing {
  const isUnion = expected.length > 1 || actual.length > 1;
  const [left, right] = [expected, actual].map((nodes) =>
    nodes.map((node) => (isUnion ? marksOf(node) : new Set())),
  );
  const pairs = expected
    .flatMap((_, index) =>
      actual.map((_, other) => ({ index, other, score: likeness(left?.[index], right?.[other]) })),
    )
    .sort((a, b) => b.score - a.score || a.index - b.index || a.other - b.other);
  const matched = new Map<number, number>();
  const taken = new Set<number>();
  for (const { index, other } of pairs) {
    if (matched.has(index) || taken.has(other)) continue;
    matched.set(index, other);
    taken.add(other);
  }
  const singles = (nodes: readonly Node[], isTaken: (index: number) => boolean) =>
    nodes.map((node, index) => ({ index, node })).filter(({ index }) => !isTaken(index));
  return {
    matched: expected.flatMap((node, index) => {
      const other = actual[matched.get(index) ?? -1];
      return other ? [{ index, expected: node, actual: other }] : [];
    }),
    missing: singles(expected, (index) => matched.has(index)),
    extra: singles(actual, (index) => taken.has(index)),
    isUnion,
  };
}

/** What tells one alternative from another: types, fields, and the one value that it or a field of it can have. */
function marksOf(node: Node): Set<string> {
  const { types, keywords, required, fields } = shapeOf(node);
  const marks = [...types, ...[...required].map((name) => `required ${name}`), ...onlyValue(keywords)];
  for (const [name, schemas] of fields) {
    marks.push(`field ${name}`);
    for (const schema of schemas.filter(isObject))
      marks.push(...onlyValue(readStatement(schema).keywords).map((value) => `field ${name} ${value}`));
  }
  return new Set(marks);
}

function onlyValue(keywords: ReadonlyMap<string, unknown>): string[] {
  const choices = keywords.get('enum');
  return Array.isArray(choices) && choices.length === 1 ? [`value ${String(choices[0])}`] : [];
}

/** Shared marks as a part of all marks, 0 to 1. */
function likeness(one: ReadonlySet<unknown> = new Set(), other: ReadonlySet<unknown> = new Set()): number {
  const shared = [...one].filter((mark) => other.has(mark)).length;
  return shared / Math.max(1, one.size + other.size - shared);
}
