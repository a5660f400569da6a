/** The runtime comes in; routes go out that read pasted text - what a vendor's screen offers for copying - and set what it holds. */
import type { Connector, Setting } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { Runtime } from '../runtime-contract.ts';
import { settingBrief } from './connector-view.ts';
import { installationView } from './installation-view.ts';
import type { Call, Reply, Route } from './route.ts';
import type { Services } from './services.ts';

const resources = ['connector/{connector}'] as const;

export function pasteRoutes({ runtime }: Services): Route[] {
  return [
    {
      verb: 'POST',
      path: '/v1.0/connectors/{connector}/paste',
      operation: 'readPaste',
      tag: 'Console setup',
      summary: 'Read pasted text and say which settings it holds; nothing is kept.',
      access: { action: 'connectors:read', resources },
      body: { schema: 'paste', required: ['Text'] },
      answer: 'paste-result',
      handle: async ({ connector, body }) => ({ body: pasteView(readPaste(runtime, connector, body)) }),
    },
    {
      verb: 'POST',
      path: '/v1.0/account/connectors/{installation}/paste',
      operation: 'pasteIntoInstallation',
      tag: 'Account connectors',
      summary: 'Read pasted text, set what it holds, and test the connection.',
      access: { action: 'installations:write', resources: ['account/{account}', ...resources] },
      body: { schema: 'paste', required: ['Text'] },
      answer: 'paste-result',
      audit: 'installation.set-properties',
      handle: (call) => pasteInto(runtime, call),
    },
  ];
}

interface Paste {
  readonly found: readonly { readonly setting: Setting; readonly value: string }[];
  readonly unknown: readonly string[];
}

/** A short name of letters, digits and the like; anything else on the left of a `=` may be a piece of a secret. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_ -]{0,39}$/;

function readPaste(runtime: Runtime, connector: Connector, body: unknown): Paste {
  const { Text: text } = body as { readonly Text: string };
  try {
    const { values, unknown } = runtime.parsePaste(connector.name, text);
    const found = Object.values(connector.settings).flatMap((setting) => {
      const value = values[setting.key];
      return value === undefined ? [] : [{ setting, value }];
    });
    return { found, unknown: unknown.map((name) => (PLAIN_NAME.test(name) ? name : '(not a name)')) };
  } catch (error) {
    if (!isFishplateError(error, 'settings.paste-unreadable')) throw error;
    throw new FishplateError(
      'settings.paste-unreadable',
      `the pasted text holds no setting of ${connector.title}`,
    );
  }
}

function pasteView({ found, unknown }: Paste): Record<string, unknown> {
  return { Settings: found.map(foundView), Unknown: unknown };
}

const foundView = ({ setting, value }: Paste['found'][number]) => ({
  ...settingBrief(setting),
  Value: setting.secret ? null : value,
});

async function pasteInto(runtime: Runtime, call: Call): Promise<Reply> {
  const { connector, row } = call.view;
  const { found, unknown } = readPaste(runtime, connector, call.body);
  const settable = found.filter(({ setting }) => setting.level !== 'console');
  const values = Object.fromEntries(settable.map(({ setting, value }) => [setting.key, value]));
  if (settable.length === 0)
    throw new FishplateError('settings.wrong-level', 'the pasted text holds only settings of the console');
  const after = await runtime.configure(call.account, row.id, { values });
  return {
    body: {
      ...pasteView({ found: settable, unknown }),
      Skipped: found.filter(({ setting }) => setting.level === 'console').map(foundView),
      Installation: installationView(after),
    },
    audited: { target: row.id, detail: { settings: Object.keys(values), state: after.row.state } },
  };
}
