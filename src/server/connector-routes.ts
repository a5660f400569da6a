/** The runtime comes in; the routes of connectors and their methods go out: what there is to install and to call. */
import type { Connector } from '../definition/connector.ts';
import { connectorView } from './connector-view.ts';
import { keepVisible } from './door.ts';
import { listQuery, sortAndPage } from './lists.ts';
import { methodSchemaView } from './method-schema.ts';
import { createMethodViews, type DescribeMethod, methodBrief } from './method-view.ts';
import { isIntegerId } from './names.ts';
import { type QueryValues, queryText } from './query.ts';
import { type Call, param, type Reply, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Connectors';
const access = { action: 'connectors:read', resources: ['connector/{connector}'] } as const;
const methodsQuery = {
  ...listQuery(['Name', 'Key', 'Category', 'Id']),
  category: { type: 'text', description: 'Only methods of this category.' },
  query: { type: 'text', description: 'Only methods whose name or key holds this.' },
  brief: {
    type: 'boolean',
    description: 'True leaves out Parameters, RequestFormat and ResponseFormat: a list to choose from.',
  },
} as const;

export function connectorRoutes({ runtime: { connectors }, access: rights }: Services): Route[] {
  const describe = createMethodViews();
  const listMethods = (call: Call) => listMethodsOf(call, describe);
  return [
    {
      verb: 'GET',
      path: '/v1.0/connectors',
      operation: 'listConnectors',
      tag,
      summary: 'List the connectors that the caller may read.',
      access: { action: 'connectors:read', resources: ['connector/*'], each: true },
      query: {
        ...listQuery(['Name', 'Title', 'Id']),
        query: { type: 'text', description: 'Only connectors whose name or title holds this.' },
        category: { type: 'text', description: 'Only connectors of this category.' },
        includeCustomConnectors: {
          type: 'boolean',
          description:
            'Accepted for the sake of older clients: there are no connectors private to an account.',
        },
      },
      answer: { list: 'connector-release' },
      handle: async ({ caller, query }) => {
        const names = { of: ({ name }: Connector) => `connector/${name}`, whole: 'connector/*' };
        const all = keepVisible(rights, { caller, action: 'connectors:read' }, connectors.list(), names);
        return { body: listConnectors(all, query) };
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/methods/{methodId}',
      operation: 'getMethodById',
      tag,
      summary: 'Read a method of any connector by its integer id.',
      access,
      answer: 'connector-method',
      handle: async ({ connector, method }) => ({ body: describe(connector, method) }),
    },
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/methods',
      operation: 'listMethods',
      tag,
      summary: 'List the methods of a connector, by name.',
      access,
      query: methodsQuery,
      answer: { list: 'connector-method' },
      handle: listMethods,
    },
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/{version}/methods',
      operation: 'listReleaseMethods',
      tag,
      summary: 'List the methods of a release, by name.',
      access,
      query: methodsQuery,
      answer: { list: 'connector-method' },
      handle: listMethods,
    },
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/methods/{method}',
      operation: 'getMethod',
      tag,
      summary: 'Read a method by key, UUID or integer id.',
      access,
      answer: 'connector-method',
      handle: async ({ connector, method }) => ({ body: describe(connector, method) }),
    },
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/methods/{method}/schema',
      operation: 'getMethodSchema',
      tag,
      summary: 'Read the JSON Schemas of a method: parameters, body and answer.',
      access,
      answer: 'method-schema',
      handle: async ({ connector, method }) => ({ body: methodSchemaView(connector, method) }),
    },
  ];
}

/** These paths would take any of the longer ones for a version, so they come last. */
export function connectorByNameRoutes({ runtime: { connectors } }: Services): Route[] {
  return [
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}',
      operation: 'getConnector',
      tag,
      summary: 'Read one release by its integer id, or all releases of a name.',
      access,
      answer: 'anything',
      handle: async (call) => {
        if (isIntegerId(param(call, 'connector'))) return { body: connectorView(call.connector) };
        return { body: connectors.releases(call.connector.name).map(connectorView) };
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/{version}',
      operation: 'getConnectorRelease',
      tag,
      summary: 'Read a release by name and version, as a list of one.',
      access,
      answer: { list: 'connector-release' },
      handle: async ({ connector }): Promise<Reply> => ({ body: [connectorView(connector)] }),
    },
  ];
}

function listConnectors(all: readonly Connector[], query: QueryValues): Record<string, unknown>[] {
  const category = queryText(query, 'category');
  const wanted = queryText(query, 'query');
  const found = all.filter(
    ({ name, title, categories }) =>
      holdsText([name, title], wanted) &&
      (category === undefined || categories.some((own) => same(own, category))),
  );
  return sortAndPage(found.map(connectorView), query, 'Name');
}

async function listMethodsOf({ connector, query }: Call, describe: DescribeMethod): Promise<Reply> {
  const category = queryText(query, 'category');
  const wanted = queryText(query, 'query');
  const found = Object.values(connector.methods).filter(
    (method) =>
      holdsText([method.name, method.key], wanted) &&
      (category === undefined || same(method.category, category)),
  );
  // The short form is sorted and cut first: describing a method takes far longer than comparing it.
  const short = found.map(({ key, name, category, id }) => ({
    Key: key,
    Name: name,
    Category: category,
    Id: id,
  }));
  const page = sortAndPage(short, query, 'Name');
  return {
    body: page
      .flatMap(({ Key }) => connector.methods[Key] ?? [])
      .map((method) => (query.brief === true ? methodBrief(method) : describe(connector, method))),
  };
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

const holdsText = (texts: readonly string[], wanted: string | undefined) =>
  wanted === undefined || texts.some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
