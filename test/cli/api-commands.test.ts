import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { createTerminal, runLine } from './fake-io.ts';
import { useHarness } from './harness-bed.ts';

const { fishplate, address, harness } = useHarness();

const json = async (...argv: string[]) => {
  const { code, out, err } = await fishplate([...argv, '--json']);
  expect(err).toBe('');
  return { code, body: JSON.parse(out) };
};
const newAccount = async () => (await json('accounts', 'create', 'Customer')).body.Id as string;
const credentials = () => [`accessKeyId=${address().accessKeyId}`, `apiSecret=${address().apiSecret}`];
const place = () => ['environment=sandbox', `organisationId=${address().organisationId}`];
/** An account with a working installation. */
const installed = async (name = 'Billing') => {
  const account = await newAccount();
  const argv = ['install', 'm3ter', '--account', account, '--name', name, ...credentials(), ...place()];
  const { body, code } = await json(...argv);
  expect(body.State).toBe('active');
  expect(code).toBe(0);
  return account;
};

describe('a command that needs an API', () => {
  it('says what to start when none runs', async () => {
    const { code, out, err } = await runLine(['logs'], { cwd: makeTempFolder() });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('no harness has run in');
    expect(err).toContain('`fishplate harness`');
  });

  it('says so when nobody answers, or somebody else', async () => {
    const server = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fishplate(['logs', '--url', url])).err).toContain(`${url} does not answer as the API does`);
    server.close();
    server.closeAllConnections();
    const { code, err } = await fishplate(['logs', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain(`no API answers at ${url} [cli.no-api]`);
  });

  it('refuses a URL that is none, and one that it has no credentials for', async () => {
    expect((await fishplate(['logs', '--url', 'localhost:80'])).code).toBe(2);
    const { code, err } = await runLine(['logs', '--url', harness().file.apiUrl], { cwd: makeTempFolder() });
    expect(code).toBe(2);
    expect(err).toContain('needs a client id');
  });

  it('passes on that the credentials are wrong, without repeating them', async () => {
    const { code, err } = await fishplate(['logs', '--client-secret', 'wrong-secret']);
    expect(code).toBe(1);
    expect(err).toContain('[access.invalid-client]');
    expect(err).not.toContain('wrong-secret');
  });

  it('ends with 130 when it is interrupted', async () => {
    const { apiUrl, clientId, clientSecret } = harness().file;
    const env = {
      FISHPLATE_URL: apiUrl,
      FISHPLATE_CLIENT_ID: clientId,
      FISHPLATE_CLIENT_SECRET: clientSecret,
    };
    const terminal = createTerminal({ env, cwd: makeTempFolder() });
    terminal.stop.abort();
    expect(await run(['logs'], terminal.io)).toBe(130);
  });

  it('refuses an account that does not exist, and does not guess between several', async () => {
    await newAccount();
    const { code, err } = await fishplate(['installations', '--account', 'nobody']);
    expect(code).toBe(1);
    expect(err).toContain('there is no account "nobody" [account.unknown]');
    const unsure = await fishplate(['installations']);
    expect(unsure.code).toBe(2);
    expect(unsure.err).toContain('Name one with --account: ');
  });
});

describe('fishplate setup', () => {
  it('refuses a connector and settings that do not exist, with the nearest ones', async () => {
    const { code, err } = await fishplate(['setup', 'm3tre', '--show']);
    expect(code).toBe(1);
    expect(err).toContain('did you mean "m3ter"?');
    const wrong = await fishplate(['setup', 'm3ter', 'apiSecrt=hidden-value']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('did you mean "apiSecret"?');
    expect(wrong.err).not.toContain('hidden-value');
  });

  it('refuses to guess values when nobody can be asked', async () => {
    const { code, err } = await fishplate(['setup', 'm3ter']);
    expect(code).toBe(2);
    expect(err).toContain('no values are given');
  });

  it('shows what is set, but no secret, and takes values away again', async () => {
    const given = await fishplate(['setup', 'm3ter', 'accessKeyId=KEY1', 'apiSecret=s3cr3t-value']);
    expect(given).toMatchObject({ code: 0, err: '' });
    expect(given.out).toMatch(/^m3ter .*: ready\n/);
    expect(given.out).toMatch(/accessKeyId .* KEY1\n/);
    expect(given.out).toMatch(/apiSecret .* \(set, hidden\)\n/);
    expect(given.out).not.toContain('s3cr3t-value');
    const taken = await fishplate(['setup', 'm3ter', 'accessKeyId=', 'apiSecret=']);
    expect(taken.out).toContain('each account must give Access Key ID, API Secret by itself');
    const { body } = await json('setup', 'm3ter', '--show');
    expect(body.Settings.filter(({ IsSet }: { IsSet: boolean }) => IsSet)).toEqual([]);
  });

  it('tells what became of the installations that take what was changed', async () => {
    const account = await newAccount();
    const { accessKeyId, apiSecret } = address();
    await fishplate(['setup', 'm3ter', `accessKeyId=${accessKeyId}`, 'apiSecret=not-the-one']);
    await fishplate(['install', 'm3ter', '--account', account, ...place()]);
    const { out } = await fishplate(['setup', 'm3ter', `apiSecret=${apiSecret}`]);
    expect(out).toMatch(
      /Installations tested again:\nID +ACCOUNT +NAME +STATE +WHY\n\S+ +.+ m3ter +active\n/,
    );
    expect((await fishplate(['setup', 'm3ter', '--show'])).out).toContain('Installations that use these:');
    const taken = await fishplate(['setup', 'm3ter', 'accessKeyId=', 'apiSecret=']);
    expect(taken.out).toMatch(/setup-required/);
  });
});

describe('fishplate install', () => {
  it('refuses a connector that does not exist, and a paste that cannot be read, and leaves nothing behind', async () => {
    const account = await newAccount();
    expect((await fishplate(['install', 'nothing', '--account', account])).err).toContain(
      '[connector.unknown]',
    );
    const unreadable = await fishplate(['install', 'm3ter', '--account', account, '--paste', '-'], {
      input: 'hello',
    });
    expect(unreadable.code).toBe(1);
    expect(unreadable.err).toContain('[settings.paste-unreadable]');
    const missing = await fishplate(['install', 'm3ter', '--account', account, '--paste', 'no-such-file']);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('Check the path');
    const empty = await fishplate(['install', 'm3ter', '--account', account, '--paste', '-'], {
      input: '\n',
    });
    expect(empty.code).toBe(2);
    expect(empty.err).toContain('there is nothing in the paste');
    const twice = await fishplate(
      ['install', 'm3ter', '--account', account, '--paste', '-', 'Organisation ID=o1'],
      { input: 'M3TER_ORG_ID=o2' },
    );
    expect(twice.code).toBe(2);
    expect(twice.err).toContain('organisationId is given twice: as a value and in the paste');
    expect((await json('installations', '--account', account)).body).toEqual([]);
  });

  it('exits with 1 and the reason when the vendor refuses the key', async () => {
    const account = await newAccount();
    const argv = [
      'install',
      'm3ter',
      '--account',
      account,
      'accessKeyId=NOBODY',
      'apiSecret=nonsense',
      ...place(),
    ];
    const { code, out } = await fishplate(argv);
    expect(code).toBe(1);
    expect(out).toContain('m3ter: failing');
    expect(out).toContain('[vendor.bad-credentials]');
    expect(out).not.toContain('nonsense');
  });

  it('installs without setup, and says what is missing', async () => {
    const account = await newAccount();
    const { code, out, err } = await fishplate(['install', 'm3ter', '--account', account]);
    expect(code).toBe(0);
    expect(out).toContain('m3ter: setup-required');
    expect(err).toMatch(/^Give the rest with: fishplate settings \S+\n$/);
    expect(out).toContain(
      'missing: Access Key ID (accessKeyId), API Secret (apiSecret), Organisation ID (organisationId)',
    );
  });

  it("takes the vendor's paste block from a pipe, and says what it did not use", async () => {
    const account = await newAccount();
    const { accessKeyId, apiSecret, organisationId } = address();
    const input = `M3TER_ORG_ID=${organisationId}\nM3TER_API_KEY=${accessKeyId}\nM3TER_API_SECRET=${apiSecret}\nEDITOR=vi\n`;
    const argv = ['install', 'm3ter', '--account', account, '--paste', '-', 'environment=sandbox'];
    const { code, out, err } = await fishplate(argv, { input });
    expect(code).toBe(0);
    expect(out).toContain('m3ter: active');
    expect(out).toContain('organisation: Fishplate Sandbox');
    expect(err).toBe('not used from the paste: EDITOR\n');
  });

  it('gives a second installation a name of its own', async () => {
    const account = await newAccount();
    await fishplate(['install', 'm3ter', '--account', account]);
    expect((await fishplate(['install', 'm3ter', '--account', account])).out).toContain(
      'm3ter 2: setup-required',
    );
  });
});

describe('fishplate settings', () => {
  it('refuses settings that do not exist, values beside a paste, and an empty paste, and changes nothing', async () => {
    const account = await installed();
    const settings = (argv: readonly string[], input?: string) =>
      fishplate(['settings', 'Billing', '--account', account, ...argv], input === undefined ? {} : { input });
    const unknown = await settings(['apiSecrt=hidden-value']);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('[settings.unknown]');
    expect(unknown.err).not.toContain('hidden-value');
    expect((await settings(['--paste', '-', 'environment=sandbox'], 'x')).code).toBe(2);
    expect((await settings(['--paste', '-'], '')).err).toContain('there is nothing in the paste');
    const { out } = await settings([]);
    expect(out).toMatch(/^Billing: active\n/);
    expect(out).toMatch(/\nenvironment +Environment +account +sandbox\n/);
    expect(out).toMatch(/\napiSecret +API Secret +account +\(set, hidden\)\n/);
    expect(out).not.toContain(address().apiSecret);
  });

  it('mends an installation: tested at once, with 1 while the vendor refuses it', async () => {
    const account = await newAccount();
    const settings = (argv: readonly string[], input?: string) =>
      fishplate(['settings', 'm3ter', '--account', account, ...argv], input === undefined ? {} : { input });
    await fishplate(['install', 'm3ter', '--account', account, ...place()]);
    expect((await settings([])).out).toMatch(/\naccessKeyId +Access Key ID +- +\(missing\)\n/);
    const wrong = await settings([`accessKeyId=${address().accessKeyId}`, 'API Secret=wrong']);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('m3ter: failing');
    const right = await settings(['--paste', '-'], `M3TER_API_SECRET=${address().apiSecret}`);
    expect(right).toMatchObject({ code: 0, err: '' });
    expect(right.out).toContain('m3ter: active');
  });
});

describe('fishplate test', () => {
  it('exits with 1 and the reason when the connection does not work', async () => {
    const account = await newAccount();
    await fishplate(['install', 'm3ter', '--account', account]);
    const { code, out } = await fishplate(['test', 'm3ter', '--account', account]);
    expect(code).toBe(1);
    expect(out).toContain('[installation.setup-required]');
  });

  it('says who it is, for an installation named by name in any case or by id', async () => {
    const account = await installed();
    const byName = await fishplate(['test', 'BILLING', '--account', account]);
    expect(byName).toMatchObject({ code: 0, err: '' });
    expect(byName.out).toContain('name: Fishplate harness');
    const [{ Id }] = (await json('installations', '--account', account)).body;
    expect((await json('test', Id, '--account', account)).body).toMatchObject({ Ok: true, State: 'active' });
  });
});

describe('fishplate call', () => {
  it('refuses an installation that does not exist, and a name that two have', async () => {
    const account = await installed('Twin');
    const unknown = await fishplate(['call', 'Twn', 'users.me', '--account', account]);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('did you mean "Twin"?');
    await fishplate(['install', 'm3ter', '--account', account, '--name', 'Twin']);
    const twice = await fishplate(['call', 'Twin', 'users.me', '--account', account]);
    expect(twice.code).toBe(1);
    expect(twice.err).toContain('2 installations are named "Twin" [cli.ambiguous]');
  });

  it('refuses methods, arguments and bodies that are wrong, before anything is sent', async () => {
    const account = await installed();
    const call = (...argv: string[]) => fishplate(['call', 'Billing', ...argv, '--account', account]);
    expect((await call('products.lst')).err).toContain('did you mean "products.list"?');
    expect((await call('products.list', 'pageSiz=1')).err).toContain('did you mean "pageSize"?');
    expect((await call('products.list', 'pageSize=many')).err).toContain('pageSize');
    expect((await call('products.create', '--body', '{')).code).toBe(2);
    expect((await call('products.create', '--body', '@nowhere.json')).err).toContain(
      'nowhere.json does not exist',
    );
    const wrong = await call('products.create', '--body', '{"nme": "x"}');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("error: products.create: Arguments break the method's schema [");
    expect(wrong.err).toContain('body.name is missing\n');
    expect((await call('products.create', 'name=x')).err).toContain(
      'Parameters.name is not known here (it is a field of the body: give it in Body, on the command line in --body)\n',
    );
    expect((await call('products.list', '__proto__=x')).err).toContain('"__proto__" [input.invalid]');
    expect(wrong.err).toContain('did you mean "name"?');
  });

  it('gives settings to one call where the connector allows that, and takes one away for good', async () => {
    const account = await installed();
    const run = (...argv: string[]) => fishplate([...argv, '--account', account]);
    const fixed = await run('preview', 'Billing', 'users.me', '--setting', 'organisationId=other');
    expect(fixed.code).toBe(1);
    expect(fixed.err).toMatch(/organisationId|Organisation ID/);
    expect((await run('call', 'Billing', 'users.me', '--setting', 'nothing=1')).err).toContain('nothing');
    expect((await run('call', 'Billing', 'users.me', '--setting', 'nothing')).code).toBe(2);
    expect((await run('settings', 'Billing', '--unset', 'nothing')).code).toBe(1);
    expect((await run('settings', 'Billing', '--unset', 'organisationId')).out).toContain('setup-required');
  });

  it("takes a connector's name for an installation of another name, but does not guess between two", async () => {
    const account = await installed();
    const test = () => fishplate(['test', 'm3ter', '--account', account]);
    expect((await test()).out).toContain('Billing: active');
    await fishplate(['install', 'm3ter', '--account', account, '--name', 'Second']);
    const { code, err } = await test();
    expect(code).toBe(1);
    expect(err).toContain('there are 2 installations of "m3ter" [cli.ambiguous]');
    expect(err).toContain('Billing (');
  });

  it('refuses --all for a method without pages, before anything is sent', async () => {
    const account = await installed();
    const body = JSON.stringify({ name: 'Not Created', code: `not-${randomUUID()}` });
    const refused = await fishplate([
      'call',
      'Billing',
      'products.create',
      '--all',
      '--body',
      body,
      '--account',
      account,
    ]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('products.create has no pages');
    const { out } = await fishplate(['call', 'Billing', 'products.list', '--all', '--account', account]);
    expect(out).not.toContain('Not Created');
  });

  it("prints the vendor's answer alone, from a body in a pipe, and every page item by item", async () => {
    const account = await installed();
    const run = randomUUID().slice(0, 8);
    const ids: string[] = [];
    for (const number of [1, 2, 3]) {
      const input = JSON.stringify({ name: `Product ${number}`, code: `${run}-${number}` });
      const argv = ['call', 'Billing', 'products.create', '--body', '-', '--account', account];
      const { code, out, err } = await fishplate(argv, { input });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      ids.push(JSON.parse(out).id);
    }
    const list = [
      'call',
      'Billing',
      'products.list',
      `ids=${ids.join(',')}`,
      'pageSize=2',
      '--account',
      account,
    ];
    const first = JSON.parse((await fishplate(list)).out);
    expect(first.data).toHaveLength(2);
    const all = await fishplate([...list, '--all']);
    expect(all.err).toBe('');
    const lines = all.out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id).sort()).toEqual([...ids].sort());
  });
});

describe('fishplate preview', () => {
  it('shows the request and where its parts come from, without any secret and without sending it', async () => {
    const account = await installed();
    const argv = ['preview', 'Billing', 'products.list', 'ids=a,b', '--account', account];
    const { code, out } = await fishplate(argv);
    expect(code).toBe(0);
    expect(out).toContain(`GET ${address().apiUrl}/organizations/${address().organisationId}/products?ids=a`);
    expect(out).toContain('authorization: Bearer [redacted]');
    expect(out).toMatch(/path organisationId: account/);
    expect(out).not.toContain(address().apiSecret);
    const curl = await fishplate([...argv, '--curl']);
    expect(curl.out).toMatch(/^curl -X GET '.*"\$TOKEN".*\n$/);
    const { body } = await json('logs', '--account', account);
    expect(body.map(({ Method }: { Method: string }) => Method)).toEqual(['users.me']);
  });
});

describe('fishplate logs', () => {
  it('shows the calls of one installation, the newest first, and no more than asked for', async () => {
    const account = await installed();
    await fishplate(['call', 'Billing', 'products.list', '--account', account]);
    const all = await json('logs', '--installation', 'Billing', '--account', account);
    expect(all.body.map(({ Method }: { Method: string }) => Method)).toEqual(['products.list', 'users.me']);
    const { out } = await fishplate(['logs', '--account', account, '--limit', '1']);
    expect(out.split('\n')[1]).toMatch(/products\.list +ok +200/);
    expect(out.trim().split('\n')).toHaveLength(2);
  });

  it('refuses times that are none', async () => {
    const { code, err } = await fishplate(['logs', '--after', 'yesterday']);
    expect(code).toBe(1);
    expect(err).toContain('[input.invalid]');
  });

  it('finds failed calls, and shows one with what was sent and answered', async () => {
    const account = await installed();
    const get = [
      'call',
      'Billing',
      'products.get',
      'id=0b6ac1f0-9b7e-4f5c-8a56-3c1d5f0a7e21',
      '--account',
      account,
    ];
    expect((await fishplate(get)).code).toBe(1);
    const failed = await json('logs', '--account', account, '--outcome', 'error', '--method', 'products.get');
    expect(failed.body).toHaveLength(1);
    expect((await json('logs', '--account', account, '--connector', 'other')).body).toEqual([]);
    const { out } = await fishplate(['logs', failed.body[0].Id, '--account', account]);
    expect(out).toMatch(/products\.get +vendor\.not-found +404/);
    expect(out).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\S+0a7e21$/m);
    expect(out).toMatch(/^authorization: \[redacted\]$/m);
    expect(out).toMatch(/^404$/m);
    const good = await json('logs', '--account', account, '--outcome', 'ok', '--limit', '1');
    const shown = await fishplate(['logs', good.body[0].Id]);
    expect(shown.out).toContain('were not kept');
  });
});

describe('fishplate service-users', () => {
  it('refuses a policy that does not exist, a third key, and deleting a key that is in use', async () => {
    const bad = await fishplate(['service-users', 'create', 'robot', '--policy', 'ReadOnl']);
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('did you mean "ReadOnly"?');
    const { body } = await json('service-users', 'create', 'Full Hands', '--key');
    await fishplate(['service-users', 'key', 'create', body.Id]);
    const third = await fishplate(['service-users', 'key', 'create', 'full hands']);
    expect(third.code).toBe(1);
    expect(third.err).toContain('[access.too-many-keys]');
    const inUse = await fishplate(['service-users', 'key', 'delete', body.Id, body.AccessKey.Id]);
    expect(inUse.code).toBe(1);
    expect(inUse.err).toContain('[access.key-active]');
  });

  it('makes keys that work at once, and switches them off at once', async () => {
    const made = await fishplate(['service-users', 'create', 'Reader', '--policy', 'ReadOnly', '--key']);
    expect(made.code).toBe(0);
    const [, id = '', secret = ''] = /clientId: (\S+)\nclientSecret: (\S+)\n/.exec(made.out) ?? [];
    expect(made.err).toContain('not shown again');
    const as = (...argv: string[]) => fishplate([...argv, '--client-id', id, '--client-secret', secret]);
    expect((await as('accounts', 'list')).code).toBe(0);
    expect((await as('accounts', 'create', 'Forbidden')).err).toContain('[access.forbidden]');
    expect((await fishplate(['service-users', 'key', 'list', 'Reader'])).out).toMatch(
      /^ID +NAME +STATUS +CREATED +LAST USED\n\S+ +Access key +ACTIVE +2\S+ +2\S+\n$/,
    );
    expect((await fishplate(['service-users', 'key', 'deactivate', 'Reader', id])).out).toBe(
      `${id}: INACTIVE\n`,
    );
    expect((await as('accounts', 'list')).err).toContain('[access.invalid-client]');
    expect((await fishplate(['service-users', 'key', 'activate', 'Reader', id])).out).toBe(`${id}: ACTIVE\n`);
    const again = await fishplate(['service-users', 'key', 'regenerate', 'Reader', id]);
    expect(again.out).toContain(`clientId: ${id}\n`);
    expect((await as('accounts', 'list')).err).toContain('[access.invalid-client]');
    await fishplate(['service-users', 'key', 'deactivate', 'Reader', id]);
    expect((await fishplate(['service-users', 'key', 'delete', 'Reader', id])).out).toBe(`${id}: deleted\n`);
    expect((await fishplate(['service-users', 'key', 'list', 'Reader', '--json'])).out).toBe('[]\n');
  });
});
