/** The runtime and access come in; the routes of setup links go out: made by whoever may install, opened by a customer without an account. */
import { actorOf } from '../access/authenticate.ts';
import type { Link } from '../access/links.ts';
import type { Setting } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { InstallationView } from '../runtime-contract.ts';
import { settingView } from './connector-view.ts';
import { dateOf, reasonView } from './installation-view.ts';
import { type GivenProperty, readProperties } from './properties.ts';
import type { Call, Reply, Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Setup links';
const resources = ['account/{account}', 'connector/{connector}'] as const;
const write = { action: 'installations:write', resources } as const;
const path = '/v1.0/account/connectors/{installation}/setup-links';
const MINUTE_MS = 60_000;
const USUAL_MINUTES = 3 * 24 * 60;

export function setupLinkRoutes(services: Services): Route[] {
  return [...ownerRoutes(services), ...customerRoutes(services)];
}

function ownerRoutes({ access }: Services): Route[] {
  return [
    {
      verb: 'POST',
      path,
      operation: 'createSetupLink',
      tag,
      summary:
        'Make a one-time link by which a customer gives what is missing; the token is shown here only.',
      access: write,
      body: { schema: 'setup-link' },
      answer: 'setup-link',
      handle: async ({ account, view, caller, body }) => {
        const { LifetimeMinutes: minutes = USUAL_MINUTES } = body as { readonly LifetimeMinutes?: number };
        const { token, link } = await access.links.create(actorOf(caller), {
          ...{ kind: 'setup', accountId: account, target: { installationId: view.row.id } },
          lifetimeMs: minutes * MINUTE_MS,
        });
        return { body: { ...linkView(link), Token: token, Path: `/console/setup#${token}` } };
      },
    },
    {
      verb: 'GET',
      path,
      operation: 'listSetupLinks',
      tag,
      summary: 'List the setup links of an installation, newest first.',
      access: { action: 'installations:read', resources },
      answer: { list: 'setup-link' },
      handle: async ({ account, view }) => {
        const links = await access.links.list('setup', account);
        return { body: links.filter((link) => link.target.installationId === view.row.id).map(linkView) };
      },
    },
    {
      verb: 'DELETE',
      path: `${path}/{link}`,
      operation: 'deleteSetupLink',
      tag,
      summary: 'Take a setup link back.',
      access: write,
      answer: 'message',
      handle: async ({ account, view, caller, params }) => {
        const links = await access.links.list('setup', account);
        const link = links.find(
          ({ id, target }) => id === params.link && target.installationId === view.row.id,
        );
        if (!link) throw new FishplateError('link.unknown', 'the installation has no such link');
        await access.links.remove(actorOf(caller), account, link.id);
        return { body: { Message: 'The link opens nothing any more.' } };
      },
    },
  ];
}

/** Only our own page may post here, and it does so when somebody looks at it: what merely GETs the link uses nothing up. */
function customerRoutes(services: Services): Route[] {
  return [
    {
      verb: 'POST',
      path: '/v1.0/setup-links/open',
      operation: 'openSetupLink',
      tag,
      summary: 'Say what a setup link asks for. It stays good.',
      access: 'public',
      body: { schema: 'setup-link-answer', required: ['Token'] },
      answer: 'setup-form',
      attempt: () => '',
      handle: async (call) => {
        call.page.assertOwn();
        const { link, view } = await openLink(services, call);
        return { body: formView(link, view) };
      },
    },
    {
      verb: 'POST',
      path: '/v1.0/setup-links/complete',
      operation: 'completeSetupLink',
      tag,
      summary: 'Give the values and test the connection; the link is used up once the connection is proven.',
      access: 'public',
      body: { schema: 'setup-link-answer', required: ['Token', 'Properties'] },
      answer: 'setup-form',
      attempt: () => '',
      handle: async (call) => {
        call.page.assertOwn();
        return complete(services, call);
      },
    },
  ];
}

interface Opened {
  readonly link: Link;
  readonly view: InstallationView;
}

/** An installation that is gone leaves its links without a meaning. */
async function openLink({ access, runtime }: Services, { body }: Pick<Call, 'body'>): Promise<Opened> {
  const link = await access.links.open('setup', (body as { readonly Token: string }).Token);
  try {
    return {
      link,
      view: await runtime.installation(link.accountId ?? '', String(link.target.installationId)),
    };
  } catch (cause) {
    if (!isFishplateError(cause, 'installation.unknown')) throw cause;
    throw new FishplateError('link.unknown', 'what the link was for has been removed', { cause });
  }
}

async function complete(services: Services, call: Call): Promise<Reply> {
  const { access, runtime } = services;
  const { link, view } = await openLink(services, call);
  const given = (call.body as { readonly Properties: readonly GivenProperty[] }).Properties;
  const asked = new Set(askedSettings(view).map(({ key }) => key));
  const values = readProperties(view.connector, given);
  const foreign = Object.keys(values).filter((key) => !asked.has(key));
  if (foreign.length > 0)
    throw new FishplateError('settings.wrong-level', `the link does not ask for ${foreign.join(', ')}`);
  const after = await runtime.configure(view.row.accountId, view.row.id, { values });
  await access.audit.record({
    ...{ actor: `link/${link.id}`, action: 'installation.complete', target: view.row.id },
    ...{ accountId: view.row.accountId },
    detail: { settings: Object.keys(values), state: after.row.state, requestId: call.requestId },
  });
  if (after.row.state === 'active') await access.links.use(link);
  return { body: formView(link, after) };
}

/** What an account gives, unless the console gives it already. */
function askedSettings({ settings }: InstallationView): Setting[] {
  return settings
    .filter(({ setting, source }) => setting.level !== 'console' && source !== 'console')
    .map(({ setting }) => setting);
}

const linkView = (link: Link) => ({
  Id: link.id,
  CreatedDate: dateOf(link.createdAt),
  ExpiresDate: dateOf(link.expiresAt),
  UsedDate: dateOf(link.usedAt),
});

function formView(link: Link, view: InstallationView): Record<string, unknown> {
  const { row, connector, missing } = view;
  const asked = askedSettings(view);
  return {
    Name: row.name,
    State: row.state,
    StateReason: reasonView(row.stateReason),
    Identity: row.identity,
    ExpiresDate: dateOf(link.expiresAt),
    Connector: {
      Name: connector.name,
      Title: connector.title,
      Description: connector.description,
      Icon: connector.icon ?? null,
      Guide: connector.guide ?? null,
    },
    Settings: asked.map((setting) => ({
      ...settingView(setting, connector),
      ...valueView(view, setting),
      IsMissing: missing.some(({ key }) => key === setting.key),
    })),
  };
}

/** A customer sees what is given for the account already, but no secret. */
function valueView(view: InstallationView, { key, secret }: Setting): Record<string, unknown> {
  const state = view.settings.find(({ setting }) => setting.key === key);
  return {
    IsSet: state?.set ?? false,
    Source: state?.source ?? null,
    Value: secret ? null : (state?.value ?? null),
  };
}
