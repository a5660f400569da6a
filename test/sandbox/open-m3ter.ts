/** A policy comes in, m3ter's sandbox goes out with somebody who has it, and short ways to ask. */
import type { Connector } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { call, openSandbox, type Reply } from './open-sandbox.ts';

export const ORGANISATION = '5f0b7a3e-2c41-4d8e-9b6a-71c3d9e4f208';
const folder = new URL('../../connector/m3ter', import.meta.url).pathname;

let loaded: Promise<{ connector: Connector; script: SandboxScript }> | undefined;

async function load() {
  const connector = await loadConnectorOrThrow(folder);
  const result = await loadSandboxScript(folder, connector);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems, null, 2));
  return { connector, script: result.script };
}

/** `ask` takes a path behind the organisation; a body makes it a POST unless a verb is given. */
export async function openM3ter(policy = 'Administrator') {
  loaded ??= load();
  const { connector, script } = await loaded;
  const opened = await openSandbox(connector, script);
  const entered = await opened.enter(policy);
  const base = `${opened.urls.api}/organizations/${ORGANISATION}`;
  const ask = (path: string, method?: string, body?: unknown, token = entered.token): Promise<Reply> =>
    call(`${base}${path}`, { token, body, ...(method !== undefined && { method }) });
  /** Posts and answers the body, which is an entity. */
  const make = async (path: string, body: object) => {
    const { status, json, text } = await ask(path, 'POST', body);
    if (status !== 200) throw new Error(`${path}: ${text}`);
    return json;
  };
  const idsAt = async (path: string): Promise<string[]> => {
    const { json, text } = await ask(path);
    if (!Array.isArray(json.data)) throw new Error(`${path}: ${text}`);
    return json.data.map(({ id }: { id: string }) => id);
  };
  /** A way for somebody else with this policy. */
  const enterAs = async (other: string) => opened.enter(other);
  return { ...opened, ...entered, base, ask, make, idsAt, enterAs };
}

type Make = Awaited<ReturnType<typeof openM3ter>>['make'];

/** A product with its plan template and plan, and an account. */
export async function makePriceList(make: Make, code: string) {
  const product = await make('/products', { name: code, code });
  const template = await make('/plantemplates', {
    productId: product.id,
    name: code,
    code,
    currency: 'GBP',
    standingCharge: 0,
    billFrequency: 'MONTHLY',
  });
  const plan = await make('/plans', { planTemplateId: template.id, name: code, code });
  const account = await make('/accounts', {
    name: code,
    code,
    emailAddress: 'billing@example.com',
    currency: 'USD',
  });
  return { product, template, plan, account };
}
