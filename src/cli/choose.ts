/** What somebody calls an account, an installation or a service user comes in; the one that is meant goes out. */
import { readVariable } from '../config.ts';
import { didYouMean } from '../definition/problem.ts';
import { type ErrorCode, FishplateError } from '../errors.ts';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, findHarness } from './api-options.ts';
import type { AccountView, ConnectorView, InstallationAnswer, ServiceUserAnswer } from './api-views.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';

const MOST = 1_000;

interface Named {
  readonly Id: string;
  readonly Name: string;
}

/**
 * The account that was named by id or name; without a name, the only one there is, else the harness's own.
 * Throws `account.unknown`, `cli.ambiguous`, `cli.usage`.
 */
export async function chooseAccount(api: Api, options: ApiOptions, io: Io): Promise<string> {
  const accounts = await api.get<AccountView[]>('/v1.0/accounts', { query: { pageSize: MOST } });
  const wanted = options.account ?? readVariable(io.env, 'FISHPLATE_ACCOUNT');
  if (wanted !== undefined) return find(accounts, wanted, 'account', 'account.unknown').Id;
  const [first, ...others] = accounts;
  if (first && others.length === 0) return first.Id;
  const harness = findHarness(options, io);
  const own = accounts.find(({ Id }) => harness?.apiUrl === api.url && Id === harness.account);
  if (own) return own.Id;
  throw first
    ? usageError('there are several accounts', `Name one with --account: ${listNames(accounts)}.`)
    : usageError('there is no account yet', 'Make one: fishplate accounts create <name>');
}

/** The live release, or the newest. Throws `connector.unknown`. */
export async function chooseConnector(api: Api, name: string): Promise<ConnectorView> {
  const answer = await api.get<ConnectorView | ConnectorView[]>(pathOf`/v1.0/connectors/${name}`);
  const releases = [answer].flat();
  const release = releases.find(({ Status }) => Status === 'Approved') ?? releases[0];
  if (!release) throw new FishplateError('connector.unknown', `there is no connector "${name}"`);
  return release;
}

export const listInstallations = (api: Api, account: string): Promise<InstallationAnswer[]> =>
  api.get<InstallationAnswer[]>('/v1.0/account/connectors', { account, query: { pageSize: MOST } });

/** By id, by name, or by the connector's name when there is one of it. Throws `installation.unknown`, `cli.ambiguous`. */
export async function chooseInstallation(
  api: Api,
  account: string,
  wanted: string,
): Promise<InstallationAnswer> {
  const all = await listInstallations(api, account);
  const isNamed = all.some(({ Id, Name }) => Id === wanted || Name.toLowerCase() === wanted.toLowerCase());
  const ofConnector = isNamed ? [] : all.filter(({ Connector }) => Connector.Name === wanted);
  const [only, ...others] = ofConnector;
  if (only && others.length > 0)
    throw new FishplateError(
      'cli.ambiguous',
      `there are ${ofConnector.length} installations of "${wanted}"`,
      {
        hint: `Name the one that is meant: ${listNames(ofConnector)}.`,
      },
    );
  return only ?? find(all, wanted, 'installation', 'installation.unknown');
}

/** By id or by name. Throws `access.unknown`, `cli.ambiguous`. */
export async function chooseServiceUser(api: Api, wanted: string): Promise<ServiceUserAnswer> {
  const users = await api.get<ServiceUserAnswer[]>('/v1.0/service-users', { query: { pageSize: MOST } });
  return find(users, wanted, 'service user', 'access.unknown');
}

function find<T extends Named>(all: readonly T[], wanted: string, noun: string, code: ErrorCode): T {
  const byId = all.find(({ Id }) => Id === wanted);
  if (byId) return byId;
  const [found, ...others] = all.filter(({ Name }) => Name.toLowerCase() === wanted.toLowerCase());
  if (found && others.length > 0)
    throw new FishplateError('cli.ambiguous', `${others.length + 1} ${noun}s are named "${wanted}"`, {
      hint: `Give the id: ${[found, ...others].map(({ Id }) => Id).join(', ')}.`,
    });
  if (found) return found;
  const near = didYouMean(
    wanted,
    all.flatMap(({ Id, Name }) => [Name, Id]),
  );
  const hint = near ?? (all.length > 0 ? `There are ${listNames(all)}.` : `There is no ${noun} yet.`);
  throw new FishplateError(code, `there is no ${noun} "${wanted}"`, { hint });
}

/** The first few as `name (id)`. */
function listNames(all: readonly Named[]): string {
  const shown = all.slice(0, 8).map(({ Id, Name }) => (Id === Name ? Id : `${Name} (${Id})`));
  return `${shown.join(', ')}${all.length > shown.length ? ` and ${all.length - shown.length} more` : ''}`;
}
