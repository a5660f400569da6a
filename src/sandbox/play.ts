/** A checked call and how its method is played come in, the vendor's answer goes out, and the stored entities change. */
import type { Method } from '../definition/connector.ts';
import { createGiveAnswer } from './answers.ts';
import type { Ancestor, Behaviour, Sampled } from './behaviour.ts';
import { bodyOf, type Call } from './call.ts';
import { isObject, withoutValueAt } from './dotted.ts';
import type { DescribeEvents } from './event-fields.ts';
import { fillFields, namedValues } from './fill.ts';
import type { Links } from './links.ts';
import { createGiveList } from './listing.ts';
import type { MethodPlan } from './plan.ts';
import { checkState, createResource, type ResourceParts } from './resource.ts';
import { completeValue, sampleOf } from './sample.ts';
import { shapeOf, type Types } from './schema-shape.ts';
import type { SandboxScript } from './script.ts';
import type { AnswerRule } from './script-behaviours.ts';
import type { TableBehaviour } from './table-roles.ts';
import type { Tables } from './tables.ts';
import { typedValue } from './typed.ts';

export interface PlayerParts extends ResourceParts {
  readonly script: SandboxScript;
  readonly tables: Tables;
  readonly links: Links;
  readonly newId: () => string;
  readonly describe: DescribeEvents;
  /** Dotted paths of what makes an answer a refusal, whatever its status. */
  readonly refusing: readonly string[];
}

/** The body of the answer; undefined for none. Throws refusals. */
export type Play = (call: Call) => unknown;

/** Plays methods on stored entities. */
export function createPlay(parts: PlayerParts): Play {
  const { plan, types, views, courses, tables, refusing } = parts;
  const resource = createResource(parts);
  const giveList = createGiveList(parts);
  const giveAnswer = createGiveAnswer(parts);

  function onTable(call: Call, { role, collection, table, parents, item }: TableBehaviour): unknown {
    const limit = table.limit === undefined ? undefined : call.method.parameters[table.limit];
    const most = shapeOf(limit?.schema, types).keywords.default;
    const answer = tables.call(
      {
        does: role,
        collection,
        table,
        place: resource.placeOf(call, collection.name, parents),
        key: item === undefined ? undefined : call.path[item],
        query: call.query,
        body: bodyOf(call),
        bodySchema: call.method.body?.schema,
        mostRows: typeof most === 'number' ? most : Number.POSITIVE_INFINITY,
      },
      call,
    );
    return answer ?? sampleOf(call.method.response, types);
  }

  function sample({ method, path, values }: Call, behaviour: Sampled): unknown {
    const value = sampleOf(method.response, types, { seed: JSON.stringify([method.key, path]) });
    const filled = isObject(value) ? { ...value, ...fillFields(behaviour.with, values) } : value;
    const own = typedValue(filled, method.response, types);
    // A sample page is the only one there is, and no sample is a refusal.
    const next = method.paging?.next === undefined ? [] : [method.paging.next];
    return [...next, ...refusing].reduce(withoutValueAt, own);
  }

  function playBehaviour(call: Call, behaviour: Behaviour, { form, ancestors }: MethodPlan): unknown {
    switch (behaviour.does) {
      case 'list':
      case 'search':
        return giveList(call, behaviour, form);
      case 'create':
        return resource.create(call, behaviour, form);
      case 'get':
        return resource.get(call, behaviour, form);
      case 'update':
        return resource.update(call, behaviour, form);
      case 'delete':
        return resource.remove(call, behaviour, form);
      case 'change':
        return resource.change(call, behaviour, form);
      case 'preview':
        return resource.preview(call, behaviour, form);
      case 'read':
        return resource.read(call, behaviour, form);
      case 'write':
        return resource.write(call, behaviour, form);
      case 'table':
        return onTable(call, behaviour);
      case 'answer':
        return answer(call, behaviour.rule, ancestors);
      case 'sample':
        return sample(call, behaviour);
    }
  }

  function answer(call: Call, rule: AnswerRule, ancestors: readonly Ancestor[]): unknown {
    const above = ancestors.at(-1);
    if (!above) return giveAnswer(rule, call);
    const { place, id, entity } = resource.existing(call, above);
    checkState(
      views.references({ place, id, entity }, call),
      rule.only,
      plan.collections.get(above.collection)?.label,
    );
    return giveAnswer(rule, { ...call, values: { ...call.values, ...namedValues('it', id, entity) } });
  }

  return (call) => {
    courses.advance(call);
    const known = plan.methods.get(call.method.key);
    for (const ancestor of known?.ancestors ?? []) resource.existing(call, ancestor);
    // Entities are objects: a body that is none, such as a bulk request, changes nothing here.
    const isPlayable = call.body === undefined || isObject(call.body) || known?.behaviour.does === 'answer';
    const body =
      known && isPlayable
        ? wrap(playBehaviour(innerCall(call, known), known.behaviour, known), call.method, known, types)
        : sample(call, { does: 'sample', with: {} });
    return call.method.response === undefined ? undefined : body;
  };
}

/** What the request wraps around the fields of an entity is taken off. */
function innerCall(call: Call, { inner, bodyWrapper }: MethodPlan): Call {
  if (inner === call.method) return call;
  const body = bodyWrapper === undefined ? call.body : bodyOf(call)[bodyWrapper];
  return { ...call, method: inner, body };
}

/** What the answer wraps around an entity is put around it. */
function wrap(body: unknown, method: Method, { wrapper }: MethodPlan, types: Types): unknown {
  return wrapper === undefined ? body : completeValue({ [wrapper]: body }, method.response, types);
}
