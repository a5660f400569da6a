/** What can be done under /_sandbox: the vendor's parts come in, a table of routes with their answers goes out. */
import type { JsonSchema } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import type { NewServiceUser, SandboxAccess } from './access.ts';
import type { GeneratedKey } from './access-keys.ts';
import type { AdminInput, AdminParts, AdminRoute } from './admin-route.ts';
import type { Details } from './details.ts';
import { inspectionRoutes } from './inspection-routes.ts';
import type { PermissionPolicy } from './script.ts';

const text: JsonSchema = { type: 'string', minLength: 1, maxLength: 200 };
const object = (properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const schemas = {
  serviceUser: object(
    {
      name: text,
      organisationId: text,
      policies: { type: 'array', items: text },
      details: { type: 'object' },
      generateKey: { type: 'boolean' },
    },
    'name',
  ),
  changedServiceUser: object({ name: text, details: { type: 'object' } }),
  policyName: object({ policy: text }, 'policy'),
  publicKey: object({ publicKey: { type: 'string', minLength: 1, maxLength: 10_000 } }, 'publicKey'),
  newKey: object({ name: text }),
  active: object({ active: { type: 'boolean' } }, 'active'),
  policy: object(
    {
      name: text,
      description: { type: 'string' },
      organisationId: text,
      statements: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            effect: { enum: ['allow', 'deny'] },
            methods: { type: 'array', minItems: 1, items: text },
            reading: { type: 'boolean' },
          },
          'effect',
          'methods',
        ),
      },
      permissions: { type: 'array', items: text },
    },
    'name',
    'statements',
  ),
} as const;

/** All routes. An answer of undefined is an empty one. */
export const adminRoutes = (parts: AdminParts): AdminRoute[] => [
  ...accessRoutes(parts.access),
  ...inspectionRoutes(parts),
];

function accessRoutes(access: SandboxAccess): AdminRoute[] {
  const organisationOf = ({ query }: AdminInput) => query.get('organisationId') ?? undefined;
  const first = ({ ids }: AdminInput) => ids[0] ?? '';
  const second = ({ ids }: AdminInput) => ids[1] ?? '';
  /** The key's id, once it is known to be this service user's. */
  const keyOf = (input: AdminInput) => {
    const own = access.keys(first(input)).some((key) => key.id === second(input));
    if (!own)
      throw new FishplateError('sandbox.unknown', `This service user has no access key ${second(input)}`);
    return second(input);
  };
  return [
    { verb: 'GET', path: 'organisations', answer: () => access.organisations() },
    { verb: 'GET', path: 'policies', answer: (input) => access.policies(organisationOf(input)) },
    {
      verb: 'POST',
      path: 'policies',
      schema: schemas.policy,
      status: 201,
      answer: ({ body }) => {
        const { organisationId, ...policy } = body;
        return access.createPolicy(
          policy as unknown as PermissionPolicy,
          organisationId as string | undefined,
        );
      },
    },
    {
      verb: 'DELETE',
      path: 'policies/*',
      answer: (input) => access.deletePolicy(first(input), organisationOf(input)),
    },
    {
      verb: 'GET',
      path: 'service-users',
      answer: (input) =>
        access
          .serviceUsers(organisationOf(input))
          .map((user) => ({ ...user, accessKeys: access.keys(user.id) })),
    },
    {
      verb: 'POST',
      path: 'service-users',
      schema: schemas.serviceUser,
      status: 201,
      answer: ({ body }) => {
        const input = body as unknown as NewServiceUser;
        const { serviceUser, key } = access.createServiceUser(input);
        return { ...serviceUser, ...(key && { accessKey: showOnce(key) }) };
      },
    },
    {
      verb: 'GET',
      path: 'service-users/*',
      answer: (input) => ({
        ...access.serviceUser(first(input)),
        accessKeys: access.keys(first(input)),
      }),
    },
    {
      verb: 'PUT',
      path: 'service-users/*',
      schema: schemas.changedServiceUser,
      answer: (input) => {
        const { name, details } = input.body;
        // What is refused must not have changed the half.
        if (details !== undefined) access.changeDetails(first(input), details as Details);
        if (name !== undefined) access.renameServiceUser(first(input), String(name));
        return access.serviceUser(first(input));
      },
    },
    { verb: 'DELETE', path: 'service-users/*', answer: (input) => access.deleteServiceUser(first(input)) },
    {
      verb: 'POST',
      path: 'service-users/*/policies',
      schema: schemas.policyName,
      answer: (input) => access.addPolicy(first(input), String(input.body.policy)),
    },
    {
      verb: 'DELETE',
      path: 'service-users/*/policies/*',
      answer: (input) => access.removePolicy(first(input), second(input)),
    },
    { verb: 'GET', path: 'service-users/*/access-keys', answer: (input) => access.keys(first(input)) },
    {
      verb: 'POST',
      path: 'service-users/*/access-keys',
      schema: schemas.newKey,
      status: 201,
      answer: (input) => showOnce(access.generateKey(first(input), input.body.name as string | undefined)),
    },
    {
      verb: 'PUT',
      path: 'service-users/*/access-keys/*',
      schema: schemas.active,
      answer: (input) => access.setKeyActive(keyOf(input), input.body.active === true),
    },
    {
      verb: 'PUT',
      path: 'service-users/*/access-keys/*/public-key',
      schema: schemas.publicKey,
      answer: (input) => access.setPublicKey(keyOf(input), String(input.body.publicKey)),
    },
    {
      verb: 'POST',
      path: 'service-users/*/access-keys/*/regenerate',
      answer: (input) => showOnce(access.regenerateKey(keyOf(input))),
    },
    {
      verb: 'DELETE',
      path: 'service-users/*/access-keys/*',
      answer: (input) => access.deleteKey(keyOf(input)),
    },
  ];
}

/** The one moment at which a secret is shown: to the person who has asked for the key. */
function showOnce(key: GeneratedKey) {
  return {
    organisationId: key.organisationId,
    accessKeyId: key.accessKeyId,
    apiSecret: key.apiSecret.reveal(),
    copyForms: key.copyForms(),
  };
}
