/** A schema comes in; the schemas that hold together with it, and the choices it leaves, go out. */
import { FishplateError } from '../../errors.ts';
import { type FollowRef, isObject, type JsonObject } from './document.ts';
import { readStatement } from './keywords.ts';
import { listUnions, simplifyUnion, type Union } from './union.ts';

/** Schemas that all hold for one value. References and `allOf` are followed, each schema counts for itself alone. */
export interface Node {
  readonly parts: readonly JsonObject[];
  /** One branch of each holds beside the parts. */
  readonly unions: readonly Union[];
}

/** Reads the schemas of one document. What is derived from a schema is derived once, so it can be recognised. */
export interface NodeReader {
  /** Schemas that hold together. Throws what following a reference throws. */
  read(schemas: readonly unknown[]): Node;
  /**
   * The ways to satisfy a node, each without unions; the node itself when it has none. Throws `drift.unreadable` when
   * there are more than a thousand.
   */
  alternatives(node: Node): readonly Node[];
}

/** Keywords that tell nothing about values, or are followed rather than compared. */
const silent =
  /^(?:\$ref|\$defs|\$comment|allOf|anyOf|oneOf|discriminator|title|description|examples?|externalDocs|xml|lookup|x-.*)$/;
const MOST = 1_000;
const never: JsonObject = { not: {} };

/** Creates a reader that follows references with `follow`. */
export function createNodeReader(follow: FollowRef): NodeReader {
  const unionsOf = remember(listUnions, () => []);
  const simplified = remember(
    (union: Union) => simplifyUnion(union, (schema) => typesAlone(read([schema]))),
    // A union that is a branch of itself: leave it as it is.
    (union) => ({ common: [], branches: union }),
  );

  function read(schemas: readonly unknown[]): Node {
    const parts = new Set<JsonObject>();
    const unions = new Set<Union>();
    const implied: { readonly branches: Union; readonly targets: readonly string[] }[] = [];
    const seen = new Set<JsonObject>();
    const addUnion = (union: Union): void => {
      const { common, branches } = simplified(union);
      for (const schema of common) visit(schema);
      if (branches.length > 0) unions.add(branches);
    };
    const visit = (schema: unknown): void => {
      if (schema === false) parts.add(never);
      if (!isObject(schema) || seen.has(schema)) return;
      seen.add(schema);
      if (typeof schema.$ref === 'string') visit(follow(schema.$ref));
      if (Array.isArray(schema.allOf)) for (const part of schema.allOf) visit(part);
      if (Object.keys(schema).some((keyword) => !silent.test(keyword))) parts.add(schema);
      for (const { branches, targets } of unionsOf(schema)) {
        if (targets) implied.push({ branches, targets });
        else addUnion(branches);
      }
    };
    for (const schema of schemas) visit(schema);
    // Where one of the targets is there already, the choice has been made: it includes the schema it is a choice of.
    for (const { branches, targets } of implied)
      if (!targets.some((target) => seen.has(follow(target) as JsonObject))) addUnion(branches);
    return { parts: [...parts], unions: [...unions] };
  }

  return { read, alternatives: (node) => listAlternatives(node, read, new Set()) };
}

function listAlternatives(node: Node, read: NodeReader['read'], taken: ReadonlySet<Union>): readonly Node[] {
  const union = node.unions.find((each) => !taken.has(each));
  if (!union) return [{ parts: node.parts, unions: [] }];
  const alternatives: Node[] = [];
  for (const branch of union) {
    const own = read([branch]);
    const both = {
      parts: [...new Set([...node.parts, ...own.parts])],
      unions: [...new Set([...node.unions, ...own.unions])],
    };
    alternatives.push(...listAlternatives(both, read, new Set([...taken, union])));
    if (alternatives.length > MOST)
      throw new FishplateError('drift.unreadable', `one schema leaves more than ${MOST} choices at once`, {
        hint: 'So many cannot be compared: simplify the unions of that schema.',
      });
  }
  return alternatives;
}

/** The types of a node that says nothing else. */
function typesAlone({ parts: [part, ...others], unions }: Node): readonly string[] | undefined {
  if (!part || others.length > 0 || unions.length > 0) return undefined;
  const { types, keywords, required, fields, items, values } = readStatement(part);
  const isAlone = keywords.size === 0 && required.length === 0 && Object.keys(fields).length === 0;
  return isAlone && types.length > 0 && items === undefined && values === undefined ? types : undefined;
}

/** Keeps results by argument. `meanwhile` answers for an argument whose result is being made. */
function remember<K extends object, V>(make: (key: K) => V, meanwhile: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, meanwhile(key));
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
