/** The runtime comes in; the routes of installations (the partner API's account connectors) go out. */
import type { Connector } from '../definition/connector.ts';
import { LONE_SURROGATE } from '../definition/template.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { InstallationView, Runtime } from '../runtime-contract.ts';
import { readAuthValue } from './auth-value.ts';
import { keepVisible } from './door.ts';
import { installationView } from './installation-view.ts';
import { listQuery, sortAndPage } from './lists.ts';
import { type GivenProperty, readProperties } from './properties.ts';
import type { Reply, Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Account connectors';
const resources = ['account/{account}', 'connector/{connector}'] as const;
const read = { action: 'installations:read', resources } as const;
const write = { action: 'installations:write', resources } as const;
const path = '/v1.0/account/connectors/{installation}';

/** A checked install.schema.json, or as much of installation.schema.json as can be changed. */
interface GivenInstall {
  readonly Name?: string | null;
  readonly Description?: string | null;
  readonly AuthenticationId?: string | null;
  readonly AuthValue?: unknown;
  readonly Properties?: readonly GivenProperty[] | null;
}

export function installRoutes({ runtime, access: rights }: Services): Route[] {
  return [
    {
      verb: 'POST',
      path: '/v1.0/connectors/{connector}/install',
      operation: 'installConnector',
      tag,
      summary: 'Install a connector in the account, and test the connection when nothing is missing.',
      access: write,
      body: { schema: 'install' },
      answer: 'installation',
      audit: 'installation.install',
      handle: async ({ account, connector, body }) => {
        const given = body as GivenInstall;
        const values = readInstallValues(runtime, connector, given);
        const view = await runtime.install(account, String(connector.id), {
          ...namesOf(given),
          ...(typeof given.AuthenticationId === 'string' && { authId: given.AuthenticationId }),
          values,
        });
        return changed(view, { settings: Object.keys(values) });
      },
    },
    {
      verb: 'GET',
      path: '/v1.0/account/connectors',
      operation: 'listInstallations',
      tag,
      summary: 'List what is installed in the account, as far as the caller may read it.',
      access: { action: 'installations:read', resources: ['account/{account}'], each: true },
      query: listQuery(['CreatedDate', 'Name', 'State', 'Id']),
      answer: { list: 'installation' },
      handle: async ({ caller, account, query }) => {
        const whole = `account/${account}`;
        const of = ({ connector }: InstallationView) => [whole, `connector/${connector.name}`];
        const all = await runtime.installations(account);
        const views = keepVisible(rights, { caller, action: 'installations:read' }, all, { of, whole });
        return { body: sortAndPage(views.map(installationView), query, 'CreatedDate') };
      },
    },
    {
      verb: 'GET',
      path,
      operation: 'getInstallation',
      tag,
      summary: 'Read an installation.',
      access: read,
      answer: 'installation',
      handle: async ({ view }) => ({ body: installationView(view) }),
    },
    {
      verb: 'PUT',
      path,
      operation: 'updateInstallation',
      tag,
      summary:
        'Change Name, Description or AuthValue; a new AuthValue is tested at once. Other keys may be sent back unchanged.',
      access: write,
      body: { schema: 'installation' },
      answer: 'installation',
      audit: 'installation.update',
      handle: async ({ account, view, body }) => {
        const given = body as GivenInstall;
        refuseIgnored(view, given);
        const values = readCredentials(runtime, view.connector, view.row.authId, given.AuthValue);
        const changedView = await runtime.configure(account, view.row.id, {
          ...namesOf(given),
          ...(values && { values }),
        });
        // An AuthValue without credentials of its own says: authenticate with those that there are.
        const isAsked = values !== undefined && changedView.row.state === 'de-authenticated';
        const after = isAsked ? await runtime.reauthenticate(account, view.row.id) : changedView;
        return changed(after, { keys: Object.keys(namesOf(given)), settings: Object.keys(values ?? {}) });
      },
    },
    {
      verb: 'DELETE',
      path,
      operation: 'uninstallConnector',
      tag,
      summary: 'Delete an installation with its values and token.',
      access: write,
      answer: 'message',
      audit: 'installation.uninstall',
      handle: async ({ account, view }) => {
        await runtime.uninstall(account, view.row.id);
        return done(view, `Connector '${view.connector.name}' successfully deleted.`);
      },
    },
    {
      verb: 'PUT',
      path: `${path}/deauthenticate`,
      operation: 'deauthenticateInstallation',
      tag,
      summary: "Forget the account's credentials and the token.",
      access: write,
      answer: 'message',
      audit: 'installation.deauthenticate',
      handle: async ({ account, view }) => {
        await runtime.deauthenticate(account, view.row.id);
        return done(view, `Connector '${view.connector.name}' successfully de-authenticated.`);
      },
    },
    {
      verb: 'PUT',
      path: `${path}/reauthenticate`,
      operation: 'reauthenticateInstallation',
      tag,
      summary: 'Take a de-authentication back, with the credentials that there are, and test the connection.',
      access: write,
      answer: 'installation',
      audit: 'installation.reauthenticate',
      handle: async ({ account, view }) =>
        changed(await runtime.reauthenticate(account, view.row.id), { settings: [] }),
    },
  ];
}

function namesOf({ Name, Description }: GivenInstall): { name?: string; description?: string } {
  if (typeof Name === 'string' && Name.trim() === '')
    throw new FishplateError('input.invalid', 'Name must not be blank');
  for (const [key, text] of Object.entries({ Name, Description }))
    if (typeof text === 'string' && LONE_SURROGATE.test(text))
      throw new FishplateError('input.invalid', `${key} holds half a character (an unpaired surrogate)`);
  if (typeof Name === 'string' && /\p{Cc}/u.test(Name))
    throw new FishplateError('input.invalid', 'Name must not hold a line break or another control character');
  return {
    ...(typeof Name === 'string' && { name: Name }),
    // Null is a value here, and a description without text is an empty one.
    ...(Description !== undefined && { description: Description ?? '' }),
  };
}

/** Clients send back what they were answered; a change to what this path does not change is refused, not dropped. */
function refuseIgnored(
  view: InstallationView,
  { AuthenticationId: auth, Properties: properties }: GivenInstall,
): void {
  if (typeof auth === 'string' && auth !== view.row.authId)
    throw new FishplateError(
      'input.invalid',
      `AuthenticationId cannot be changed from "${view.row.authId}"`,
      {
        hint: 'Install the connector once more with the other AuthenticationId.',
      },
    );
  const given = (properties ?? []).filter(({ Value }) => Value !== null && Value !== undefined);
  const changed = Object.entries(readProperties(view.connector, given)).filter(
    ([key, value]) => view.settings.find(({ setting }) => setting.key === key)?.value !== value,
  );
  if (changed.length > 0)
    throw new FishplateError(
      'input.invalid',
      `Properties are not changed here: ${changed.map(([key]) => key).join(', ')}`,
      {
        hint: 'POST them to .../properties.',
      },
    );
}

/** Properties without a value are those that the customer gives later. */
function readInstallValues(
  runtime: Runtime,
  connector: Connector,
  given: GivenInstall,
): Record<string, string> {
  const properties = (given.Properties ?? []).filter(({ Value }) => Value !== null && Value !== undefined);
  const byProperty = readProperties(connector, properties);
  const byAuth = readCredentials(runtime, connector, given.AuthenticationId ?? '', given.AuthValue) ?? {};
  const twice = Object.keys(byAuth).filter(
    (key) => byProperty[key] !== undefined && byProperty[key] !== byAuth[key],
  );
  if (twice.length > 0)
    throw new FishplateError(
      'input.invalid',
      `AuthValue and Properties give different values for ${twice.join(', ')}`,
    );
  return { ...byAuth, ...byProperty };
}

/** Undefined when there is no AuthValue to act on: answers have null there, and clients send answers back. */
function readCredentials(
  runtime: Runtime,
  connector: Connector,
  authId: string,
  value: unknown,
): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return readAuthValue(connector, authId, value, (text) => runtime.parsePaste(connector.name, text));
  } catch (error) {
    if (!isFishplateError(error, 'settings.paste-unreadable')) throw error;
    // The reader's message names what it took for names, which may be parts of a secret here.
    throw new FishplateError(
      'settings.paste-unreadable',
      `AuthValue holds no credentials of ${connector.title}`,
      {
        hint: 'Send base64 of id:secret, JSON with ClientId and ClientSecret, or what the vendor shows for copying.',
      },
    );
  }
}

const changed = (view: InstallationView, detail: Readonly<Record<string, unknown>>): Reply => ({
  body: installationView(view),
  audited: {
    target: view.row.id,
    detail: { connector: view.connector.name, state: view.row.state, ...detail },
  },
});

const done = (view: InstallationView, message: string): Reply => ({
  body: { Message: message },
  audited: { target: view.row.id, detail: { connector: view.connector.name, name: view.row.name } },
});
