/** A connector comes in; for each of its methods a valid request goes out, with ids of what earlier answers told of. */
import type { Connector, JsonSchema, Method } from '../../src/definition/connector.ts';
import { sampleOf } from '../../src/sandbox/sample.ts';
import { shapeOf } from '../../src/sandbox/schema-shape.ts';

export interface Requests {
  /** The methods in an order in which they find what they need. */
  rounds(): Method[][];
  path(method: Method, change: { readonly organisation?: string; readonly id?: string }): string;
  body(method: Method): unknown;
  /** A body that breaks the method's schema; undefined where none can. */
  brokenBody(method: Method): unknown;
  /** Reads, replaces or deletes one entity by its id. */
  isOfOne(method: Method): boolean;
  /** Takes ids from an answer. */
  learn(method: Method, answer: unknown): void;
}

type Json = Readonly<Record<string, unknown>>;

const categoryOf = (key: string) => key.split('.')[0] ?? '';

/** What no lookup tells: parameters and the category whose id they take. */
const idsByName: Readonly<Record<string, string>> = {
  billId: 'bills',
  billIds: 'bills',
  balanceId: 'balances',
  entityId: 'bills',
  jobId: 'exportJobs',
  lookupTableRevisionId: 'lookupTableRevisions',
  m3terId: 'accounts',
  resourceGroupId: 'resourceGroups',
};

/** Ids that are not those of the category. */
const fixedPaths: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bills.latest': { accountId: 'billedAccounts' },
  'integrationRuns.list': { entityId: 'lockedBills' },
  'integrationRuns.latest': { id: 'lockedBills' },
  'lookupTableData.getJob': { id: 'lookupTableJobs' },
  'lookupTableData.deleteJob': { id: 'lookupTableJobs' },
};

/** Where a sample of every field does not make a valid request. */
const fixedBodies: Readonly<Record<string, Json>> = {
  'counterPricings.create': { planTemplateId: undefined },
  'counterPricings.update': { planTemplateId: undefined },
  'pricings.create': { planTemplateId: undefined },
  'pricings.update': { planTemplateId: undefined },
  'accountPlans.create': { planGroupId: undefined },
  'accountPlans.replace': { planGroupId: undefined },
  'accountPlans.update': { planGroupId: undefined },
  'bills.updateStatus': { status: 'APPROVED' },
  'lookupTableData.copy': { revisionId: undefined },
};

/** What has to be there before other things can be made of it, round by round. */
const order: readonly (readonly string[])[] = [
  ['products.create', 'accounts.create', 'meters.create', 'planTemplates.create', 'bills.list', 'users.list'],
  [
    'plans.create',
    'planGroups.create',
    'balances.create',
    'lookupTables.create',
    'permissionPolicies.create',
  ],
  ['lookupTableRevisions.create', 'resourceGroups.create'],
  [
    'billJobs.create',
    'billJobs.cancel',
    'statementJobs.create',
    'statementJobs.cancel',
    'lookupTableData.update',
  ],
  ['statementJobs.createBatch', 'lineItems.listForBill', 'events.list', 'lookupTableData.copy'],
  ['bills.approve', 'bills.createCsvStatement', 'integrationRuns.list'],
];

/** Then these, one kind after another; what deletes comes last. */
const kinds: readonly ((method: Method) => boolean)[] = [
  ({ key }) => /\.(create|generateUrl|assign\w+|putItem)$/.test(key),
  ({ readOnly }) => readOnly,
  ({ key }) => /\.update$/.test(key),
  ({ key, verb }) => verb !== 'DELETE' && !/\.(remove\w+|lock)$/.test(key),
  ({ verb }) => verb !== 'DELETE',
];
const rounds = [
  ...order.map(
    (keys) =>
      ({ key }: Method) =>
        keys.includes(key),
  ),
  ...kinds,
];

export function createRequests(
  connector: Connector,
  organisationId: string,
  serviceUserId: string,
): Requests {
  const { types } = connector;
  /** By category. */
  const ids = new Map<string, string>();
  const versions = new Map<string, unknown>();
  const idOf = (category: string) => ids.get(category) ?? 'none';

  /** The category that a lookup offers the entities of. */
  function lookedUp(lookup: unknown): string | undefined {
    if (lookup === 'userGroups') return 'resourceGroups';
    const found = typeof lookup === 'string' ? connector.lookups[lookup] : undefined;
    return found && categoryOf(found.method);
  }

  function textOf(method: Method, name: string): string {
    const category = fixedPaths[method.key]?.[name];
    if (category !== undefined) return idOf(category);
    const parameter = method.parameters[name];
    const own = name === 'id' ? categoryOf(method.key) : undefined;
    const known = lookedUp(parameter?.lookup) ?? idsByName[name] ?? own;
    if (known !== undefined) return idOf(known);
    const { examples } = shapeOf(parameter?.schema, types).keywords;
    return Array.isArray(examples) ? String(examples[0]) : 'sample';
  }

  function path(
    method: Method,
    { organisation = organisationId, id }: { organisation?: string; id?: string },
  ) {
    const names = method.path.flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
    return method.path
      .map((part) => {
        if (typeof part === 'string') return part;
        if (part.name === 'organisationId') return organisation;
        const isLast = part.name === names.at(-1);
        return encodeURIComponent(id !== undefined && isLast ? id : textOf(method, part.name));
      })
      .join('');
  }

  /** A sample in which ids are those of entities that exist. */
  function withIds(value: unknown, schema: JsonSchema | undefined): unknown {
    const { fields, keywords, unions } = shapeOf(schema, types);
    if (Array.isArray(value))
      return value.map((item) => withIds(item, keywords.items as JsonSchema | undefined));
    if (typeof value !== 'object' || value === null) return value;
    const known = Object.assign(
      {},
      ...unions.map(([first]) => shapeOf(first, types).fields),
      fields,
    ) as Record<string, JsonSchema>;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const category = lookedUp(shapeOf(known[name], types).keywords.lookup) ?? idsByName[name];
        if (category === undefined || !ids.has(category)) return [name, withIds(inner, known[name])];
        return [name, Array.isArray(inner) ? [idOf(category)] : idOf(category)];
      }),
    );
  }

  function body(method: Method): unknown {
    if (!method.body) return undefined;
    const sample = withIds(sampleOf(method.body.schema, types), method.body.schema) as Json;
    const version = 'version' in sample ? { version: versions.get(categoryOf(method.key)) } : {};
    // Codes are unique, and samples are all the same.
    const code = 'code' in sample ? { code: `code_${method.id}` } : {};
    const principal = /ServiceUser$/.test(method.key) ? { principalId: serviceUserId } : {};
    return { ...sample, ...version, ...code, ...principal, ...fixedBodies[method.key] };
  }

  function brokenBody(method: Method): unknown {
    const { fields, required } = shapeOf(method.body?.schema, types);
    if (!method.body) return undefined;
    if (required.length > 0) return {};
    const typed = Object.entries(fields).find(([, schema]) => shapeOf(schema, types).type !== undefined);
    if (!typed) return undefined;
    const [name, schema] = typed;
    return { [name]: shapeOf(schema, types).type === 'string' ? 1 : 'wrong' };
  }

  function learn({ key }: Method, answer: unknown): void {
    const category = categoryOf(key);
    const entities = entitiesIn(answer);
    if (key === 'bills.list') {
      ids.set('bills', String(entities.find(({ locked }) => locked === false)?.id));
      ids.set('billedAccounts', String(entities[0]?.accountId));
      ids.set('lockedBills', String(entities.find(({ locked }) => locked === true)?.id));
    }
    const [first] = entities;
    if (typeof first?.jobId === 'string')
      ids.set(category === 'lookupTableData' ? 'lookupTableJobs' : category, first.jobId);
    const teaches = /\.(create|listForBill)$|^(users|events|integrationRuns)\.list$/.test(key);
    if (teaches && typeof first?.id === 'string') ids.set(category, first.id);
    const isOnly = !ids.has(category) && /\.(get|update)$/.test(key);
    const isOwn = first?.id === undefined || isOnly || first.id === ids.get(category);
    if (isOwn && first?.version !== undefined) versions.set(category, first.version);
  }

  return {
    path,
    body,
    brokenBody,
    learn,
    isOfOne: ({ verb, path: template }) => {
      const last = template.at(-1);
      return verb !== 'POST' && typeof last === 'object' && last.name === 'id';
    },
    rounds: () => {
      const left = new Set(Object.values(connector.methods));
      const taken = rounds.map((fits) => {
        const round = [...left].filter(fits);
        for (const method of round) left.delete(method);
        return round;
      });
      // What lies deepest is deleted first.
      const depth = (method: Method) => method.path.length;
      return [...taken, [...left].sort((a, b) => depth(b) - depth(a))];
    },
  };
}

/** The entities of a page or a list, or the one that the answer is. */
function entitiesIn(answer: unknown): readonly Json[] {
  const list = Array.isArray(answer) ? answer : ((answer as Json | undefined)?.data ?? [answer]);
  return (list as unknown[]).filter((each): each is Json => typeof each === 'object' && each !== null);
}
