/** The vendor's parts come in; routes to its rules, faults, arrived requests and stored data go out. */
import { FishplateError } from '../errors.ts';
import type { AdminInput, AdminParts, AdminRoute } from './admin-route.ts';
import { countEntities, findEntities } from './browse.ts';
import type { Fault, Faults } from './faults.ts';
import type { Switches } from './vendor.ts';
import { vendorRulesOf } from './vendor-rules.ts';

/** What no vendor's screens have: they are for whoever tests against it. */
export function inspectionRoutes({
  access,
  requests,
  collections,
  vendor,
  ...parts
}: AdminParts): AdminRoute[] {
  const organisationOf = ({ query }: AdminInput) =>
    query.get('organisationId') ?? access.organisations()[0]?.id ?? '';
  const { connector, script } = parts;
  return [
    ...faultRoutes(parts.faults),
    { verb: 'GET', path: 'rules', answer: () => vendorRulesOf(connector, script) },
    {
      verb: 'GET',
      path: 'requests',
      answer: ({ query }) => {
        const last = countIn(query, 'last');
        const rows = requests.list(query.get('method') ?? undefined);
        return last === undefined ? rows : rows.slice(-last);
      },
    },
    { verb: 'DELETE', path: 'requests', answer: () => requests.clear() },
    {
      verb: 'GET',
      path: 'collections',
      answer: (input) => {
        const names = [...vendor.plan.collections.keys()].sort();
        if (input.query.get('counts') !== 'true') return names;
        const organisationId = organisationOf(input);
        return names.map((name) => ({ name, count: countEntities(collections, name, organisationId) }));
      },
    },
    {
      verb: 'GET',
      path: 'collections/**',
      answer: (input) => {
        const { ids, query } = input;
        const organisationId = organisationOf(input);
        const search = query.get('search') ?? '';
        return findEntities(collections, ids.join('/'), {
          organisationId,
          search,
          most: countIn(query, 'most'),
        });
      },
    },
  ];
}

function faultRoutes(faults: Faults): AdminRoute[] {
  const state = () => ({ faults: faults.named(), ...faults.switches() });
  return [
    { verb: 'GET', path: 'faults', answer: state },
    {
      verb: 'POST',
      path: 'faults',
      status: 201,
      answer: ({ body }) => {
        faults.add(body as Fault);
        return state();
      },
    },
    {
      verb: 'PUT',
      path: 'faults',
      answer: ({ body }) => {
        faults.set(body as Switches);
        return state();
      },
    },
    { verb: 'DELETE', path: 'faults', answer: () => faults.clear() },
    { verb: 'DELETE', path: 'faults/*', answer: ({ ids }) => faults.remove(ids[0] ?? '') },
  ];
}

/** Undefined when it is not there; throws `input.invalid` for what is no number of things. */
function countIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new FishplateError(
    'input.invalid',
    `${name} is ${JSON.stringify(text)}: it has to be a number from 1`,
  );
}
