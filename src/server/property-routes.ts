/** The runtime comes in; the routes of properties go out: the values that an account gives for a connector's settings. */
import type { Setting } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { findSetting } from '../installation/credentials-paste.ts';
import type { InstallationView, Runtime, SettingState } from '../runtime-contract.ts';
import { propertyView, propertyViews } from './installation-view.ts';
import { listQuery, sortAndPage } from './lists.ts';
import { type GivenProperty, readProperties } from './properties.ts';
import { type Call, param, type Reply, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Properties';
const resources = ['account/{account}', 'connector/{connector}'] as const;
const read = { action: 'installations:read', resources } as const;
const write = { action: 'installations:write', resources } as const;
const list = '/v1.0/account/connectors/{installation}/properties';
const one = `${list}/{property}`;

export function propertyRoutes({ runtime }: Services): Route[] {
  return [
    {
      verb: 'GET',
      path: list,
      operation: 'listProperties',
      tag,
      summary: 'List the properties that have a value, wherever it comes from.',
      access: read,
      query: listQuery(['Name', 'Id']),
      answer: { list: 'property' },
      handle: async ({ view, query }) => ({ body: sortAndPage(propertyViews(view), query, 'Name') }),
    },
    {
      verb: 'POST',
      path: list,
      operation: 'setProperties',
      tag,
      summary: 'Set one property, or a list of them together; then the connection is tested.',
      access: write,
      body: { schema: 'properties' },
      answer: 'properties',
      audit: 'installation.set-properties',
      handle: async (call) => {
        const given = call.body as GivenProperty | readonly GivenProperty[];
        const values = readProperties(call.view.connector, [given].flat());
        const after = await setValues(runtime, call, values);
        const views = Object.keys(values).map((key) => propertyView(after.row.id, stateOf(after, key)));
        return audited(after, Array.isArray(given) ? views : views[0], Object.keys(values));
      },
    },
    {
      verb: 'GET',
      path: one,
      operation: 'getProperty',
      tag,
      summary: 'Read a property by its integer id or name.',
      access: read,
      answer: 'property',
      handle: async (call) => {
        const state = stateOf(call.view, settingOf(call).key);
        if (!state.set) throw unknown(call);
        return { body: propertyView(call.view.row.id, state) };
      },
    },
    {
      verb: 'PUT',
      path: one,
      operation: 'updateProperty',
      tag,
      summary: 'Set a property; then the connection is tested.',
      access: write,
      body: { schema: 'property', required: ['Value'] },
      answer: 'property',
      audit: 'installation.set-properties',
      handle: async (call) => {
        const { key, id } = settingOf(call);
        const given = call.body as GivenProperty;
        checkName(call.view, given, key);
        const values = readProperties(call.view.connector, [{ ...given, Name: key, Id: id }]);
        const after = await setValues(runtime, call, values);
        return audited(after, propertyView(after.row.id, stateOf(after, key)), [key]);
      },
    },
    {
      verb: 'DELETE',
      path: one,
      operation: 'deleteProperty',
      tag,
      summary: "Take the account's value away; one from the console or a default may count again.",
      access: write,
      answer: 'message',
      audit: 'installation.delete-property',
      handle: async (call) => {
        const { key } = settingOf(call);
        if (stateOf(call.view, key).source !== 'account') throw unknown(call);
        const after = await setValues(runtime, call, { [key]: null });
        return audited(after, { Message: `Property '${key}' deleted.` }, [key]);
      },
    },
  ];
}

const setValues = (
  runtime: Runtime,
  { account, view }: Call,
  values: Readonly<Record<string, string | null>>,
) => runtime.configure(account, view.row.id, { values });

function settingOf(call: Call): Setting {
  const text = param(call, 'property');
  const { connector } = call.view;
  const setting =
    Object.values(connector.settings).find(({ id }) => String(id) === text) ?? findSetting(connector, text);
  if (!setting || setting.level === 'console') throw unknown(call);
  return setting;
}

function unknown(call: Call): FishplateError {
  return new FishplateError(
    'property.unknown',
    `the installation has no property "${param(call, 'property')}"`,
  );
}

function stateOf(view: InstallationView, key: string): SettingState {
  const state = view.settings.find(({ setting }) => setting.key === key);
  if (!state) throw new TypeError(`the view lacks the setting ${key}`);
  return state;
}

/** The path says which property it is; a name in the body may only agree. */
function checkName(view: InstallationView, { Name: name }: GivenProperty, key: string): void {
  if (name === undefined || name === '' || findSetting(view.connector, name)?.key === key) return;
  throw new FishplateError('input.invalid', `Name is '${name}', but the path leads to '${key}'`);
}

const audited = (view: InstallationView, body: unknown, settings: readonly string[]): Reply => ({
  body,
  audited: {
    target: view.row.id,
    detail: { connector: view.connector.name, settings, state: view.row.state },
  },
});
