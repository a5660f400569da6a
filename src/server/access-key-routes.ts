/** Access comes in; the routes of access keys go out. A secret is in an answer once, when it is made. */
import type { AccessKey, AccessKeyWithSecret } from '../access/access-keys.ts';
import { actorOf } from '../access/authenticate.ts';
import type { AccessKeyStatus } from '../store/rows.ts';
import { dateOf } from './installation-view.ts';
import { param, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Access';
const readUser = { action: 'access:read', resources: ['service-user/{serviceUser}'] } as const;
const writeUser = { action: 'access:write', resources: ['service-user/{serviceUser}'] } as const;
const keys = '/v1.0/service-users/{serviceUser}/access-keys';
const key = `${keys}/{accessKey}`;

interface GivenKey {
  readonly Name?: string;
  readonly Status?: AccessKeyStatus;
}

export function accessKeyRoutes({ access: { accessKeys } }: Services): Route[] {
  const inputOf = ({ Name, Status }: GivenKey) => ({
    ...(Name !== undefined && { name: Name }),
    ...(Status !== undefined && { status: Status }),
  });
  return [
    {
      verb: 'GET',
      path: keys,
      operation: 'listAccessKeys',
      tag,
      summary: 'List the access keys of a service user, without their secrets.',
      access: readUser,
      answer: { list: 'access-key-record' },
      handle: async (call) => ({ body: (await accessKeys.list(param(call, 'serviceUser'))).map(keyView) }),
    },
    {
      verb: 'POST',
      path: keys,
      operation: 'createAccessKey',
      tag,
      summary: 'Create an access key; its secret is shown in this answer and never again.',
      access: writeUser,
      body: { schema: 'access-key' },
      answer: 'access-key-record',
      handle: async (call) => {
        const input = inputOf(call.body as GivenKey);
        return {
          body: secretView(await accessKeys.create(actorOf(call.caller), param(call, 'serviceUser'), input)),
        };
      },
    },
    {
      verb: 'GET',
      path: key,
      operation: 'getAccessKey',
      tag,
      summary: 'Read an access key, without its secret.',
      access: readUser,
      answer: 'access-key-record',
      handle: async (call) => ({
        body: keyView(await accessKeys.get(param(call, 'serviceUser'), param(call, 'accessKey'))),
      }),
    },
    {
      verb: 'PUT',
      path: key,
      operation: 'updateAccessKey',
      tag,
      summary: 'Change name or status; INACTIVE takes its tokens away at once.',
      access: writeUser,
      body: { schema: 'access-key' },
      answer: 'access-key-record',
      handle: async (call) => {
        const input = inputOf(call.body as GivenKey);
        const [owner, id] = [param(call, 'serviceUser'), param(call, 'accessKey')];
        return { body: keyView(await accessKeys.update(actorOf(call.caller), owner, id, input)) };
      },
    },
    {
      verb: 'POST',
      path: `${key}/regenerate`,
      operation: 'regenerateAccessKey',
      tag,
      summary: 'Make a new secret for a key; the old one and its tokens are void at once.',
      access: writeUser,
      answer: 'access-key-record',
      handle: async (call) => {
        const [owner, id] = [param(call, 'serviceUser'), param(call, 'accessKey')];
        return { body: secretView(await accessKeys.regenerate(actorOf(call.caller), owner, id)) };
      },
    },
    {
      verb: 'DELETE',
      path: key,
      operation: 'deleteAccessKey',
      tag,
      summary: 'Delete an INACTIVE access key.',
      access: writeUser,
      answer: 'message',
      handle: async (call) => {
        const [owner, id] = [param(call, 'serviceUser'), param(call, 'accessKey')];
        await accessKeys.delete(actorOf(call.caller), owner, id);
        return { body: { Message: `Access key ${id} deleted.` } };
      },
    },
  ];
}

const keyView = ({ id, serviceUserId, name, status, createdAt, lastUsedAt }: AccessKey) => ({
  Id: id,
  ServiceUserId: serviceUserId,
  Name: name,
  Status: status,
  CreatedDate: dateOf(createdAt),
  LastUsedDate: dateOf(lastUsedAt),
});

/** The one place where a secret of ours is shown. */
const secretView = ({ key: row, secret }: AccessKeyWithSecret) => ({
  ...keyView(row),
  Secret: secret.reveal(),
});
