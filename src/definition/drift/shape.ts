/** The schemas that hold for one value come in; what they say together goes out. */
import { canonical } from './difference.ts';
import { lowerBounds, readStatement, upperBounds } from './keywords.ts';
import type { Node } from './node.ts';

/** What a value may be, said the same way for every dialect. */
export interface Shape {
  /** Types but null, sorted; empty when any will do. */
  readonly types: readonly string[];
  readonly keywords: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  /** Field -> the schemas that all hold for it. */
  readonly fields: ReadonlyMap<string, readonly unknown[]>;
  /** What the schemas say of items and of values beside the named fields: schemas, booleans, or undefined. */
  readonly items: readonly unknown[];
  readonly values: readonly unknown[];
}

/** Reads the parts of a node; its unions are left aside. */
export function shapeOf(node: Node): Shape {
  const statements = node.parts.map(readStatement);
  const keywords = new Map<string, unknown>();
  const fields = new Map<string, unknown[]>();
  for (const statement of statements) {
    for (const [keyword, value] of statement.keywords) mergeKeyword(keywords, keyword, value);
    for (const [name, schema] of Object.entries(statement.fields))
      fields.set(name, [...(fields.get(name) ?? []), schema]);
  }
  const types = mergeTypes(statements.map((statement) => statement.types));
  return {
    types,
    keywords: moveBounds(types, keywords),
    required: new Set(statements.flatMap(({ required }) => required)),
    fields,
    items: statements.map(({ items }) => items),
    values: statements.map(({ values }) => values),
  };
}

/** A shape in a word or two: `string`, `string date`, `array`, `anything`. */
export function summarise({ types, keywords }: Shape): string {
  const type = types.join(' or ') || 'anything';
  return keywords.has('format') ? `${type} ${String(keywords.get('format'))}` : type;
}

/** Types that every statement allows; one that names none allows all. */
function mergeTypes(lists: readonly (readonly string[])[]): string[] {
  const naming = lists.filter((list) => list.length > 0).map((list) => new Set(list.flatMap(withInteger)));
  const [first = new Set<string>(), ...rest] = naming;
  const merged = [...first].filter((type) => rest.every((other) => other.has(type)));
  return merged.filter((type) => type !== 'integer' || !merged.includes('number')).sort();
}

const withInteger = (type: string) => (type === 'number' ? ['number', 'integer'] : [type]);

function mergeKeyword(keywords: Map<string, unknown>, keyword: string, value: unknown): void {
  const before = keywords.get(keyword);
  keywords.set(keyword, before === undefined ? value : tighter(keyword, before, value));
}

function tighter(keyword: string, before: unknown, value: unknown): unknown {
  if (lowerBounds.includes(keyword)) return Math.max(Number(before), Number(value));
  if (upperBounds.includes(keyword)) return Math.min(Number(before), Number(value));
  if (keyword === 'enum') {
    const allowed = new Set((before as unknown[]).map(canonical));
    return (value as unknown[]).filter((each) => allowed.has(canonical(each)));
  }
  return keyword === 'pattern' && before !== value ? `${String(before)} and ${String(value)}` : value;
}

/** Generators write bounds of numbers on texts, and those of arrays on maps: what they can only mean is the length. */
const misplaced: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  string: { minimum: 'minLength', maximum: 'maxLength' },
  object: { minItems: 'minProperties', maxItems: 'maxProperties' },
};

function moveBounds(types: readonly string[], keywords: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const moves = (types.length === 1 && misplaced[types[0] ?? '']) || {};
  return new Map([...keywords].map(([keyword, value]) => [moves[keyword] ?? keyword, value]));
}
