/** The runtime comes in; the routes go out that replace credentials while calls go on, in an installation and in the console. */
import type { RotationStatus, RotationTarget, Trial } from '../runtime-contract.ts';
import { type GivenRotation, type RotationPlace, readRotation } from './rotation-values.ts';
import { rotationView } from './rotation-view.ts';
import type { Call, Reply, Route, RouteAccess, RouteVerb } from './route.ts';
import type { Services } from './services.ts';

/** One of the two places where credentials are kept. */
interface Place {
  readonly path: string;
  readonly tag: string;
  /** Ends the ids of operations, and begins the audit's actions. */
  readonly suffix: string;
  readonly noun: string;
  readonly whose: string;
  readonly read: RouteAccess;
  readonly write: RouteAccess;
  readonly targetOf: (call: Call) => RotationTarget;
  readonly valuesOf: (services: Services, call: Call) => Promise<RotationPlace>;
}

const inAccount = ['account/{account}', 'connector/{connector}'] as const;
const inConsole = { action: 'connectors:setup', resources: ['connector/{connector}'] } as const;

const places: readonly Place[] = [
  {
    path: '/v1.0/account/connectors/{installation}/rotation',
    tag: 'Account connectors',
    suffix: 'Credentials',
    noun: 'installation',
    whose: "the installation's credentials",
    read: { action: 'installations:read', resources: inAccount },
    write: { action: 'installations:write', resources: inAccount },
    targetOf: ({ account, view }) => ({ accountId: account, installationId: view.row.id }),
    valuesOf: async ({ runtime }, { connector, view }) => ({
      ...{ connector, authId: view.row.authId },
      currentOf: (key) => view.settings.find(({ setting }) => setting.key === key)?.value,
      readPaste: (text) => runtime.parsePaste(connector.name, text),
    }),
  },
  {
    path: '/v1.0/connectors/{connector}/rotation',
    tag: 'Console setup',
    suffix: 'ConsoleCredentials',
    noun: 'connector',
    whose: 'the credentials that the console gives to all accounts',
    read: inConsole,
    write: inConsole,
    targetOf: ({ connector }) => ({ connector: connector.name }),
    valuesOf: async ({ runtime }, { connector }) => {
      const { settings } = await runtime.consoleSetup(connector.name);
      return {
        ...{ connector, authId: '' },
        currentOf: (key) => settings.find(({ setting }) => setting.key === key)?.value,
        readPaste: (text) => runtime.parsePaste(connector.name, text),
      };
    },
  },
];

export const rotationRoutes = (services: Services): Route[] =>
  places.flatMap((place) => routesOf(services, place));

interface Step {
  readonly verb: RouteVerb;
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  readonly body?: Route['body'];
  readonly audit: string;
  readonly act: (call: Call) => Promise<RotationStatus & { readonly trial?: Trial }>;
}

function routesOf(services: Services, place: Place): Route[] {
  const { tag, path, suffix, whose, targetOf } = place;
  const { rotation } = services.runtime;
  const values = async (call: Call) =>
    readRotation(call.body as GivenRotation, await place.valuesOf(services, call));
  const steps: readonly Step[] = [
    {
      verb: 'POST',
      path,
      operation: 'rotate',
      summary: `Replace ${whose}: the new ones are tested first, those from before are kept as a fallback for a while.`,
      body: { schema: 'rotation-request' },
      audit: 'rotate',
      act: async (call) => rotation.rotate(targetOf(call), await values(call), optionsOf(call)),
    },
    {
      verb: 'PUT',
      path,
      operation: 'stage',
      summary: `Keep new credentials beside ${whose}, without using them.`,
      body: { schema: 'rotation-request' },
      audit: 'stage-credentials',
      act: async (call) => rotation.stage(targetOf(call), await values(call)),
    },
    {
      verb: 'DELETE',
      path,
      operation: 'cancelStaged',
      summary: 'Forget the staged credentials.',
      audit: 'cancel-staged',
      act: (call) => rotation.cancel(targetOf(call)),
    },
    {
      verb: 'POST',
      path: `${path}/test`,
      operation: 'testStaged',
      summary: 'Test the staged credentials; nothing that is in use is touched.',
      body: { schema: 'rotation-test' },
      audit: 'test-staged',
      act: (call) => rotation.test(targetOf(call), optionsOf(call)),
    },
    {
      verb: 'POST',
      path: `${path}/swap`,
      operation: 'swap',
      summary: `Test the staged credentials, and put them in the place of ${whose}.`,
      body: { schema: 'rotation-swap' },
      audit: 'swap-credentials',
      act: (call) => rotation.swap(targetOf(call), optionsOf(call)),
    },
    {
      verb: 'DELETE',
      path: `${path}/fallback`,
      operation: 'purgeFallback',
      summary: 'Forget the credentials from before the rotation now.',
      audit: 'purge-fallback',
      act: (call) => rotation.purge(targetOf(call)),
    },
  ];
  const status: Route = {
    ...{
      verb: 'GET',
      path,
      tag,
      operation: `getRotationOf${suffix}`,
      access: place.read,
      answer: 'rotation',
    },
    summary: `Read how far the rotation of ${whose} is.`,
    handle: async (call) => replyOf(services, call, await rotation.status(targetOf(call))),
  };
  return [status, ...steps.map((step) => routeOf(services, place, step))];
}

const routeOf = (services: Services, place: Place, step: Step): Route => ({
  ...{ verb: step.verb, path: step.path, tag: place.tag, summary: step.summary },
  operation: `${step.operation}${place.suffix}`,
  access: place.write,
  ...(step.body && { body: step.body }),
  answer: 'rotation',
  audit: `${place.noun}.${step.audit}`,
  handle: async (call) => {
    const after = await step.act(call);
    const reply = await replyOf(services, call, after, after.trial);
    const target = place.targetOf(call);
    return {
      ...reply,
      audited: {
        target: 'connector' in target ? target.connector : target.installationId,
        detail: {
          connector: call.connector.name,
          ...(after.staged && { staged: after.staged.settings }),
          ...(after.fallback && { fallbackUntil: new Date(after.fallback.purgeAt).toISOString() }),
          ...(after.trial && { ok: after.trial.ok, tested: after.trial.results.length }),
        },
      },
    };
  },
});

function optionsOf({ body }: Call): { fallbackMinutes?: number; installations?: readonly string[] } {
  const { FallbackMinutes: fallbackMinutes, Installations: installations } = body as GivenRotation;
  return {
    ...(fallbackMinutes !== undefined && { fallbackMinutes }),
    ...(installations && { installations }),
  };
}

/** Installations of accounts that the caller may not read are counted only. */
async function replyOf(
  { runtime, access }: Services,
  { caller, connector }: Call,
  status: RotationStatus,
  trial?: Trial,
): Promise<Reply> {
  const tested = [trial, status.staged?.trial].flatMap((one) => one?.results ?? []);
  const rows = await Promise.all(
    [...new Set(tested.map(({ installationId }) => installationId))].map((id) =>
      runtime.store.get('installation', id),
    ),
  );
  const visible = new Set(
    rows.flatMap((row) =>
      row &&
      access.permits(caller, 'installations:read', [
        `account/${row.accountId}`,
        `connector/${connector.name}`,
      ])
        ? [row.id]
        : [],
    ),
  );
  return { body: rotationView(status, { trial, isVisible: (id) => visible.has(id) }) };
}
