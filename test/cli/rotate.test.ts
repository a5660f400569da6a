import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { createTerminal } from './fake-io.ts';
import { useHarness } from './harness-bed.ts';

const { fishplate, address, harness } = useHarness();

const json = async (...argv: string[]) => {
  const { out, err, code } = await fishplate([...argv, '--json']);
  expect(err).toBe('');
  return { code, body: JSON.parse(out) };
};

const admin = (path: string, method: string, body?: object) =>
  fetch(`${address().apiUrl}/_sandbox/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).then((response) => response.json() as Promise<Record<string, unknown>>);

/** A new key at the vendor, as its screen shows it. */
async function newKey() {
  const user = await admin('service-users', 'POST', {
    name: `user ${Math.random()}`,
    policies: ['Administrator'],
    generateKey: true,
  });
  const { accessKeyId, apiSecret } = user.accessKey as Record<'accessKeyId' | 'apiSecret', string>;
  return { accessKeyId, apiSecret };
}

const words = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => `${key}=${value}`);

/** An account with an active installation; without values of its own it takes the console's. */
async function installed(values: Readonly<Record<string, string>> = credentials()) {
  const account = (await json('accounts', 'create', 'Customer')).body.Id as string;
  const place = ['environment=sandbox', `organisationId=${address().organisationId}`];
  const argv = ['install', 'm3ter', '--account', account, '--name', 'Billing', ...words(values), ...place];
  const { body } = await json(...argv);
  expect(body.State).toBe('active');
  return account;
}
const credentials = () => ({
  accessKeyId: address().accessKeyId ?? '',
  apiSecret: address().apiSecret ?? '',
});

describe('fishplate rotate refuses', () => {
  it.each([
    ['two steps at once', ['--stage', '--swap'], '--stage and --swap'],
    ['values with a step that takes none', ['apiSecret=x', '--swap'], '--swap takes no values'],
    ['values beside a paste', ['apiSecret=x', '--paste', '-'], '--paste takes no values'],
    ['minutes with a step that takes none', ['--status', '--fallback-minutes', '5'], '--fallback-minutes'],
    ['minutes that are none', ['--fallback-minutes', 'soon'], 'not a number of minutes'],
    ['installations without the console', ['--on', 'x'], '--on goes with --console'],
  ])('%s', async (_, argv, text) => {
    const { code, err } = await fishplate(['rotate', 'm3ter', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  it('to go on without new credentials when nobody is there to ask', async () => {
    const account = await installed();
    const { code, err } = await fishplate(['rotate', 'billing', '--account', account]);
    expect(code).toBe(2);
    expect(err).toContain('--paste');
  });

  it('a key that the vendor refuses, without repeating it, and leaves the installation as it was', async () => {
    const account = await installed();
    const input = 'M3TER_ACCESS_KEY_ID=nobody\nM3TER_API_SECRET=wrong-secret-text\n';
    const argv = ['rotate', 'billing', '--account', account, '--paste', '-'];
    const { code, out, err } = await fishplate(argv, { input });
    expect(code).toBe(1);
    expect(err).toContain('[vendor.bad-credentials]');
    expect(out + err).not.toContain('wrong-secret-text');
    expect((await json('test', 'billing', '--account', account)).body.Ok).toBe(true);
  });
});

describe('fishplate rotate', () => {
  it('replaces pasted credentials in one step, and says until when the ones from before are kept', async () => {
    const account = await installed();
    const key = await newKey();
    const input = `M3TER_ACCESS_KEY_ID=${key.accessKeyId}\nM3TER_API_SECRET=${key.apiSecret}\n`;
    const argv = ['rotate', 'billing', '--account', account, '--paste', '-', '--fallback-minutes', '30'];
    const { code, out } = await fishplate(argv, { input });
    expect(code).toBe(0);
    expect(out).toMatch(/Billing:\n {2}staged: nothing\n {2}test: the new credentials work \(1 of 1/);
    expect(out).toContain('another id: ');
    expect(out).toMatch(/fallback: accessKeyId, apiSecret, until 20/);
    expect(out).not.toContain(key.apiSecret);
    const purged = await json('rotate', 'billing', '--account', account, '--purge');
    expect(purged.body.Fallback).toBeNull();
  });

  it('goes step by step', async () => {
    const account = await installed();
    const key = await newKey();
    const of = (...argv: string[]) => json('rotate', 'billing', '--account', account, ...argv);
    const staged = await of('--stage', `accessKeyId=${key.accessKeyId}`, 'apiSecret=wrong');
    expect(staged.body.Staged.Settings).toEqual(['accessKeyId', 'apiSecret']);
    const failed = await of('--test');
    expect([failed.code, failed.body.Test.Ok]).toEqual([1, false]);
    expect((await of('--cancel')).body.Staged).toBeNull();
    await of('--stage', `accessKeyId=${key.accessKeyId}`, `apiSecret=${key.apiSecret}`);
    expect((await of('--test')).code).toBe(0);
    expect((await of('--swap', '--fallback-minutes', '0')).body).toMatchObject({
      Staged: null,
      Fallback: null,
    });
    expect((await of('--status')).body).toMatchObject({ Level: 'account', Staged: null });
  });

  it('asks a person for the credentials, and does not show what is typed', async () => {
    const account = await installed();
    const key = await newKey();
    const { apiUrl, clientId, clientSecret } = harness().file;
    const env = {
      FISHPLATE_URL: apiUrl,
      FISHPLATE_CLIENT_ID: clientId,
      FISHPLATE_CLIENT_SECRET: clientSecret,
    };
    const terminal = createTerminal({ env, isTTY: true });
    terminal.answer('Access Key ID (Enter to keep what is set): ', key.accessKeyId);
    terminal.answer('API Secret (Enter to keep what is set, not shown): ', key.apiSecret);
    expect(await run(['rotate', 'billing', '--account', account], terminal.io)).toBe(0);
    expect(terminal.out() + terminal.err()).not.toContain(key.apiSecret);
  });

  it("replaces the console's credentials for every installation that uses them", async () => {
    await json('setup', 'm3ter', ...words(credentials()));
    await installed({});
    await installed({});
    const key = words(await newKey());
    const { out, code } = await fishplate(['rotate', 'm3ter', '--console', ...key]);
    expect(code).toBe(0);
    expect(out).toContain('the new credentials work (2 of 2 installations)');
    const status = await json('rotate', 'm3ter', '--console', '--status');
    expect(status.body).toMatchObject({ Level: 'console', Fallback: { UsedDate: null } });
  });
});
