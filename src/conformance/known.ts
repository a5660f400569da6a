/** Answers come in as methods are called; the ids and versions that later requests need go out. */
import type { Connector, Method } from '../definition/connector.ts';
import { valueAt } from '../definition/value-at.ts';
import { readItems } from '../response/pages.ts';
import type { Plan } from '../sandbox/plan.ts';
import { entityRulesOf, type SandboxScript } from '../sandbox/script.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Known {
  /** Of the entity that stands for its collection: the first that was created, else the first that was listed. */
  idIn(collection: string): string | undefined;
  /** A field of that entity: lookups may offer another one than the id. */
  valueIn(collection: string, path: string): unknown;
  /** Of the entity that the create method of a category made. */
  idOfCategory(category: string): string | undefined;
  versionOf(id: string): unknown;
  /** The first answer of a method. */
  answerOf(method: string): unknown;
  learn(method: Method, answer: unknown): void;
  /** Of the entity, or of the whole, in the latest answer of a method. */
  latestVersion(method: string): unknown;
  /** Entities by the id that the vendor gives them. */
  entitiesIn(method: Method, answer: unknown): readonly { readonly id: string; readonly entity: Json }[];
}

/** First half of a method's key. */
export const categoryOf = (key: string): string => key.split('.')[0] ?? '';

export function createKnown(plan: Plan, script: SandboxScript): Known {
  const rules = entityRulesOf(script);
  const created = new Map<string, string>();
  const listed = new Map<string, string>();
  const categories = new Map<string, string>();
  const versions = new Map<string, unknown>();
  const answers = new Map<string, unknown>();
  const latest = new Map<string, unknown>();
  const entities = new Map<string, Json>();
  const collectionOf = ({ key }: Method) => {
    const behaviour = plan.methods.get(key)?.behaviour;
    return behaviour && 'collection' in behaviour ? behaviour.collection : undefined;
  };
  const fieldOf = (method: Method) => collectionOf(method)?.id ?? rules.id;
  const entitiesIn: Known['entitiesIn'] = (method, answer) =>
    candidates(method, answer).flatMap((entity) => {
      const id = idOf(entity, fieldOf(method));
      return id === undefined ? [] : [{ id, entity }];
    });
  return {
    idIn: (collection) => created.get(collection) ?? listed.get(collection),
    valueIn: (collection, path) =>
      valueAt(
        entities.get(JSON.stringify([collection, created.get(collection) ?? listed.get(collection)])),
        path,
      ),
    idOfCategory: (category) => categories.get(category),
    versionOf: (id) => versions.get(id),
    answerOf: (method) => answers.get(method),
    latestVersion: (method) => latest.get(method),
    entitiesIn,
    learn: (method, answer) => {
      if (!answers.has(method.key)) answers.set(method.key, answer);
      if (rules.version !== null) latest.set(method.key, valueAt(answer, rules.version));
      const seen = entitiesIn(method, answer);
      for (const { id, entity } of seen) {
        const version = rules.version === null ? undefined : entity[rules.version];
        if (version !== undefined) versions.set(id, version);
      }
      const [first] = seen;
      if (!first) return;
      const behaviour = plan.methods.get(method.key)?.behaviour;
      const name = collectionOf(method)?.name;
      if (method.key.endsWith('.create')) setFirst(categories, categoryOf(method.key), first.id);
      if (name === undefined) return;
      const key = JSON.stringify([name, first.id]);
      if (!entities.has(key)) entities.set(key, first.entity);
      if (behaviour?.does === 'create') setFirst(created, name, first.id);
      if (behaviour?.does === 'list' || behaviour?.does === 'search') setFirst(listed, name, first.id);
    },
  };
}

function setFirst(map: Map<string, string>, key: string, value: string): void {
  if (!map.has(key)) map.set(key, value);
}

function idOf(entity: Json, field: string): string | undefined {
  const value = valueAt(entity, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The items of a page or a list, the entity that the answer is, or those that it wraps. */
function candidates(method: Method, answer: unknown): readonly Json[] {
  if (Array.isArray(answer)) return answer.filter(isJson);
  if (method.paging) return readItems(method, answer).filter(isJson);
  if (!isJson(answer)) return [];
  return [
    answer,
    ...Object.values(answer).flatMap((inner) => (Array.isArray(inner) ? inner : [inner])),
  ].filter(isJson);
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Keys of the methods that a category is expected to have, where it has them. */
export function methodOfCategory(
  connector: Connector,
  category: string,
  name: 'get' | 'list' | 'update' | 'delete',
): Method | undefined {
  const key = `${category}.${name}`;
  return Object.hasOwn(connector.methods, key) ? connector.methods[key] : undefined;
}
