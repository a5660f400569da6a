/** Ways to get it wrong come in; each is tried over HTTP, must be refused in its own way, and must not end up active. */
import { isFishplateError } from '../errors.ts';
import { fillFields, type Values } from '../sandbox/fill.ts';
import { pathOf } from './api-client.ts';
import type { InstallationAnswer } from './api-views.ts';
import type { DemoRefusal } from './demo-script.ts';
import { assertDemo, type Say } from './demo-transcript.ts';
import type { DemoWorld } from './demo-world.ts';

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Installs it wrongly, and takes the installation away again. Throws `cli.demo-failed`. */
export async function showRefusal(
  world: DemoWorld,
  refusal: DemoRefusal,
  placeholders: Values,
  say: Say,
): Promise<string> {
  const { api, account, connector } = world;
  const values = { ...world.rightValues(), ...(await ownKey(world, refusal)), ...refusal.settings };
  const installed = await api.post<InstallationAnswer>(pathOf`/v1.0/connectors/${connector.name}/install`, {
    account,
    body: {
      Name: refusal.title,
      Properties: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
    },
  });
  const path = pathOf`/v1.0/account/connectors/${installed.Id}`;
  const refused = refusal.call
    ? await refusedCall(world, installed, fillFields({ ...refusal.call }, placeholders))
    : reasonOf(installed);
  assertDemo(refused !== undefined, 'it was not refused');
  say(refused.message, `[${refused.code}] ${refused.hint}`);
  assertDemo(refused.code === refusal.code, `the answer is ${refused.code}, not ${refusal.code}`);
  const { State } = await api.get<InstallationAnswer>(path, { account });
  say(`the installation is ${State}`);
  assertDemo(State !== 'active', 'it ended up active');
  await api.delete(path, { account });
  return refused.message;
}

/** The account's own credentials in place of the console's. */
async function ownKey({ sandbox, credentials }: DemoWorld, { title, key }: DemoRefusal) {
  return key ? credentials(await sandbox.createKey(`Demo: ${title}`, key)) : {};
}

const reasonOf = ({ StateReason: reason }: InstallationAnswer): Refused | undefined =>
  reason ? { code: reason.Code, message: reason.Message, hint: reason.Hint } : undefined;

async function refusedCall(
  { api, account }: DemoWorld,
  installed: InstallationAnswer,
  { method, parameters = {}, body }: Readonly<Record<string, unknown>>,
): Promise<Refused | undefined> {
  assertDemo(
    installed.State === 'active',
    `the connection test failed: ${installed.StateReason?.Message ?? ''}`,
  );
  const path = pathOf`/v1.0/account/connectors/${installed.Id}/methods/${String(method)}`;
  try {
    await api.post(path, {
      account,
      body: { Parameters: parameters, ...(body !== undefined && { Body: body }) },
    });
    return undefined;
  } catch (error) {
    if (!isFishplateError(error)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}
