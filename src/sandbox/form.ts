/** A form and the body that its method describes come in; the body as JSON would have it goes out: nested, and with its types. */
import type { Body, FormStyle, JsonSchema } from '../definition/connector.ts';
import { readScalar } from './query.ts';
import { shapeOf, type Types } from './schema-shape.ts';

/** What was given under a name, or under names within it. */
interface Node {
  readonly texts: string[];
  readonly children: Map<string, Node>;
}

const DEEPEST = 32;

/** What does not fit the schema stays a text: the check then says so. */
export function readForm(text: string, { schema, formStyle }: Body, types: Types): unknown {
  const root = emptyNode();
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name, formStyle);
    let node = root;
    for (const [at, step] of path.slice(0, DEEPEST).entries()) node = childOf(node, step, path[at + 1]);
    node.texts.push(value);
  }
  return objectOf(root, schema, types);
}

const emptyNode = (): Node => ({ texts: [], children: new Map() });

/** `a[b][]` is a, b and the next item; `a.b[0]` is a, b and the first. */
function pathOf(name: string, style: FormStyle | undefined): readonly string[] {
  if (style === undefined || style === 'repeat') return [name];
  const [first = '', ...inner] =
    style === 'dots' ? name.replaceAll('[', '.').replaceAll(']', '').split('.') : name.split('[');
  return [first, ...(style === 'dots' ? inner : inner.map((step) => step.replace(/\]$/, '')))];
}

/** `[]` begins another item, unless the one before has no such field yet. */
function childOf({ children }: Node, step: string, inner: string | undefined): Node {
  const last = [...children.values()].at(-1);
  if (step === '' && inner !== undefined && last && !last.children.has(inner)) return last;
  const key = step === '' ? String(children.size) : step;
  const child = children.get(key) ?? emptyNode();
  children.set(key, child);
  return child;
}

function fieldOf(node: Node, schema: JsonSchema | undefined, types: Types): unknown {
  const { type, keywords } = shapeOf(schema, types);
  const items = keywords.items as JsonSchema | undefined;
  if (node.children.size > 0) {
    const isList =
      type === 'array' || (type !== 'object' && [...node.children.keys()].every((key) => /^\d+$/.test(key)));
    if (!isList) return objectOf(node, schema, types);
    const sorted = [...node.children].sort(([a], [b]) => Number(a) - Number(b));
    return sorted.map(([, child]) => fieldOf(child, items, types));
  }
  const { texts } = node;
  if (type !== 'array') return leafOf(texts.at(-1) ?? '', schema, types);
  const whole = texts.length === 1 ? parseJson(texts[0] ?? '') : undefined;
  return Array.isArray(whole) ? whole : texts.map((text) => leafOf(text, items, types));
}

function leafOf(text: string, schema: JsonSchema | undefined, types: Types): unknown {
  const { type } = shapeOf(schema, types);
  return type === 'object' || type === 'array' ? (parseJson(text) ?? text) : readScalar(text, type);
}

function objectOf(node: Node, schema: JsonSchema | undefined, types: Types): unknown {
  const { fields, keywords } = shapeOf(schema, types);
  const others = keywords.additionalProperties as JsonSchema | undefined;
  return Object.fromEntries(
    [...node.children].map(([name, child]) => [
      name,
      fieldOf(child, Object.hasOwn(fields, name) ? fields[name] : others, types),
    ]),
  );
}

/** An object or a list; undefined for what is neither. */
function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
