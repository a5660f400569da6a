import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { fixture } from '../helpers/overlay.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { createTerminal, type FakeTerminal, runLine } from './fake-io.ts';

interface Running {
  readonly terminal: FakeTerminal;
  /** The line that it printed, parsed. */
  readonly line: Line;
  stop(): Promise<number>;
}

interface Line {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sandbox: { readonly m3ter: Readonly<Record<string, string>> };
}

async function startHarness(cwd: string, ...argv: string[]): Promise<Running> {
  const terminal = createTerminal({ cwd });
  const ended = run(['harness', '--port', '0', '--json', ...argv], terminal.io);
  await vi.waitFor(() => expect(terminal.out() + terminal.err()).toMatch(/\n/), { timeout: 10_000 });
  const stop = () => {
    terminal.stop.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return { terminal, line: JSON.parse(terminal.out()) as Line, stop };
}

/** A port that somebody else has. */
async function takePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const installArguments = ({ sandbox: { m3ter } }: Line) => [
  'install',
  'm3ter',
  'environment=sandbox',
  ...['organisationId', 'accessKeyId', 'apiSecret'].map((key) => `${key}=${m3ter[key]}`),
];

describe('fishplate harness', () => {
  it('says which flag helps when a port is taken, and leaves no port open', async () => {
    const port = await takePort();
    const cwd = makeTempFolder();
    const { code, out, err } = await runLine(['harness', '--memory', '--port', String(port)], { cwd });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(`port ${port} of 127.0.0.1 is in use [cli.port-in-use]`);
    expect(err).toContain('--port');
    const sandboxPort = await runLine(['harness', '--memory', '--port', String(port - 1)], { cwd });
    expect(sandboxPort.code).toBe(1);
    expect(sandboxPort.err).toContain(`127.0.0.1:${port}`);
    expect(sandboxPort.err).toContain('--port 0 takes free ones');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('refuses a second harness in the same folder, while another process serves it', async () => {
    const cwd = makeTempFolder();
    const { line } = await startHarness(cwd);
    const path = join(cwd, 'data/harness.json');
    // Another process, and one that is alive: our parent.
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), pid: process.ppid }));
    const { code, err } = await runLine(['harness', '--port', '0'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain(`at ${line.apiUrl} (process ${process.ppid}) [cli.harness-running]`);
  });

  it('does not take a file for a data folder, and does not call that a defect', async () => {
    const cwd = makeTempFolder();
    writeFileSync(join(cwd, 'file'), '');
    for (const data of ['file', 'file/below']) {
      const { code, err } = await runLine(['harness', '--port', '0', '--data', data], { cwd });
      expect(code).toBe(2);
      expect(err).toContain(`the data folder ${join(cwd, data)} cannot be made`);
      expect(err).toContain('--data');
    }
  });

  it('refuses data that were sealed with another key', async () => {
    const cwd = makeTempFolder();
    const first = await startHarness(cwd);
    await runLine(installArguments(first.line), { cwd });
    await first.stop();
    writeFileSync(join(cwd, 'data/key'), `${randomBytes(32).toString('base64')}\n`);
    const { code, out, err } = await runLine(['harness', '--port', '0'], { cwd });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('[store.sealed-unreadable]');
    expect(err).toContain(join(cwd, 'data/fishplate.db'));
  });

  it('prints exactly one line of JSON, and its addresses answer', async () => {
    const { terminal, line, stop } = await startHarness(makeTempFolder(), '--memory');
    expect(terminal.out().trim().split('\n')).toHaveLength(1);
    expect(Object.keys(line.sandbox.m3ter)).toEqual([
      'apiUrl',
      'ingestUrl',
      'organisationId',
      'accessKeyId',
      'apiSecret',
    ]);
    expect((await fetch(`${line.apiUrl}/healthz`)).status).toBe(200);
    const basic = Buffer.from(`${line.sandbox.m3ter.accessKeyId}:${line.sandbox.m3ter.apiSecret}`);
    const token = await fetch(`${line.sandbox.m3ter.apiUrl}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic.toString('base64')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials' }),
    });
    expect(token.status).toBe(200);
    expect(await stop()).toBe(0);
    await expect(fetch(`${line.apiUrl}/healthz`)).rejects.toThrow();
  });

  it('writes nothing with --memory, and only private files without', async () => {
    const cwd = makeTempFolder();
    await (await startHarness(cwd, '--memory')).stop();
    expect(readdirSync(cwd)).toEqual([]);
    await (await startHarness(cwd)).stop();
    const files = readdirSync(join(cwd, 'data'));
    expect(files).toEqual(
      expect.arrayContaining(['fishplate.db', 'harness.json', 'key', 'sandbox-m3ter.json']),
    );
    for (const file of files) expect(statSync(join(cwd, 'data', file)).mode & 0o077).toBe(0);
  });

  it('prints commands to a person that work as they stand: three to begin with, and an install of each other sandbox', async () => {
    const cwd = makeTempFolder();
    const terminal = createTerminal({ cwd });
    const ended = run(['harness', '--port', '0'], terminal.io);
    await vi.waitFor(() => expect(terminal.out()).toContain('Ctrl-C'), { timeout: 10_000 });
    const commands = [...terminal.out().matchAll(/^ {2}npx fishplate (.*)$/gm)].map(
      (match) => match[1] ?? '',
    );
    expect(commands.map((command) => command.split(' ', 2).join(' '))).toEqual([
      'setup m3ter',
      'install m3ter',
      'call m3ter',
      'install precisely',
      'install xmco',
    ]);
    for (const command of commands) {
      const argv = command.replaceAll('"', '').split(' ');
      const { code, out, err } = await runLine(argv, { cwd });
      expect({ command, code, err }).toEqual({ command, code: 0, err: '' });
      expect(out).not.toBe('');
    }
    terminal.stop.abort();
    expect(await ended).toBe(0);
    expect((await runLine(['logs'], { cwd })).err).toContain('is not running [cli.no-api]');
  });

  it('asks for nothing that other ways to authenticate than the first need, and works without it', async () => {
    const cwd = makeTempFolder();
    await runLine(['new', 'acme', '--auth', 'basic'], { cwd });
    const file = join(cwd, 'connector/acme/connector.yaml');
    const text = readFileSync(file, 'utf8');
    const second = (key: string) =>
      `  ${key}: { label: ${key}, description: Another way., level: either, group: credentials }\n`;
    const auth = `  - { id: other, label: Other, kind: basic, username: '{{otherUser}}', password: '{{otherSecret}}' }\n`;
    const edited = text
      .replace('settings:\n', `settings:\n${second('otherUser')}${second('otherSecret')}`)
      .replace(/^( {2}- \{ id: user.*\n)/m, `$1${auth}`);
    writeFileSync(file, edited);
    const terminal = createTerminal({ cwd });
    const ended = run(['harness', '--port', '0', '--connectors', 'connector/acme'], terminal.io);
    await vi.waitFor(() => expect(terminal.out()).toContain('Ctrl-C'), { timeout: 10_000 });
    const printed = [...terminal.out().matchAll(/^ {2}npx fishplate ((?:setup|install) acme.*)$/gm)];
    expect(printed).toHaveLength(2);
    expect(terminal.out()).not.toContain('otherUser=');
    const outputs: string[] = [];
    for (const [, command = ''] of printed)
      outputs.push((await runLine(command.replaceAll("'", '').split(' '), { cwd })).out);
    expect(outputs.at(-1)).toContain('Acme: active');
    terminal.stop.abort();
    expect(await ended).toBe(0);
  });

  it('names its folder in the commands when another terminal may not find it, and connectors without a sandbox', async () => {
    const cwd = makeTempFolder();
    const connector = join(cwd, 'acme');
    cpSync(fixture('acme'), connector, { recursive: true });
    rmSync(join(connector, 'sandbox.yaml'), { force: true });
    const terminal = createTerminal({ cwd, env: { FISHPLATE_DATA: join(cwd, 'mine') } });
    const ended = run(['harness', '--port', '0', '--connectors', connector], terminal.io);
    await vi.waitFor(() => expect(terminal.out()).toContain('Ctrl-C'), { timeout: 10_000 });
    expect(terminal.out()).toMatch(/^ {2}npx fishplate setup m3ter .* --data mine$/m);
    expect(terminal.out()).toContain('without a sandbox, for want of a sandbox.yaml: acme\n');
    terminal.stop.abort();
    expect(await ended).toBe(0);
  });

  it('keeps everything over a restart: accounts, installations, credentials, and what the vendor holds', async () => {
    const cwd = makeTempFolder();
    const first = await startHarness(cwd);
    await runLine(installArguments(first.line), { cwd });
    await runLine(['accounts', 'create', 'Second', '--id', 'second'], { cwd });
    const body = JSON.stringify({ name: 'Kept', code: 'kept' });
    const call = ['call', 'm3ter', 'products.create', '--body', body];
    expect((await runLine(call, { cwd })).code).toBe(0);
    await first.stop();
    const second = await startHarness(cwd);
    const { clientId, clientSecret, sandbox } = first.line;
    expect(second.line).toMatchObject({ clientId, clientSecret });
    expect(second.line.sandbox.m3ter.apiSecret).toBe(sandbox.m3ter.apiSecret);
    expect((await runLine(['accounts', 'list'], { cwd })).out).toContain('second');
    expect((await runLine(['call', 'm3ter', 'products.list'], { cwd })).out).toContain('"Kept"');
  });

  it('writes down what the vendor holds while it runs, so that nothing waits for a clean end', async () => {
    const cwd = makeTempFolder();
    const { line } = await startHarness(cwd);
    await runLine(installArguments(line), { cwd });
    const body = JSON.stringify({ name: 'Early', code: 'early' });
    await runLine(['call', 'm3ter', 'products.create', '--body', body], { cwd });
    const file = join(cwd, 'data/sandbox-m3ter.json');
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('Early'), { timeout: 5_000 });
    expect(readFileSync(file, 'utf8')).not.toContain(line.sandbox.m3ter.apiSecret);
  });

  it('makes new keys where the old ones are lost', async () => {
    const cwd = makeTempFolder();
    const first = await startHarness(cwd);
    await first.stop();
    rmSync(join(cwd, 'data/harness.json'));
    const second = await startHarness(cwd);
    expect(second.line.clientId).not.toBe(first.line.clientId);
    expect((await runLine(['accounts', 'list'], { cwd })).code).toBe(0);
  });

  it('says what to do about a sandbox file that cannot be read', async () => {
    const cwd = makeTempFolder();
    await (await startHarness(cwd)).stop();
    writeFileSync(join(cwd, 'data/sandbox-m3ter.json'), '{');
    const { code, err } = await runLine(['harness', '--port', '0'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain('[sandbox.invalid]');
    expect(err).toContain('Remove the file');
  });
});
