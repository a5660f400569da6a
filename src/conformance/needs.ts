/** A method comes in; whose ids its request has to name goes out, read from its path, its lookups and its fields' names. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';
import type { Plan } from '../sandbox/plan.ts';
import { pathShape } from '../sandbox/roles.ts';
import { shapeOf } from '../sandbox/schema-shape.ts';
import type { ConformanceScript } from './script.ts';

export interface Needs {
  /** The collection whose entity a parameter names; undefined when nothing tells. */
  ofParameter(method: Method, name: string): string | undefined;
  /** The same of a body's field, by the field's own schema. */
  ofField(name: string, schema: JsonSchema | undefined): string | undefined;
  /** Every collection that must have an entity before the method can be called. */
  required(method: Method): ReadonlySet<string>;
  /** Those that the request names if they have one. */
  optional(method: Method): ReadonlySet<string>;
}

export function createNeeds(
  connector: Connector,
  plan: Plan,
  organisationSetting: string | undefined,
  given: ConformanceScript,
): Needs {
  const { types } = connector;
  const byNoun = nounsOf(plan);

  function lookedUp(lookup: unknown): string | undefined {
    const found = typeof lookup === 'string' ? connector.lookups[lookup] : undefined;
    const method = found && connector.methods[found.method];
    if (!method) return undefined;
    const behaviour = plan.methods.get(method.key)?.behaviour;
    return behaviour && 'collection' in behaviour
      ? behaviour.collection.name
      : pathShape(method, organisationSetting).name;
  }

  /** `billId` and `billIds` name an entity of `bills`, where there is one collection of that name. */
  const named = (name: string): string | undefined => {
    const noun = /^(.+?)_?(?:Ids?|ids?|ID|Uuid)$/.exec(name)?.[1];
    return given.ids?.[name] ?? (noun === undefined ? undefined : byNoun.get(plain(noun)));
  };

  const ofField: Needs['ofField'] = (name, schema) =>
    given.ids?.[name] ?? lookedUp(shapeOf(schema, types).keywords.lookup) ?? named(name);

  function ofParameter(method: Method, name: string): string | undefined {
    const parameter = method.parameters[name];
    const own = given.ids?.[name] ?? lookedUp(parameter?.lookup);
    if (own !== undefined) return own;
    return (parameter?.in === 'path' ? inPath(method, name) : undefined) ?? named(name);
  }

  /** What stands before a placeholder, where that is a collection: `bills/*` names one of `bills`. */
  function inPath(method: Method, wanted: string): string | undefined {
    const { name, placeholders } = pathShape(method, organisationSetting);
    const segments = name.split('/');
    let seen = 0;
    for (const [index, segment] of segments.entries()) {
      if (segment !== '*') continue;
      const collection = segments.slice(0, index).join('/');
      if (placeholders[seen++] === wanted && plan.collections.has(collection)) return collection;
    }
    return undefined;
  }

  function fieldsOf(schema: JsonSchema | undefined, required: boolean, depth = 0): string[] {
    if (depth > 4) return [];
    const shape = shapeOf(schema, types);
    const inner = shape.keywords.items as JsonSchema | undefined;
    if (inner !== undefined) return fieldsOf(inner, required, depth + 1);
    return Object.entries(shape.fields).flatMap(([name, field]) => {
      if (required && !shape.required.includes(name)) return [];
      const collection = ofField(name, field);
      return collection === undefined ? fieldsOf(field, required, depth + 1) : [collection];
    });
  }

  const parameters = (method: Method) =>
    Object.values(method.parameters)
      .filter((parameter) => parameter.required)
      .flatMap(({ name }) => ofParameter(method, name) ?? []);

  return {
    ofParameter,
    ofField,
    required: (method) => new Set([...parameters(method), ...fieldsOf(method.body?.schema, true)]),
    optional: (method) => new Set(fieldsOf(method.body?.schema, false)),
  };
}

/** Collections by the singular of their last word; of several with the same, none. */
function nounsOf(plan: Plan): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const name of plan.collections.keys()) {
    const last = name.split('/').findLast((segment) => segment !== '*') ?? name;
    const noun = plain(last.replace(/ies$/, 'y').replace(/(?<!s)s$/, ''));
    found.set(noun, found.has(noun) ? undefined : name);
  }
  return new Map([...found].flatMap(([noun, name]) => (name === undefined ? [] : [[noun, name] as const])));
}

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
