import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { createTerminal, runLine } from './fake-io.ts';

const key = () => randomBytes(32).toString('base64');

async function serve(cwd: string, env: Readonly<Record<string, string>>, isTTY: boolean) {
  const terminal = createTerminal({ cwd, env, isTTY });
  const ended = run(['serve', '--port', '0'], terminal.io);
  await vi.waitFor(() => expect(terminal.err()).toMatch(/serves on \S+\n/), { timeout: 10_000 });
  const stop = () => {
    terminal.stop.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return { terminal, url: /serves on (\S+)\n/.exec(terminal.err())?.[1] ?? '', stop };
}

describe('fishplate serve', () => {
  it('does not start without a key, and makes none', async () => {
    const cwd = makeTempFolder();
    const { code, err } = await runLine(['serve', '--port', '0'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain('[store.key-missing]');
    expect(err).toContain('FISHPLATE_KEY_FILE');
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    const file = await runLine(['serve', '--port', '0'], { cwd, env: { FISHPLATE_KEY_FILE: 'no-file' } });
    expect(file.code).toBe(1);
    expect(file.err).toContain('[store.key-missing]');
  });

  it('does not start with a key that is none', async () => {
    const env = { FISHPLATE_KEY: 'too-short' };
    const { code, err } = await runLine(['serve', '--port', '0'], { cwd: makeTempFolder(), env });
    expect(code).toBe(1);
    expect(err).toContain('[store.key-invalid]');
    expect(err).not.toContain('too-short');
  });

  it('shows the first access key once on a terminal, and offers no sandbox', async () => {
    const cwd = makeTempFolder();
    const env = { FISHPLATE_KEY: key() };
    const first = await serve(cwd, env, true);
    const [, id = '', secret = ''] =
      /^clientId: (\S+)\nclientSecret: (\S+)\n$/.exec(first.terminal.out()) ?? [];
    const argv = ['--url', first.url, '--client-id', id, '--client-secret', secret];
    expect((await runLine(['service-users', 'list', ...argv], { cwd })).out).toContain('Administrator');
    expect((await runLine(['accounts', 'list', ...argv], { cwd })).out).toBe('ID  NAME  CREATED\n');
    await runLine(['accounts', 'create', 'One', ...argv], { cwd });
    const values = ['accessKeyId=a', 'apiSecret=b', 'organisationId=c', 'environment=sandbox'];
    const install = await runLine(['install', 'm3ter', ...values, '--name', 'x', ...argv], { cwd });
    expect(install.out).not.toContain('active');
    expect(await first.stop()).toBe(0);
    const second = await serve(cwd, env, true);
    expect(second.terminal.out()).toBe('');
  });

  it('puts the first access key into a private file where nobody looks on, and into no log', async () => {
    const cwd = makeTempFolder();
    const { terminal } = await serve(cwd, { FISHPLATE_KEY: key() }, false);
    const path = join(cwd, 'data/first-access-key.json');
    await vi.waitFor(() => expect(existsSync(path)).toBe(true));
    const { clientSecret } = JSON.parse(readFileSync(path, 'utf8'));
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(terminal.err()).toContain(path);
    expect(terminal.out() + terminal.err()).not.toContain(clientSecret);
  });
});
