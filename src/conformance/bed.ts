/** A connector and its sandbox script come in; the vendor plays on this machine, a runtime calls it, and keys can be had. */
import { randomBytes } from 'node:crypto';
import type { AuthMethod, Connector, Setting } from '../definition/connector.ts';
import { withEnvironment } from '../definition/environment.ts';
import { createRuntime } from '../runtime.ts';
import type { InstallationView, Runtime } from '../runtime-contract.ts';
import { nameCredentials, registerKey, signsItself } from '../sandbox/key-values.ts';
import { isAllowed } from '../sandbox/permission.ts';
import { sampleSetting } from '../sandbox/sample-setting.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import { Secret } from '../secret.ts';
import { openStore } from '../store/open.ts';
import { createAxiosSend } from '../transport/axios.ts';
import type { Send } from '../wire.ts';
import type { ConformanceScript } from './script.ts';
import { createJumpingWorld, type JumpingWorld } from './world.ts';

/** The environments that are added: the sandbox, and a host that is up but is not the vendor's. */
const SANDBOX = 'sandbox';
const ELSEWHERE = 'elsewhere';
const ELSEWHERE_URL = 'https://elsewhere.invalid';

/** A service user's key, as values of the connector's settings. */
export interface MadeKey {
  readonly serviceUserId: string;
  readonly keyId: string;
  readonly organisationId: string;
  /** Id and secret, or the secret alone. */
  readonly values: Readonly<Record<string, string>>;
}

export interface KeyWish {
  /** Names of policies; those that allow most unless given. */
  readonly policies?: readonly string[];
}

export interface Bed {
  readonly runtime: Runtime;
  readonly sandbox: Sandbox;
  readonly script: SandboxScript;
  readonly world: JumpingWorld;
  /** As it is installed: with the environments that were added. */
  readonly connector: Connector;
  readonly account: string;
  makeKey(auth: AuthMethod, wish?: KeyWish): MadeKey;
  /** Every value that an account has to give, in the sandbox's environment unless `elsewhere`. */
  valuesOf(auth: AuthMethod, key: MadeKey, elsewhere?: boolean): Record<string, string>;
  install(auth: AuthMethod, values: Readonly<Record<string, string>>): Promise<InstallationView>;
  close(): Promise<void>;
}

/** Opens ports of 127.0.0.1; nothing else is reached. Throws `sandbox.*`, and what `setupConsole` throws. */
export async function openBed(
  definition: Connector,
  script: SandboxScript,
  given: ConformanceScript,
): Promise<Bed> {
  const world = createJumpingWorld();
  // Waiting for the vendor's limits would prove nothing of the definition.
  const unlimited = withoutLimits(definition);
  const sandbox = createSandbox({ connector: unlimited, script, world });
  const { urls, close: closeSandbox } = await sandbox.listen();
  const connector = withEnvironments(unlimited, urls);
  const network = createAxiosSend({ allowAddresses: ['loopback'] });
  const store = await openStore({
    location: ':memory:',
    keys: { key: new Secret(randomBytes(32).toString('base64')) },
  });
  const send = withElsewhere(network);
  const runtime = createRuntime({ connectors: [connector], store, send, world, callDetail: 'none' });
  const { id: account } = await runtime.accounts.create({ name: 'Conformance' });
  await runtime.setupConsole(
    connector.name,
    sampleValues(connector, given, ({ level }) => level === 'console'),
  );
  const generous = generousPolicies(connector, script);
  const organisation = script.organisationSetting;
  return {
    ...{ runtime, sandbox, script, world, connector, account },
    makeKey: (auth, { policies = generous } = {}) => {
      const { serviceUser, key } = sandbox.access.createServiceUser({
        name: 'Conformance',
        policies,
        generateKey: true,
      });
      if (!key) throw new TypeError('the sandbox made no access key');
      const { accessKeyId, apiSecret, organisationId } = key;
      const secret = signsItself(auth) ? registerKey(sandbox, auth, accessKeyId) : apiSecret.reveal();
      return {
        ...{ serviceUserId: serviceUser.id, keyId: accessKeyId, organisationId },
        values: nameCredentials(connector, script, auth, { accessKeyId, secret, organisationId }),
      };
    },
    valuesOf: (auth, { organisationId, values }, elsewhere = false) => ({
      ...sampleValues(
        connector,
        given,
        (setting) => setting.level !== 'console' && (setting.auth?.includes(auth.id) ?? true),
      ),
      ...(connector.environments.setting !== undefined && {
        [connector.environments.setting]: elsewhere ? ELSEWHERE : SANDBOX,
      }),
      ...(organisation !== undefined && { [organisation]: organisationId }),
      ...values,
    }),
    install: (auth, values) => runtime.install(account, connector.name, { authId: auth.id, values }),
    close: async () => {
      await runtime.close();
      await closeSandbox();
      network.close();
    },
  };
}

const withoutLimits = (connector: Connector): Connector => ({
  ...connector,
  status: 'live',
  methods: Object.fromEntries(
    Object.entries(connector.methods).map(([key, method]) => [key, { ...method, limits: [] }]),
  ),
});

function withEnvironments(connector: Connector, urls: Readonly<Record<string, string>>): Connector {
  const nowhere = Object.fromEntries(Object.keys(urls).map((host) => [host, ELSEWHERE_URL]));
  const played = withEnvironment(connector, SANDBOX, 'Sandbox', urls);
  return withEnvironment(played, ELSEWHERE, 'Elsewhere', nowhere);
}

/** Whatever is asked of the host that is not the vendor's, it has nothing. */
function withElsewhere(send: Send): Send {
  return async (request, options) => {
    if (!request.url.startsWith(ELSEWHERE_URL)) return send(request, options);
    const body = '<html><title>Not Found</title></html>';
    return { status: 404, headers: { 'content-type': 'text/html' }, body };
  };
}

/** What is required and has no default, in the settings that are `wanted`. */
function sampleValues(
  { settings }: Connector,
  given: ConformanceScript,
  wanted: (setting: Setting) => boolean,
): Record<string, string> {
  return Object.fromEntries(
    Object.values(settings)
      .filter(wanted)
      .flatMap((setting) => {
        const own = given.settings?.[setting.key];
        if (own !== undefined) return [[setting.key, own]];
        return setting.required && setting.default === undefined
          ? [[setting.key, sampleSetting(setting)]]
          : [];
      }),
  );
}

/** The one policy that allows most of the methods. */
function generousPolicies(connector: Connector, { policies }: SandboxScript): string[] {
  const methods = Object.values(connector.methods);
  const allows = (policy: (typeof policies)[number]) =>
    methods.filter((method) => isAllowed([policy], method)).length;
  const given = policies.filter(({ serviceUsers }) => serviceUsers !== false);
  const [best] = given.sort((a, b) => allows(b) - allows(a));
  return best ? [best.name] : [];
}
