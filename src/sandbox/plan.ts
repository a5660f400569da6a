/** A connector and a script come in; how each method is played goes out, decided once. */
import type { Connector, Method } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { bodyWrapperOf, itemSchema, unwrapped, wrapperOf } from './answer-shape.ts';
import { type Ancestor, type Behaviour, behaviourOf } from './behaviour.ts';
import { createFit, type Fit } from './fit.ts';
import { type Collection, createCollectionsOf } from './plan-collections.ts';
import { unknownNames } from './plan-names.ts';
import { inferRoles, pathShape, type Roles } from './roles.ts';
import type { SandboxScript } from './script.ts';

/** All that there is to know about playing a method. */
export interface MethodPlan {
  readonly behaviour: Behaviour;
  /** Outermost first. */
  readonly ancestors: readonly Ancestor[];
  /** The method without what its answer and its body wrap around the entity. */
  readonly inner: Method;
  /** The field of the answer that holds the entity, where it is not the answer itself. */
  readonly wrapper?: string;
  /** The field of the body that holds the entity's fields. */
  readonly bodyWrapper?: string;
  /** Brings an entity into the form in which the method answers it. */
  readonly form: Fit;
}

export interface Plan {
  /** By method key. */
  readonly methods: ReadonlyMap<string, MethodPlan>;
  /** By name. */
  readonly collections: ReadonlyMap<string, Collection>;
}

/** Decides how each method is played. Throws `sandbox.invalid` when the script names what the definition does not have. */
export function createPlan(connector: Connector, script: SandboxScript): Plan {
  const roles = inferRoles(connector, script.organisationSetting, script.collections);
  checkNames(connector, script, roles);
  const collections = createCollectionsOf(connector, script, roles);
  const methods = new Map<string, MethodPlan>();
  for (const method of Object.values(connector.methods)) {
    const ancestors = ancestorsOf(method, script.organisationSetting, roles);
    const behaviour = behaviourOf(method, {
      script,
      collections,
      ancestors,
      role: roles.byMethod.get(method.key),
    });
    const wrapping = wrappingOf(method, behaviour, connector);
    const inner = unwrapped(method, wrapping.wrapper, wrapping.bodyWrapper, connector.types);
    methods.set(method.key, {
      ...wrapping,
      behaviour,
      ancestors,
      inner,
      form: fitOf(inner, behaviour, connector),
    });
  }
  return { methods, collections };
}

/** Of methods that are about one entity. */
function wrappingOf(
  { response, body }: Method,
  behaviour: Behaviour,
  { types }: Connector,
): Pick<MethodPlan, 'wrapper' | 'bodyWrapper'> {
  if (!('collection' in behaviour) || !aboutOne.has(behaviour.does)) return {};
  const { collection } = behaviour;
  const wrapper = wrapperOf(response, collection.id, types);
  const bodyWrapper = bodyWrapperOf(body?.schema, collection.fields, types);
  return { ...(wrapper !== undefined && { wrapper }), ...(bodyWrapper !== undefined && { bodyWrapper }) };
}

const aboutOne: ReadonlySet<string> = new Set(['create', 'get', 'update', 'delete', 'change', 'preview']);

function fitOf(method: Method, behaviour: Behaviour, connector: Connector): Fit {
  const kept = 'collection' in behaviour ? behaviour.collection.schema : undefined;
  const isMany = behaviour.does === 'list' || behaviour.does === 'search';
  // A page of which the answer is one item: the schema of the item is the one that counts.
  const one = method.paging ? itemSchema(method, connector) : method.response;
  return createFit(isMany ? itemSchema(method, connector) : one, kept, connector.types);
}

/** The entities above a path: `bills/*` above `bills/*\/lineitems`. An entity's own path does not need itself here. */
function ancestorsOf(method: Method, organisationSetting: string | undefined, roles: Roles): Ancestor[] {
  const { name, placeholders } = pathShape(method, organisationSetting);
  const segments = name.split('/');
  const found: Ancestor[] = [];
  let above = 0;
  for (const [index, segment] of segments.entries()) {
    const collection = segments.slice(0, index).join('/');
    const item = placeholders[above];
    const isLast = index === segments.length - 1;
    if (segment === '*' && !isLast && item !== undefined && roles.collections.has(collection))
      found.push({ collection, parents: placeholders.slice(0, above), item });
    above += segment.split('*').length - 1;
  }
  return found;
}

function checkNames(connector: Connector, script: SandboxScript, roles: Roles): void {
  const unknown = unknownNames(connector, script, roles);
  if (unknown.length === 0) return;
  const problems = unknown.map(({ path, message }) => ({ path: path.join('.'), message }));
  const list = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  throw new FishplateError('sandbox.invalid', `The sandbox of ${connector.name} cannot be played: ${list}`, {
    problems,
  });
}
