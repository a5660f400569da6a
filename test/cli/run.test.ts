import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandEntries } from '../../src/cli/commands.ts';
import { parseGivenValues } from '../../src/cli/given-values.ts';
import { packagePath } from '../../src/cli/package.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { FishplateError } from '../../src/errors.ts';
import { createTerminal, runLine } from './fake-io.ts';

describe('a wrong command line', () => {
  it('with a command that does not exist is refused with the nearest one', async () => {
    const { code, out, err } = await runLine(['harnes']);
    expect(code).toBe(2);
    expect(err).toContain("unknown command 'harnes'");
    expect(err).toContain('Did you mean harness?');
    expect(out).toBe('');
  });

  it('without a command shows the help, and is wrong usage', async () => {
    const { code, out, err } = await runLine([]);
    expect(code).toBe(2);
    expect(err).toContain('Usage: fishplate <command>');
    expect(out).toBe('');
  });

  it.each([
    ['an unknown option', ['methods', 'm3ter', '--jsn'], "unknown option '--jsn'"],
    ['a missing argument', ['call', 'm3ter'], "missing required argument 'method'"],
    ['too many arguments', ['methods', 'a', 'b'], 'too many arguments'],
    ['a value without a name', ['setup', 'm3ter', '=x'], 'a name is missing before "="'],
    [
      'a value that is not name=value',
      ['setup', 'm3ter', 'verysecret'],
      'a value is not written as name=value',
    ],
    ['a name given twice', ['setup', 'm3ter', 'a=1', 'a=2'], 'a is given twice'],
    ['a limit that is no number', ['logs', '--limit', 'all'], '--limit is "all"'],
    ['two forms at once', ['preview', 'a', 'b', '--curl', '--json'], '--curl and --json exclude each other'],
    [
      'a port that is none',
      ['harness', '--memory', '--port', '70000'],
      '--port is "70000", which is not a port',
    ],
  ])('with %s is refused', async (_, argv, message) => {
    const { code, out, err } = await runLine(argv, {
      env: { FISHPLATE_URL: 'http://127.0.0.1:9', FISHPLATE_CLIENT_ID: 'a', FISHPLATE_CLIENT_SECRET: 'b' },
    });
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).not.toContain('verysecret');
  });

  it('of a subcommand is told which help tells more, and that help exists', async () => {
    for (const [argv, help] of [
      [['accounts', 'list', 'x'], 'accounts list --help'],
      [['service-users', 'key', 'delete', 'a'], 'service-users key delete --help'],
      [['nope'], '--help'],
    ] as const) {
      const { code, err } = await runLine(argv);
      expect(code).toBe(2);
      expect(err).toContain(`(fishplate ${help} tells more)\n`);
      expect((await runLine(help.split(' '))).out).toContain(
        `Usage: fishplate ${help.replace('--help', '')}`,
      );
    }
  });

  it('that asks for the help of no command is told so', async () => {
    const { code, out, err } = await runLine(['help', 'nope']);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain("unknown command 'nope'");
  });

  it('with a value for __proto__ is refused as for any other name', async () => {
    expect(Object.keys(parseGivenValues(['__proto__=1', 'a=2']))).toEqual(['__proto__', 'a']);
  });

  it('has the code of an error with many lines beside the first of them', () => {
    const terminal = createTerminal();
    reportError(terminal.io, new FishplateError('connector.invalid', '1 problem in x:\nx.yaml:1:1 wrong'));
    expect(terminal.err()).toMatch(
      /^error: 1 problem in x: \[connector.invalid\]\nx.yaml:1:1 wrong\n {2}hint: /,
    );
  });

  it('gets no stack, even from a defect', () => {
    const terminal = createTerminal();
    expect(reportError(terminal.io, new TypeError('x is not a function'))).toBe(1);
    expect(terminal.err()).toContain('error: x is not a function [internal.unexpected]');
    expect(terminal.err()).not.toMatch(/\n\s+at /);
  });

  it('gets every problem of an error on a line of its own, with its hint', () => {
    const terminal = createTerminal();
    const problems = [
      { path: 'body.nme', message: 'is not known here', hint: 'did you mean "name"?' },
      { path: 'id', message: 'is missing' },
    ];
    const message = 'things.get: body.nme is not known here; id is missing';
    expect(reportError(terminal.io, new FishplateError('arguments.invalid', message, { problems }))).toBe(1);
    expect(terminal.err()).toBe(
      "error: things.get: Arguments break the method's schema [arguments.invalid]\n" +
        '  - body.nme is not known here (did you mean "name"?)\n' +
        '  - id is missing\n' +
        '  hint: Correct the arguments listed under problems; nothing was sent.\n',
    );
  });
});

describe('help', () => {
  it('lists every command, the exit codes and the environment variables', async () => {
    const { code, out, err } = await runLine(['--help']);
    expect(code).toBe(0);
    expect(err).toBe('');
    const lines = out.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
    for (const { name, summary } of commandEntries) expect(lines).toContain(`${name} ${summary}`);
    expect(out).toMatch(/130\s+interrupted/);
    expect(out).toContain('FISHPLATE_KEY_FILE');
  });

  it.each(commandEntries.map(({ name }) => name))('of %s has an example, and runs nothing', async (name) => {
    const { code, out, err } = await runLine([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Examples:\n  fishplate ${name}`);
    expect(err).toBe('');
  });

  it('can be asked for as a command too', async () => {
    const { code, out } = await runLine(['help', 'call']);
    expect(code).toBe(0);
    expect(out).toContain('<installation> <method>');
  });

  it('has a version beside it', async () => {
    expect((await runLine(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

const built = packagePath('dist/cli/main.js');
if (existsSync(built))
  describe('the built program', () => {
    it('prints the answer on stdout, the rest on stderr, and exits with the code', () => {
      const good = spawnSync(built, ['methods', 'm3ter', '--json'], { encoding: 'utf8' });
      expect(good.status).toBe(0);
      expect(JSON.parse(good.stdout)).toBeInstanceOf(Array);
      expect(good.stderr).toBe('');
      const bad = spawnSync(built, ['nonsense'], { encoding: 'utf8' });
      expect(bad.status).toBe(2);
      expect(bad.stdout).toBe('');
    });

    it('takes it quietly when nobody reads on', () => {
      const { status, stderr } = spawnSync('sh', ['-c', `"${built}" methods m3ter --json | head -c 10`], {
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      expect(stderr).toBe('');
    });
  });
