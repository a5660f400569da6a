/** Access comes in; the routes of service users go out: the programs that may call this API. */
import { actorOf } from '../access/authenticate.ts';
import type { ServiceUserRow } from '../store/rows.ts';
import { dateOf } from './installation-view.ts';
import { listQuery, sortAndPage } from './lists.ts';
import { param, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Access';
const readAll = { action: 'access:read', resources: ['*'] } as const;
/** Giving policies is giving rights, so it takes the right to everything. */
const writeAll = { action: 'access:write', resources: ['*'] } as const;
const readUser = { action: 'access:read', resources: ['service-user/{serviceUser}'] } as const;
const users = '/v1.0/service-users';
const user = `${users}/{serviceUser}`;

interface GivenUser {
  readonly Name?: string;
  readonly Policies?: readonly string[];
}

export function serviceUserRoutes({ access: { serviceUsers } }: Services): Route[] {
  const nameOf = ({ Name, Policies }: GivenUser) => ({
    ...(Name !== undefined && { name: Name }),
    ...(Policies !== undefined && { policies: Policies }),
  });
  return [
    {
      verb: 'GET',
      path: users,
      operation: 'listServiceUsers',
      tag,
      summary: 'List the service users.',
      access: readAll,
      query: listQuery(['Name', 'CreatedDate', 'Id']),
      answer: { list: 'service-user-record' },
      handle: async ({ query }) => ({
        body: sortAndPage((await serviceUsers.list()).map(userView), query, 'Name'),
      }),
    },
    {
      verb: 'POST',
      path: users,
      operation: 'createServiceUser',
      tag,
      summary: 'Create a service user.',
      access: writeAll,
      body: { schema: 'service-user', required: ['Name'] },
      answer: 'service-user-record',
      handle: async ({ caller, body }) => {
        const { name = '', policies = [] } = nameOf(body as GivenUser);
        return { body: userView(await serviceUsers.create(actorOf(caller), { name, policies })) };
      },
    },
    {
      verb: 'GET',
      path: user,
      operation: 'getServiceUser',
      tag,
      summary: 'Read a service user.',
      access: readUser,
      answer: 'service-user-record',
      handle: async (call) => ({ body: userView(await serviceUsers.get(param(call, 'serviceUser'))) }),
    },
    {
      verb: 'PUT',
      path: user,
      operation: 'updateServiceUser',
      tag,
      summary: 'Change name or policies; it acts at once on every key and token.',
      access: writeAll,
      body: { schema: 'service-user' },
      answer: 'service-user-record',
      handle: async (call) => {
        const change = nameOf(call.body as GivenUser);
        return {
          body: userView(await serviceUsers.update(actorOf(call.caller), param(call, 'serviceUser'), change)),
        };
      },
    },
    {
      verb: 'DELETE',
      path: user,
      operation: 'deleteServiceUser',
      tag,
      summary: 'Delete a service user with its keys and tokens.',
      access: writeAll,
      answer: 'message',
      handle: async (call) => {
        const id = param(call, 'serviceUser');
        await serviceUsers.delete(actorOf(call.caller), id);
        return { body: { Message: `Service user ${id} deleted.` } };
      },
    },
  ];
}

const userView = ({ id, name, policies, createdAt }: ServiceUserRow) => ({
  Id: id,
  Name: name,
  Policies: policies,
  CreatedDate: dateOf(createdAt),
});
