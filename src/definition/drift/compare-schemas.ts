/** A schema of the document and one of the definition come in; where they differ, at every depth, goes out. */
import { canonical, type Finding } from './difference.ts';
import { isBound } from './keywords.ts';
import type { Node, NodeReader } from './node.ts';
import { pairUp } from './pair-up.ts';
import { type Shape, shapeOf, summarise } from './shape.ts';

/** How the schemas of both sides are read. */
export interface Readers {
  readonly expected: NodeReader;
  readonly actual: NodeReader;
}

export type SchemaFinding = Omit<Finding, 'where'>;

interface Pair {
  readonly expected: Node;
  readonly actual: Node;
  readonly path: string;
}

/** Whether a schema is of what is sent or of what is answered: fields may be marked as only read or only written. */
export type Direction = 'request' | 'response';

/**
 * Compares level by level, so that what recurs is reported at its shortest path. Two schemas that were compared are not
 * compared again below the same root.
 */
export function compareSchemas(
  readers: Readers,
  expected: unknown,
  actual: unknown,
  direction: Direction,
  root = '',
): SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  const queue: Pair[] = [
    { expected: readers.expected.read([expected]), actual: readers.actual.read([actual]), path: root },
  ];
  const nameOf = createNames();
  const seen = new Set<string>();
  for (const pair of queue) {
    const name = `${nameOf(pair.expected)} ${nameOf(pair.actual)}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const { matched, missing, extra, isUnion } = pairUp(
      readers.expected.alternatives(pair.expected),
      readers.actual.alternatives(pair.actual),
    );
    const at = (index: number) => (isUnion ? `${pair.path}|${index + 1}` : pair.path);
    for (const { index, node } of missing)
      findings.push({ path: at(index), what: 'missing', expected: summarise(shapeOf(node)), actual: null });
    for (const { index, node } of extra)
      findings.push({ path: at(index), what: 'extra', expected: null, actual: summarise(shapeOf(node)) });
    for (const { index, expected: one, actual: other } of matched)
      compareShapes({ readers, direction, findings, queue, path: at(index) }, shapeOf(one), shapeOf(other));
  }
  return findings;
}

interface Place {
  readonly readers: Readers;
  readonly direction: Direction;
  readonly findings: SchemaFinding[];
  readonly queue: Pair[];
  readonly path: string;
}

function compareShapes(place: Place, expected: Shape, actual: Shape): void {
  const [types, ownTypes] = [expected.types, actual.types].map((list) => (list.length > 0 ? list : null));
  if (canonical(types) !== canonical(ownTypes)) {
    report(place, 'type', types, ownTypes);
    if (!expected.types.some((type) => actual.types.includes(type))) return;
  }
  compareKeywords(place, expected.keywords, actual.keywords);
  compareNested(place, 'items', '[]', expected.items, actual.items);
  compareNested(place, 'additionalProperties', '{}', expected.values, actual.values);
  compareFields(place, expected, actual);
}

function compareKeywords(place: Place, expected: Shape['keywords'], actual: Shape['keywords']): void {
  const isListed = expected.has('enum') && actual.has('enum');
  for (const keyword of new Set([...expected.keys(), ...actual.keys()])) {
    // Marks of a field as a whole; and bounds add nothing to values that are listed.
    if (/^(?:read|write)Only$/.test(keyword) || (isListed && isBound(keyword))) continue;
    const values = [expected, actual].map((keywords) => keywords.get(keyword) ?? null);
    const [one, other] = keyword === 'enum' ? values.map(inOrder) : values;
    if (canonical(one) !== canonical(other)) report(place, keyword, one, other);
  }
}

const inOrder = (list: unknown) => (Array.isArray(list) ? list.toSorted() : list);

/** Compares the schemas of items, or of a map's values. Those that say nothing are as good as none. */
function compareNested(
  { readers, findings, queue, path }: Place,
  what: string,
  step: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
): void {
  const [one, other] = [readers.expected.read(expected), readers.actual.read(actual)];
  const name = (node: Node) => (isTelling(node) ? summarise(shapeOf(node)) : null);
  if (isTelling(one) && isTelling(other))
    queue.push({ expected: one, actual: other, path: `${path}${step}` });
  else if (isTelling(one) || isTelling(other))
    findings.push({ path, what, expected: name(one), actual: name(other) });
}

const isTelling = ({ parts, unions }: Node): boolean => parts.length > 0 || unions.length > 0;

function compareFields(place: Place, expected: Shape, actual: Shape): void {
  const { readers, direction, findings, queue, path } = place;
  const wanted = presentFields(expected, readers.expected, direction);
  const given = presentFields(actual, readers.actual, direction);
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const [name, node] of wanted) {
    const own = given.get(name);
    if (own) queue.push({ expected: node, actual: own, path: at(name) });
    else findings.push({ path: at(name), what: 'missing', expected: summarise(shapeOf(node)), actual: null });
  }
  for (const [name, node] of given)
    if (!wanted.has(name))
      findings.push({ path: at(name), what: 'extra', expected: null, actual: summarise(shapeOf(node)) });
  for (const name of new Set([...expected.required, ...actual.required])) {
    const [one, other] = [expected.required.has(name), actual.required.has(name)];
    // A field that one side lacks has been reported already, and one that does not travel is not required.
    const isHidden = isLeftOut(name, expected, wanted) || isLeftOut(name, actual, given);
    if (one !== other && wanted.has(name) === given.has(name) && !isHidden)
      findings.push({ path: at(name), what: 'required', expected: one, actual: other });
  }
}

/** The fields that travel in this direction. */
function presentFields(shape: Shape, reader: NodeReader, direction: Direction): Map<string, Node> {
  const flag = direction === 'request' ? 'readOnly' : 'writeOnly';
  const nodes = [...shape.fields].map(([name, schemas]) => [name, reader.read(schemas)] as const);
  return new Map(nodes.filter(([, node]) => node.parts.every((part) => part[flag] !== true)));
}

const isLeftOut = (name: string, shape: Shape, present: ReadonlyMap<string, Node>): boolean =>
  shape.fields.has(name) && !present.has(name);

function report({ findings, path }: Place, what: string, expected: unknown, actual: unknown): void {
  findings.push({ path, what, expected, actual });
}

/** Names nodes so that two nodes of the same schemas have the same name. */
function createNames(): (node: Node) => string {
  const ids = new WeakMap<object, number>();
  let last = 0;
  const idOf = (value: object): number => {
    const id = ids.get(value) ?? ++last;
    ids.set(value, id);
    return id;
  };
  return ({ parts, unions }) => [...parts, ...unions].map(idOf).join();
}
