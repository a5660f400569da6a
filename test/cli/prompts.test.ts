import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { createTerminal } from './fake-io.ts';
import { useHarness } from './harness-bed.ts';

const { address, harness } = useHarness();

const terminalOfPerson = () => {
  const { apiUrl, clientId, clientSecret } = harness().file;
  const env = { FISHPLATE_URL: apiUrl, FISHPLATE_CLIENT_ID: clientId, FISHPLATE_CLIENT_SECRET: clientSecret };
  return createTerminal({ isTTY: true, env, cwd: '/' });
};

describe('a person', () => {
  it('who presses Ctrl-D while being asked ends the command with 130, and nothing is set', async () => {
    const terminal = terminalOfPerson();
    terminal.answer('Access Key ID (Enter to leave it to each account): ', '\u0004');
    expect(await run(['setup', 'm3ter'], terminal.io)).toBe(130);
    const show = terminalOfPerson();
    await run(['setup', 'm3ter', '--show'], show.io);
    expect(show.out()).toMatch(/accessKeyId +Access Key ID +either +-\n/);
  });

  it('is asked for the console settings, and does not see the secret being typed', async () => {
    const terminal = terminalOfPerson();
    terminal.answer('Access Key ID (Enter to leave it to each account): ', address().accessKeyId ?? '');
    terminal.answer('API Secret (Enter to leave it to each account, not shown): ', address().apiSecret ?? '');
    expect(await run(['setup', 'm3ter'], terminal.io)).toBe(0);
    expect(terminal.out()).toMatch(/apiSecret .* \(set, hidden\)\n/);
    expect(terminal.err()).toContain(address().accessKeyId);
    expect(terminal.err() + terminal.out()).not.toContain(address().apiSecret);
  });

  it('who leaves a console setting as it is hears that it is kept, and it is', async () => {
    const terminal = terminalOfPerson();
    terminal.answer('Access Key ID (Enter to keep what is set): ', '');
    terminal.answer('API Secret (Enter to keep what is set, not shown): ', '');
    expect(await run(['setup', 'm3ter'], terminal.io)).toBe(0);
    expect(terminal.out()).toMatch(/^m3ter .*: ready\n/);
  });

  it('may type ahead: no line is lost', async () => {
    const terminal = terminalOfPerson();
    const both = `${address().accessKeyId}\n${address().apiSecret}`;
    terminal.answer('Access Key ID (Enter to keep what is set): ', both);
    expect(await run(['setup', 'm3ter'], terminal.io)).toBe(0);
    expect(terminal.out()).toMatch(/apiSecret .* \(set, hidden\)\n/);
  });

  it('who installs is asked only for what neither the command line nor the console has said', async () => {
    const terminal = terminalOfPerson();
    terminal.answer('Environment (Enter for prod): ', ' sandbox ');
    const argv = ['install', 'm3ter', `organisationId=${address().organisationId}`];
    expect(await run(argv, terminal.io)).toBe(0);
    expect(terminal.err()).toContain('    sandbox - Sandbox on this machine\n');
    expect(terminal.err()).not.toMatch(/Access Key ID|API Secret|Organisation ID/);
    expect(terminal.out()).toContain('m3ter: active');
  });

  it('may leave a question open: the installation then says what is missing', async () => {
    const terminal = terminalOfPerson();
    terminal.answer('Environment (Enter for prod): ', 'sandbox');
    terminal.answer('Organisation ID (Enter to give it later): ', '');
    expect(await run(['install', 'm3ter'], terminal.io)).toBe(0);
    expect(terminal.out()).toContain('missing: Organisation ID (organisationId)');
    const later = terminalOfPerson();
    later.answer('Organisation ID (Enter to give it later): ', address().organisationId ?? '');
    const id = /id: (\S+)/.exec(terminal.out())?.[1] ?? '';
    expect(await run(['settings', id], later.io)).toBe(0);
    expect(later.out()).toContain(': active');
  });
});
