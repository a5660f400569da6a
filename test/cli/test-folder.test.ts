import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeScaffold } from '../conformance/scaffolded.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { runLine } from './fake-io.ts';

/** The folder above one that holds `acme`. */
const rootOf = (folder: string) => join(folder, '..');

describe("fishplate test of a connector's folder", () => {
  it('names each failure with its place, and exits with 1', async () => {
    const folder = writeScaffold([['connector.yaml', 'items: items', 'items: tasks']]);
    const { code, out, err } = await runLine(['test', './acme'], { cwd: rootOf(folder) });
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out).toMatch(/^acme: acme 1\.0\.0, 5 methods\n/);
    expect(out).toMatch(/the vendor's own examples fit +1 FAILED \(4 looked at\)/);
    expect(out).toMatch(
      /FAILED {3}tasks\.list\n {2}at {8}acme\/connector\.yaml:\d+:3\n {2}expected {2}items at .*\n {2}came .*\n {2}mend .*/,
    );
    expect(out).toMatch(/\nFAILED: \d+ checks, 1 failure, 0 warnings\n$/);
  });

  it('says what could not be reached when the definition does not load', async () => {
    const folder = writeScaffold([['connector.yaml', 'status: live', 'status: alive']]);
    const { code, out } = await runLine(['test', folder]);
    expect(code).toBe(1);
    expect(out).toContain(': not loaded\n');
    expect(out).toMatch(/the sandbox answers as the schemas say +not reached/);
    expect(out).toContain('definition.bad-value');
  });

  it('refuses a folder without a connector, and a method that it does not have', async () => {
    const cwd = makeTempFolder();
    const nothing = await runLine(['test', './'], { cwd });
    expect(nothing.code).toBe(1);
    expect(nothing.out).toContain('definition.not-found');
    const folder = writeScaffold();
    const { code, err } = await runLine(['test', folder, '--method', 'tasks.lst']);
    expect(code).toBe(1);
    expect(err).toContain('acme has no method "tasks.lst" [method.unknown]');
    expect(err).toContain('did you mean "tasks.list"?');
  });

  it('takes any other name for an installation, and --method goes with folders only', async () => {
    const cwd = makeTempFolder();
    const { code, err } = await runLine(['test', 'acme', '--method', 'tasks.list'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('There is no connector.yaml in acme.');
    expect((await runLine(['test', 'acme'], { cwd })).err).toContain('[cli.no-api]');
  });

  it('reports on one method alone, with what it needs', async () => {
    const folder = writeScaffold([['types/tasks.yaml', '[Buy milk]', "['']"]]);
    const other = await runLine(['test', folder, '--method', 'me.get']);
    expect(other.code).toBe(0);
    const { code, out } = await runLine(['test', folder, '--method', 'tasks.create']);
    expect(code).toBe(1);
    expect(out).toMatch(/every method prepares a request +1 FAILED \(1 looked at\)/);
    expect(out).not.toContain('tasks.list');
  });

  it('tells programs the same as one object', async () => {
    const folder = writeScaffold([['connector.yaml', 'name: title }', 'name: label }']]);
    const { code, out } = await runLine(['test', folder, '--json']);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ ok: false, connector: { name: 'acme', methods: 5 }, skipped: [] });
    expect(report.findings).toEqual([
      expect.objectContaining({ section: 'lookups', level: 'failure', subject: 'lookups.tasks' }),
    ]);
    expect(report.sections).toContainEqual(
      expect.objectContaining({ name: 'lookups', checked: 1, failed: 1, warned: 0 }),
    );
  });

  it('exits with 0 when nothing failed, and ends with one line that says so', async () => {
    const { code, out } = await runLine(['test', writeScaffold([], 'client-credentials')]);
    expect(code).toBe(0);
    expect(out).toMatch(/\nok: \d+ checks, 0 failures, 0 warnings\n$/);
  });
});
