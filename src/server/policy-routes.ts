/** Access comes in; the routes of permission policies go out: what service users may do. */
import { actorOf } from '../access/authenticate.ts';
import type { Policy } from '../access/policies.ts';
import type { PolicyStatement } from '../store/rows.ts';
import { param, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Access';
const readAll = { action: 'access:read', resources: ['*'] } as const;
/** Giving policies is giving rights, so it takes the right to everything. */
const writeAll = { action: 'access:write', resources: ['*'] } as const;

interface GivenStatement {
  readonly Effect: PolicyStatement['effect'];
  readonly Actions: readonly string[];
  readonly Resources: readonly string[];
}

interface GivenPolicy {
  readonly Name?: string;
  readonly Statements?: readonly GivenStatement[];
}

export function policyRoutes({ access: { policies } }: Services): Route[] {
  const inputOf = ({ Name, Statements }: GivenPolicy) => ({
    ...(Name !== undefined && { name: Name }),
    ...(Statements !== undefined && {
      statements: Statements.map(({ Effect: effect, Actions: actions, Resources: resources }) => ({
        effect,
        actions,
        resources,
      })),
    }),
  });
  const path = '/v1.0/policies';
  const one = `${path}/{policy}`;
  return [
    {
      verb: 'GET',
      path,
      operation: 'listPolicies',
      tag,
      summary: 'List the permission policies, the managed ones first.',
      access: readAll,
      answer: { list: 'policy-record' },
      handle: async () => ({ body: (await policies.list()).map(policyView) }),
    },
    {
      verb: 'POST',
      path,
      operation: 'createPolicy',
      tag,
      summary: 'Create a permission policy.',
      access: writeAll,
      body: { schema: 'policy', required: ['Name', 'Statements'] },
      answer: 'policy-record',
      handle: async ({ caller, body }) => {
        const { name = '', statements = [] } = inputOf(body as GivenPolicy);
        return { body: policyView(await policies.create(actorOf(caller), { name, statements })) };
      },
    },
    {
      verb: 'GET',
      path: one,
      operation: 'getPolicy',
      tag,
      summary: 'Read a permission policy.',
      access: readAll,
      answer: 'policy-record',
      handle: async (call) => ({ body: policyView(await policies.get(param(call, 'policy'))) }),
    },
    {
      verb: 'PUT',
      path: one,
      operation: 'updatePolicy',
      tag,
      summary: 'Change a custom policy; it acts at once on every token.',
      access: writeAll,
      body: { schema: 'policy' },
      answer: 'policy-record',
      handle: async (call) => {
        const input = inputOf(call.body as GivenPolicy);
        return {
          body: policyView(await policies.update(actorOf(call.caller), param(call, 'policy'), input)),
        };
      },
    },
    {
      verb: 'DELETE',
      path: one,
      operation: 'deletePolicy',
      tag,
      summary: 'Delete a custom policy that no service user has.',
      access: writeAll,
      answer: 'message',
      handle: async (call) => {
        const id = param(call, 'policy');
        await policies.delete(actorOf(call.caller), id);
        return { body: { Message: `Policy ${id} deleted.` } };
      },
    },
  ];
}

const policyView = ({ id, name, statements, managed }: Policy) => ({
  Id: id,
  Name: name,
  Managed: managed,
  Statements: statements.map(({ effect, actions, resources }) => ({
    Effect: effect,
    Actions: actions,
    Resources: resources,
  })),
});
