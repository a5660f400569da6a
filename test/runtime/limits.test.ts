/** A real vendor (the sandbox) that enforces its limits, and callers who ask for more. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { withEnvironment } from '../../src/definition/environment.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { createTestBed, memoryStore } from '../helpers/runtime.ts';
import { smallConnector, smallMethods, smallScript } from '../sandbox/small-connector.ts';

/** A sandbox on the real clock whose limits are on, and a runtime that calls it. */
async function open(connector: Connector, script: SandboxScript) {
  const sandbox = createSandbox({ connector, script });
  const listening = await sandbox.listen();
  sandbox.faults.set({ limits: {} });
  const send = createAxiosSend({ allowAddresses: ['loopback'] });
  const runtime = createRuntime({
    connectors: [withEnvironment(connector, 'sandbox', 'Sandbox', listening.urls)],
    store: await memoryStore(),
    send,
  });
  onTestFinished(async () => {
    await runtime.close();
    send.close();
    await listening.close();
  });
  const install = async (name: string, organisation: string, keyNames: readonly [string, string]) => {
    const { key } = sandbox.access.createServiceUser({
      ...{ name, policies: [script.policies[0]?.name ?? ''], generateKey: true },
      organisationId: organisation,
    });
    if (!key) throw new Error('no key');
    const { id: account } = await runtime.accounts.create({ name });
    const values = {
      ...{ [keyNames[0]]: key.accessKeyId, [keyNames[1]]: key.apiSecret.reveal() },
      ...{ [script.organisationSetting ?? '']: organisation, environment: 'sandbox' },
    };
    const { row } = await runtime.install(account, connector.name, { values });
    expect(row.stateReason).toBeNull();
    return (method: string, args = {}, options = {}) => runtime.call(account, row.id, method, args, options);
  };
  const statuses = () => sandbox.requests.list().map(({ status }) => status);
  return { install, statuses, sandbox, runtime };
}

const limits = {
  organisation: { description: '50 a second.', requests: 50, perSeconds: 1, sharedBy: ['org'] },
  reading: { description: '5 a second.', requests: 5, perSeconds: 1, burst: 10, sharedBy: ['org'] },
};
const limited = () =>
  smallConnector({
    limits,
    methodList: smallMethods.map((each) => ({
      ...each,
      limits: each.key === 'things.report' ? ['organisation', 'reading'] : ['organisation'],
    })),
  });
const keyNames = ['keyId', 'secret'] as const;

describe('a vendor that enforces 50 calls a second for each organisation', () => {
  it('never has to refuse one of 200 calls at once, of several accounts, and those of others do not wait', async () => {
    const { install, statuses } = await open(limited(), smallScript);
    const [one, same, other] = [
      await install('One', 'one', keyNames),
      await install('Also One', 'one', keyNames),
      await install('Two', 'two', keyNames),
    ];
    const calls = Array.from({ length: 200 }, (_, index) => (index % 4 === 0 ? same : one)('things.list'));
    const others = await Promise.all(Array.from({ length: 40 }, () => other('things.list')));
    const results = await Promise.all(calls);
    expect(new Set(statuses())).toEqual(new Set([200]));
    expect(results.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(results.filter(({ waitedMs }) => waitedMs !== undefined).length).toBeGreaterThan(100);
    expect(others.filter(({ waitedMs }) => waitedMs !== undefined)).toEqual([]);
  });

  it('never has to refuse one where another limit of five a second holds too', async () => {
    const { install, statuses } = await open(limited(), smallScript);
    const call = await install('One', 'one', keyNames);
    const { body } = await call('things.create', { body: { name: 'Nut', code: 'nut' } });
    const { id } = body as { id: string };
    const calls = Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? call('things.report', { id }) : call('things.list'),
    );
    await Promise.all(calls.map((each) => each.catch(() => undefined)));
    expect(statuses().filter((status) => status === 429)).toEqual([]);
  });

  it('as m3ter does, never has to refuse one of 200', async () => {
    const folder = new URL('../../connector/m3ter', import.meta.url).pathname;
    const connector = await loadConnectorOrThrow(folder);
    const loaded = await loadSandboxScript(folder, connector);
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
    const { install, statuses } = await open(connector, loaded.script);
    const organisation = loaded.script.organisations[0]?.id ?? '';
    const call = await install('Customer', organisation, ['accessKeyId', 'apiSecret']);
    await Promise.all(Array.from({ length: 200 }, () => call('products.list')));
    expect(statuses().filter((status) => status === 200).length).toBeGreaterThan(200);
    expect(statuses().filter((status) => status === 429)).toEqual([]);
  });

  it('and of which somebody else uses half hears no more than it must: refused calls wait and end well', async () => {
    const { install, statuses, sandbox } = await open(limited(), smallScript);
    const call = await install('One', 'one', keyNames);
    sandbox.faults.add({ method: 'things.list', status: 429, headers: { 'Retry-After': '1' }, times: 1 });
    const first = call('things.list');
    await wait(200);
    const results = await Promise.all([first, ...Array.from({ length: 20 }, () => call('things.list'))]);
    expect(results.every(({ status }) => status === 200)).toBe(true);
    expect(statuses().filter((status) => status === 429).length).toBe(1);
  });
});

describe('a call that waits for its limit', () => {
  it('says so in its result and in the log', async () => {
    const { runtime, account, install } = await createTestBed();
    const id = await install();
    const results = [];
    for (let index = 0; index < 12; index++) results.push(await runtime.call(account, id, 'things.list'));
    const waited = results.flatMap(({ waitedMs }) => waitedMs ?? []);
    expect(waited.length).toBeGreaterThan(0);
    const rows = await runtime.calls({ installationId: id });
    expect(rows.flatMap(({ detail }) => (detail as { waitedMs?: number }).waitedMs ?? [])).toEqual(
      waited.toReversed(),
    );
  });

  it('is refused, not sent, when its turn cannot come in time; the log has it', async () => {
    const { runtime, account, install, vendor } = await createTestBed();
    const id = await install();
    for (let index = 0; index < 9; index++) await runtime.call(account, id, 'things.list');
    const before = vendor.requests.length;
    await expect(runtime.call(account, id, 'things.list', {}, { deadlineMs: 500 })).rejects.toMatchObject({
      code: 'limit.deadline',
      outcome: 'not-sent',
      retryAfterMs: expect.any(Number),
    });
    expect(vendor.requests.length).toBe(before);
    const [row] = await runtime.calls({ installationId: id });
    expect(row).toMatchObject({ outcome: 'limit.deadline', attempts: 0, status: null });
  });

  it('goes with a token that is still good, however long it waited', async () => {
    const { runtime, account, install, vendor, world } = await createTestBed();
    vendor.lifetimeSeconds = 30;
    const id = await install();
    vendor.next({ status: 200, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40' } });
    await runtime.call(account, id, 'things.list');
    const tokens = vendor.tokenRequests();
    const at = world.now();
    expect((await runtime.call(account, id, 'things.list')).waitedMs).toBe(40_000);
    expect(world.now() - at).toBe(40_000);
    expect(vendor.tokenRequests()).toBe(tokens + 1);
  });
});
