/** A method comes in; arguments that satisfy its schemas go out, with ids of entities that exist. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';
import { formatTemplate } from '../definition/template.ts';
import { valueAt } from '../definition/value-at.ts';
import type { Arguments } from '../request/arguments.ts';
import type { Plan } from '../sandbox/plan.ts';
import { sampleOf } from '../sandbox/sample.ts';
import { shapeOf } from '../sandbox/schema-shape.ts';
import { entityRulesOf, type SandboxScript } from '../sandbox/script.ts';
import { categoryOf, type Known } from './known.ts';
import type { Needs } from './needs.ts';
import { type ConformanceScript, readReference } from './script.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Samples {
  /** What the vendor must have, and the whole body. `again`: how many such requests went before. */
  argumentsOf(method: Method, again?: number): Arguments;
  /** The method that reads what this one changes: a GET of the same path. */
  readerOf(method: Method): Method | undefined;
  /** Every parameter that there is; not for sending, since filters of all kinds rarely find anything. */
  allArguments(method: Method): Arguments;
}

export interface SampleParts {
  readonly connector: Connector;
  readonly script: SandboxScript;
  readonly given: ConformanceScript;
  readonly plan: Plan;
  readonly known: Known;
  readonly needs: Needs;
}

export function createSamples({ connector, script, given, plan, known, needs }: SampleParts): Samples {
  const { types } = connector;
  const { version: versionField } = entityRulesOf(script);

  function readerOf({ host, path, verb }: Method): Method | undefined {
    if (verb === 'GET') return undefined;
    const wanted = formatTemplate(path);
    return Object.values(connector.methods).find(
      (other) => other.verb === 'GET' && other.host === host && formatTemplate(other.path) === wanted,
    );
  }

  function idFor(method: Method, name: string): string | undefined {
    const collection = needs.ofParameter(method, name);
    const id = collection === undefined ? undefined : known.idIn(collection);
    if (id !== undefined) return id;
    // The entity itself, should the path not be that of its collection.
    const isLast = method.path.findLast((part) => typeof part === 'object')?.name === name;
    const { examples, enum: choices } = shapeOf(method.parameters[name]?.schema, types).keywords;
    const isOwn = isLast && !method.paging && examples === undefined && choices === undefined;
    return isOwn ? known.idOfCategory(categoryOf(method.key)) : undefined;
  }

  /** What the lookup offers, where that is not the id. */
  function lookedUp(method: Method, name: string): string | undefined {
    const lookup = connector.lookups[method.parameters[name]?.lookup ?? ''];
    const collection = needs.ofParameter(method, name);
    const isOwn = given.ids?.[name] !== undefined || lookup === undefined || collection === undefined;
    const value = isOwn ? undefined : known.valueIn(collection, lookup.value);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  function parameterOf(method: Method, name: string): unknown {
    const change = given.samples?.[method.key]?.parameters ?? {};
    if (Object.hasOwn(change, name)) return resolve(change[name]);
    const schema = method.parameters[name]?.schema;
    const sample = sampleOf(schema, types, { seed: name });
    const id = lookedUp(method, name) ?? idFor(method, name);
    if (id === undefined) return sample;
    if (Array.isArray(sample)) return [id];
    return typeof sample === 'number' ? Number(id) : id;
  }

  const parametersOf = (method: Method, wanted: (name: string) => boolean): Arguments =>
    Object.fromEntries(
      Object.keys(method.parameters)
        .filter(wanted)
        .map((name) => [name, parameterOf(method, name)]),
    );

  /** References to answers become what they refer to. */
  function resolve(value: unknown): unknown {
    const reference = readReference(value);
    if (reference) {
      const answer = known.answerOf(reference.method);
      return reference.path === '' ? answer : valueAt(answer, reference.path);
    }
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
  }

  /** A sample in which ids are those of entities that exist. */
  function withIds(value: unknown, schema: JsonSchema | undefined): unknown {
    const { fields, keywords, unions } = shapeOf(schema, types);
    if (Array.isArray(value))
      return value.map((item) => withIds(item, keywords.items as JsonSchema | undefined));
    if (typeof value !== 'object' || value === null) return value;
    const branches = unions.flatMap(([first]) => Object.entries(shapeOf(first, types).fields));
    const schemas = new Map([...branches, ...Object.entries(fields)]);
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const collection = needs.ofField(name, schemas.get(name));
        const id = collection === undefined ? undefined : known.idIn(collection);
        if (id === undefined) return [name, withIds(inner, schemas.get(name))];
        return [name, Array.isArray(inner) ? [id] : typeof inner === 'number' ? Number(id) : id];
      }),
    );
  }

  function bodyOf(method: Method, again: number): unknown {
    if (!method.body) return undefined;
    const sample = withIds(sampleOf(method.body.schema, types, { seed: method.key }), method.body.schema);
    const adapted = isObject(sample) ? adapt(sample, method, again) : sample;
    const change = given.samples?.[method.key]?.body;
    return change === undefined ? adapted : merge(adapted, resolve(change));
  }

  /** What the vendor wants besides: names that nobody has yet, the version that is stored, one of several fields. */
  function adapt(sample: Json, method: Method, again: number): Json {
    const behaviour = plan.methods.get(method.key)?.behaviour;
    const collection = behaviour && 'collection' in behaviour ? behaviour.collection : undefined;
    const adapted: Record<string, unknown> = { ...sample };
    for (const field of collection?.unique ?? [])
      if (typeof adapted[field] === 'string') adapted[field] = distinct(method, field, adapted[field], again);
    for (const group of collection?.rules.exactlyOne ?? [])
      for (const field of group.filter((name) => name in adapted).slice(1)) delete adapted[field];
    if (versionField !== null && versionField in adapted) {
      const last = method.path.findLast((part) => typeof part === 'object')?.name;
      const id = last === undefined ? undefined : parameterOf(method, last);
      adapted[versionField] = known.latestVersion(readerOf(method)?.key ?? '') ?? known.versionOf(String(id));
      if (behaviour?.does === 'create') delete adapted[versionField];
    }
    return adapted;
  }

  /** Samples are all the same, and the vendor refuses a value that something has already. */
  function distinct(method: Method, field: string, value: string, again: number): string {
    const { maxLength } = shapeOf(shapeOf(method.body?.schema, types).fields[field], types).keywords;
    const mark = `${method.id}${again === 0 ? '' : `n${again}`}`;
    const most = typeof maxLength === 'number' ? maxLength : 200;
    return value.includes('@') ? `s${mark}${value}` : `${value.slice(0, most - mark.length)}${mark}`;
  }

  return {
    readerOf,
    argumentsOf: (method, again = 0) => {
      const change = given.samples?.[method.key]?.parameters ?? {};
      const body = bodyOf(method, again);
      return {
        ...parametersOf(
          method,
          (name) => method.parameters[name]?.required === true || Object.hasOwn(change, name),
        ),
        ...(body !== undefined && { body }),
      };
    },
    allArguments: (method) => {
      const body = bodyOf(method, 0);
      // The address of a next page is the vendor's to give.
      const link = method.paging?.kind === 'link' ? method.paging.parameter : undefined;
      return { ...parametersOf(method, (name) => name !== link), ...(body !== undefined && { body }) };
    },
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Merge Patch (RFC 7396). */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = merge(merged[name], value);
  }
  return merged;
}
