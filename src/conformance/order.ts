/** Methods come in; the order in which each finds what it needs goes out: create, read, change, act, delete. */
import type { Method } from '../definition/connector.ts';
import type { Plan } from '../sandbox/plan.ts';
import type { Needs } from './needs.ts';
import { type ConformanceScript, referencesIn } from './script.ts';

/** One kind of calls after the other; time passes in between. */
export interface Phases {
  /** All that leaves entities where they are, in phases. */
  readonly making: readonly (readonly Method[])[];
  /** What deletes, the deepest first. */
  readonly deleting: readonly Method[];
}

/** The index of the phase after which everything is as it was created. */
export const READING = 1;

/** Sorts methods into phases. */
export function orderMethods(
  methods: readonly Method[],
  plan: Plan,
  needs: Needs,
  given: ConformanceScript,
): Phases {
  const doesOf = ({ key }: Method) => plan.methods.get(key)?.behaviour.does;
  const ownPhaseOf = (method: Method): number => {
    const does = doesOf(method);
    if (method.verb === 'DELETE' || does === 'delete') return 4;
    if (does === 'create' || does === 'list' || does === 'search') return 0;
    if (method.readOnly) return 1;
    return method.verb === 'PUT' || method.verb === 'PATCH' ? 2 : 3;
  };
  /** Whoever refers to an answer waits for it. */
  const phaseOf = (method: Method): number =>
    Math.max(
      ownPhaseOf(method),
      ...methods.filter(({ key }) => refersTo(method, given).has(key)).map(ownPhaseOf),
    );
  const afterOf = ({ key }: Method) => given.samples?.[key]?.after;
  const followers = (method: Method): Method[] =>
    methods.filter((each) => afterOf(each) === method.key).flatMap((each) => [each, ...followers(each)]);
  const isPresent = (key: string | undefined) => methods.some((method) => method.key === key);
  const leading = methods.filter((method) => !isPresent(afterOf(method)));
  const phase = (number: number) => leading.filter((method) => phaseOf(method) === number);
  const sort = (list: readonly Method[]) =>
    sortByNeeds(list, plan, needs, given).flatMap((method) => [method, ...followers(method)]);
  return {
    making: [0, 1, 2, 3].map((number) => sort(phase(number))),
    deleting: [...phase(4)]
      .sort((a, b) => b.path.length - a.path.length)
      .flatMap((method) => [method, ...followers(method)]),
  };
}

/** Whoever provides what others need goes first; where needs go round in a circle, the definition's order counts. */
function sortByNeeds(
  methods: readonly Method[],
  plan: Plan,
  needs: Needs,
  given: ConformanceScript,
): Method[] {
  const waiting = new Set(methods);
  const sorted: Method[] = [];
  const provided = new Map(methods.map((method) => [method, collectionOf(method, plan)]));
  const isLater = (method: Method, collections: ReadonlySet<string>) =>
    [...waiting].some((other) => {
      if (other === method) return false;
      if (refersTo(method, given).has(other.key)) return true;
      const name = provided.get(other);
      if (name === undefined) return false;
      // A list shows what has been created.
      const isOwnList = name === provided.get(method);
      return isOwnList ? isCreate(other, plan) && !isCreate(method, plan) : collections.has(name);
    });
  while (waiting.size > 0) {
    const all = [...waiting];
    const required = all.filter((method) => !isLater(method, needs.required(method)));
    const next = required.find((method) => !isLater(method, needs.optional(method))) ?? required[0] ?? all[0];
    if (!next) break;
    waiting.delete(next);
    sorted.push(next);
  }
  return sorted;
}

/** The methods whose answers a sample refers to. */
const refersTo = ({ key }: Method, given: ConformanceScript): ReadonlySet<string> =>
  new Set(referencesIn(given.samples?.[key]).map(({ method }) => method));

const isCreate = ({ key }: Method, plan: Plan) => plan.methods.get(key)?.behaviour.does === 'create';

/** What calling the method makes known: an entity of this collection. */
function collectionOf({ key }: Method, plan: Plan): string | undefined {
  const behaviour = plan.methods.get(key)?.behaviour;
  const tells = behaviour?.does === 'create' || behaviour?.does === 'list' || behaviour?.does === 'search';
  return tells ? behaviour.collection.name : undefined;
}
