/** A connector, its roles and a script come in; the collections that are played go out, with what their entities can have. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';
import { itemSchema, wrapperOf } from './answer-shape.ts';
import type { Role, Roles } from './roles.ts';
import { knownFields, schemaAt, shapeOf } from './schema-shape.ts';
import { entityRulesOf, type SandboxScript } from './script.ts';
import type { CollectionRules } from './script-collections.ts';
import { isNumeric } from './typed.ts';

/** A collection of entities, or the one entity of a singleton. */
export interface Collection {
  readonly name: string;
  /** What people call one of its entities: `account plan`. */
  readonly label: string;
  /** Of one entity, as the vendor answers it. */
  readonly schema: JsonSchema | undefined;
  /** The fields that entities can have; undefined when any will do. */
  readonly fields: Readonly<Record<string, JsonSchema>> | undefined;
  /** The field by which paths name its entities. */
  readonly id: string;
  /** Whether that field holds numbers. */
  readonly numbered: boolean;
  /** What that field holds, where its schema says it (a regular expression). */
  readonly idPattern?: string;
  /** The usual field of ids, where paths use another one and it holds numbers. */
  readonly ownNumber?: string;
  readonly unique: readonly string[];
  readonly rules: CollectionRules;
}

/** Those that the paths tell of, and those that the script adds by naming their type. */
export function collectionNames(script: SandboxScript, roles: Roles): ReadonlySet<string> {
  const typed = Object.entries(script.collections ?? {}).filter(([, rules]) => rules.type !== undefined);
  return new Set([...[...roles.byMethod.values()].map((role) => role.of), ...typed.map(([name]) => name)]);
}

export function createCollectionsOf(
  connector: Connector,
  script: SandboxScript,
  roles: Roles,
): ReadonlyMap<string, Collection> {
  const collections = new Map<string, Collection>();
  const methodThat = indexRoles(connector, roles);
  for (const name of collectionNames(script, roles)) {
    const own = script.collections?.[name] ?? {};
    const rules = { ...own, filters: { ...entityRulesOf(script).filters, ...own.filters } };
    const schema =
      rules.type === undefined
        ? entitySchema(connector, name, methodThat, idOf(rules, script))
        : { $ref: `#/$defs/${rules.type}` };
    const unique = rules.unique ?? entityRulesOf(script).unique;
    const fields = knownFields(schema, connector.types);
    const id = idOf(rules, script);
    const idSchema = fields?.[id] ?? shapeOf(schema, connector.types).fields[id];
    const { pattern } = shapeOf(idSchema, connector.types).keywords;
    const usual = entityRulesOf(script).id;
    collections.set(name, {
      name,
      id,
      numbered: idSchema === undefined ? hasNumbers(rules, id) : isNumeric(idSchema, connector.types),
      ...(typeof pattern === 'string' && { idPattern: pattern }),
      ...(usual !== id && isNumeric(fields?.[usual], connector.types) && { ownNumber: usual }),
      label: labelOf(name, methodThat, rules.type),
      schema,
      fields,
      unique,
      rules,
    });
  }
  return collections;
}

const idOf = ({ id }: CollectionRules, script: SandboxScript) => id ?? entityRulesOf(script).id;

/** What the schema leaves open the seeds show. */
const hasNumbers = ({ seeds }: CollectionRules, id: string): boolean =>
  seeds?.some((seed) => typeof seed[id] === 'number') ?? false;

/** Finds the first method that does this to the collection; every collection asks for several. */
type MethodThat = (name: string, does: Role['does']) => Method | undefined;

function indexRoles(connector: Connector, roles: Roles): MethodThat {
  const found = new Map<string, Method>();
  for (const method of Object.values(connector.methods)) {
    const role = roles.byMethod.get(method.key);
    const key = `${role?.does} ${role?.of}`;
    if (role && !found.has(key)) found.set(key, method);
  }
  return (name, does) => found.get(`${does} ${name}`);
}

/** The schema of one entity: what reading it answers, or else creating, updating or listing it. */
function entitySchema(
  connector: Connector,
  name: string,
  methodThat: MethodThat,
  id: string,
): JsonSchema | undefined {
  for (const does of ['get', 'read', 'create', 'update', 'write'] as const) {
    const schema = methodThat(name, does)?.response;
    const wrapper = wrapperOf(schema, id, connector.types);
    if (schema !== undefined)
      return wrapper === undefined ? schema : schemaAt(schema, [wrapper], connector.types);
  }
  return itemSchema(methodThat(name, 'list'), connector);
}

/** `Get Account Plan` reads one account plan; what no method reads is called after its type. */
function labelOf(name: string, methodThat: MethodThat, type: string | undefined): string {
  for (const does of ['get', 'update', 'delete', 'create', 'read'] as const) {
    const [, label] = /^\S+ (.+)$/.exec(methodThat(name, does)?.name ?? '') ?? [];
    if (label !== undefined) return label.toLowerCase();
  }
  if (type !== undefined) return type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  const words = name.split('/').filter((segment) => segment !== '*');
  return words.at(-1) ?? name;
}
