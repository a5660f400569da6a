/** Hundreds of calls over real HTTP to the sandbox of a real connector, while the keys that they are made with are replaced. */
import { expect, it, onTestFinished } from 'vitest';
import { withEnvironment } from '../../src/definition/environment.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { isFishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { memoryStore } from '../helpers/runtime.ts';

const folder = new URL('../../connector/m3ter', import.meta.url).pathname;
const WORKERS = 12;

/** A sandbox, an active installation with a key of it, and workers that call until they are stopped. */
async function openUnderLoad() {
  // Its limits would make this a test of waiting.
  const connector = { ...(await loadConnectorOrThrow(folder)), limits: {} };
  const loaded = await loadSandboxScript(folder, connector);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const sandbox = createSandbox({ connector, script: loaded.script });
  const listening = await sandbox.listen();
  const send = createAxiosSend({ allowAddresses: ['loopback'] });
  const connectors = [withEnvironment(connector, 'sandbox', 'Sandbox', listening.urls)];
  const store = await memoryStore();
  // Two programs on one store, as two replicas of a server are.
  const [runtime, replica] = [1, 2].map(() => createRuntime({ connectors, store, send }));
  if (!runtime || !replica) throw new Error('no runtime');
  onTestFinished(async () => {
    await runtime.close();
    send.close();
    await listening.close();
  });
  const makeKey = (organisationId?: string) => {
    const { key } = sandbox.access.createServiceUser({
      name: `user ${Math.random()}`,
      policies: ['Administrator'],
      generateKey: true,
      ...(organisationId !== undefined && { organisationId }),
    });
    if (!key) throw new Error('no key');
    return { ...key, values: { accessKeyId: key.accessKeyId, apiSecret: key.apiSecret.reveal() } };
  };
  const first = makeKey();
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const values = { ...first.values, environment: 'sandbox', organisationId: first.organisationId };
  const { row } = await runtime.install(account, 'm3ter', { values });
  expect(row.stateReason).toBeNull();

  const failures: string[] = [];
  let done = 0;
  let stopped = false;
  const work = async (number: number) => {
    for (let n = 0; !stopped; n++) {
      const using = (number + n) % 2 === 0 ? runtime : replica;
      const writes = number % 3 === 0;
      const args = writes ? { body: { name: `Product ${number}-${n}`, code: `p${number}_${n}` } } : {};
      await using.call(account, row.id, writes ? 'products.create' : 'accounts.list', args).then(
        () => void done++,
        (error: unknown) => void failures.push(isFishplateError(error) ? error.code : String(error)),
      );
    }
  };
  const workers = Array.from({ length: WORKERS }, (_, number) => work(number));
  const moreCalls = async (count: number) => {
    const goal = done + count;
    while (done < goal && failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const stop = async () => {
    stopped = true;
    await Promise.all(workers);
    return { done, failures };
  };
  const target = { accountId: account, installationId: row.id };
  return {
    runtime,
    sandbox,
    script: loaded.script,
    target,
    first,
    makeKey,
    moreCalls,
    stop,
    account,
    id: row.id,
  };
}

it('not one of hundreds of calls fails while a key is replaced by a new one, switched off and deleted at the vendor', async () => {
  const { runtime, sandbox, target, first, makeKey, moreCalls, stop, account, id } = await openUnderLoad();
  await moreCalls(100);
  const next = makeKey();
  await runtime.rotation.stage(target, next.values);
  await moreCalls(50);
  expect((await runtime.rotation.test(target)).trial.ok).toBe(true);
  await moreCalls(50);
  await runtime.rotation.swap(target, { fallbackMinutes: 5 });
  sandbox.access.setKeyActive(first.accessKeyId, false);
  await moreCalls(150);
  sandbox.access.deleteKey(first.accessKeyId);
  await moreCalls(150);
  await runtime.rotation.purge(target);
  await moreCalls(50);
  const { done, failures } = await stop();
  expect(failures).toEqual([]);
  expect(done).toBeGreaterThanOrEqual(500);
  expect((await runtime.installation(account, id)).row.state).toBe('active');
}, 60_000);

it('calls go on with the key in use while wrong, switched-off and foreign keys are refused', async () => {
  const { runtime, sandbox, script, target, first, makeKey, moreCalls, stop } = await openUnderLoad();
  await moreCalls(50);
  const wrong = { ...makeKey().values, apiSecret: first.values.apiSecret };
  await expect(runtime.rotation.rotate(target, wrong)).rejects.toMatchObject({
    code: 'vendor.bad-credentials',
  });
  await moreCalls(50);
  const off = makeKey();
  sandbox.access.setKeyActive(off.accessKeyId, false);
  await expect(runtime.rotation.rotate(target, off.values)).rejects.toMatchObject({
    code: 'vendor.key-inactive',
  });
  await moreCalls(50);
  const other = script.organisations.find(({ id }) => id !== first.organisationId);
  const foreign = makeKey(other?.id ?? '');
  await expect(runtime.rotation.rotate(target, foreign.values)).rejects.toMatchObject({
    code: 'vendor.wrong-organisation',
  });
  await moreCalls(100);
  const { done, failures } = await stop();
  expect(failures).toEqual([]);
  expect(done).toBeGreaterThanOrEqual(250);
  expect(await runtime.rotation.status(target)).toMatchObject({ staged: null, fallback: null });
}, 60_000);

it('calls are carried by the key from before when the new one dies right after the swap', async () => {
  const { runtime, sandbox, target, makeKey, moreCalls, stop } = await openUnderLoad();
  await moreCalls(50);
  const next = makeKey();
  await runtime.rotation.rotate(target, next.values, { fallbackMinutes: 5 });
  await moreCalls(50);
  sandbox.access.setKeyActive(next.accessKeyId, false);
  await moreCalls(200);
  const { failures } = await stop();
  expect(failures).toEqual([]);
  expect((await runtime.rotation.status(target)).fallback?.usedAt).not.toBeNull();
}, 60_000);
