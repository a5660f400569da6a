/** The runtime comes in; the routes that set a connector up in the console, for all accounts, go out. */
import type { Connector } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { findSetting } from '../installation/credentials-paste.ts';
import type { ChangedConsoleSetup, ConsoleSetup } from '../runtime-contract.ts';
import type { InstallationRow } from '../store/rows.ts';
import { connectorBrief, settingBrief } from './connector-view.ts';
import { dateOf, reasonView } from './installation-view.ts';
import type { Call, Route } from './route.ts';
import type { Services } from './services.ts';

const resources = ['connector/{connector}'] as const;

export function setupRoutes(services: Services): Route[] {
  const { runtime } = services;
  return [
    {
      verb: 'GET',
      path: '/v1.0/connectors/{connector}/setup',
      operation: 'getConsoleSetup',
      tag: 'Console setup',
      summary: 'Read which values the console gives to all accounts; secret ones are never shown.',
      access: { action: 'connectors:read', resources },
      answer: 'console-setup',
      handle: async (call) => {
        refusePinned(call);
        return { body: await setupView(services, call, await runtime.consoleSetup(call.connector.name)) };
      },
    },
    {
      verb: 'PUT',
      path: '/v1.0/connectors/{connector}/setup',
      operation: 'updateConsoleSetup',
      tag: 'Console setup',
      summary:
        'Set values for all accounts; null takes one away. Installations that depend on them are tested again.',
      access: { action: 'connectors:setup', resources },
      body: { schema: 'console-values', required: ['Settings'] },
      answer: 'console-setup',
      audit: 'connector.setup',
      handle: async (call) => {
        const { connector } = call;
        const values = readConsoleValues(connector, call.body as { Settings: Record<string, string | null> });
        const { dependents: before } = await runtime.consoleSetup(connector.name);
        const setup = await runtime.setupConsole(connector.name, values);
        return {
          body: {
            ...(await setupView(services, call, setup)),
            Retested: await retestedView(services, call, before, setup),
          },
          audited: { target: connector.name, detail: { settings: Object.keys(values), state: setup.state } },
        };
      },
    },
  ];
}

/** What the console gives is shared by all accounts, so a token for one of them is not shown it. */
function refusePinned({ caller }: Call): void {
  if (caller.accountId === null) return;
  throw new FishplateError('access.forbidden', `The token is pinned to account ${caller.accountId}`, {
    hint: 'Use a token without scope for the console.',
  });
}

function readConsoleValues(
  connector: Connector,
  { Settings: given }: { readonly Settings: Readonly<Record<string, string | null>> },
): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const setting = findSetting(connector, name);
    const path = `Settings.${name}`;
    if (!setting) {
      const hint = didYouMean(name, Object.keys(connector.settings));
      problems.push({
        path,
        message: 'is not a setting of this connector',
        ...(hint !== undefined && { hint }),
      });
    } else if (Object.hasOwn(values, setting.key))
      problems.push({ path, message: `gives ${setting.key} a second time` });
    else values[setting.key] = value;
  }
  if (problems.length === 0) return values;
  const text = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new FishplateError('settings.unknown', text, { problems });
}

async function setupView(
  services: Services,
  call: Call,
  setup: ConsoleSetup,
): Promise<Record<string, unknown>> {
  const installations = await visibleOf(services, call, setup.dependents);
  return {
    Connector: connectorBrief(setup.connector),
    State: setup.state,
    Settings: setup.settings.map(({ setting, set, value, source, updatedAt }) => ({
      ...settingBrief(setting),
      Group: setting.group ?? null,
      IsOptional: !setting.required || setting.default !== undefined,
      IsSet: set,
      Value: setting.secret ? null : (value ?? null),
      Source: source ?? null,
      UpdatedDate: dateOf(updatedAt ?? null),
    })),
    Dependents: installations.map(({ row }) => row.id),
    Installations: installations.map(dependentView),
  };
}

/** What a change did to the installations that it concerns: whether they take values from the console, and how they are now. */
async function retestedView(
  services: Services,
  call: Call,
  before: readonly string[],
  { dependents: after, retested }: ChangedConsoleSetup,
): Promise<Record<string, unknown>[]> {
  const dependenceOf = (id: string) => {
    if (!after.includes(id)) return 'ended';
    return before.includes(id) ? 'kept' : 'begun';
  };
  return (await visibleOf(services, call, retested)).map((dependent) => ({
    ...dependentView(dependent),
    Dependence: dependenceOf(dependent.row.id),
  }));
}

interface Dependent {
  readonly row: InstallationRow;
  readonly accountName: string;
}

/** Installations of accounts that the caller may not read are left out. */
async function visibleOf(
  { runtime, access }: Services,
  { caller, connector }: Call,
  ids: readonly string[],
): Promise<Dependent[]> {
  const rows = await Promise.all(ids.map((id) => runtime.store.get('installation', id)));
  const visible = rows.filter(
    (row): row is InstallationRow =>
      row !== undefined &&
      access.permits(caller, 'installations:read', [
        `account/${row.accountId}`,
        `connector/${connector.name}`,
      ]),
  );
  const accounts = await Promise.all(
    [...new Set(visible.map(({ accountId }) => accountId))].map((id) => runtime.store.get('account', id)),
  );
  const names = new Map(accounts.flatMap((account) => (account ? [[account.id, account.name]] : [])));
  return visible.map((row) => ({ row, accountName: names.get(row.accountId) ?? row.accountId }));
}

const dependentView = ({ row, accountName }: Dependent) => ({
  ...{ Id: row.id, AccountId: row.accountId, AccountName: accountName, Name: row.name, State: row.state },
  StateReason: reasonView(row.stateReason),
});
