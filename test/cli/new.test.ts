import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scaffoldAuths } from '../../src/cli/scaffold-auth.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { runLine } from './fake-io.ts';

describe('fishplate new', () => {
  it.each(['Acme', '1st', 'a_b', '../acme', 'a'.repeat(64), 'acme crm'])(
    'refuses the name "%s", and writes nothing',
    async (name) => {
      const cwd = makeTempFolder();
      const { code, err } = await runLine(['new', name], { cwd });
      expect(code).toBe(2);
      expect(err).toContain('cannot be the name of a connector [cli.usage]');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('refuses a title that would not be text in YAML', async () => {
    const cwd = makeTempFolder();
    const { code, err } = await runLine(['new', 'acme', '--title', 'A: "b"'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('cannot be a title');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('refuses a folder that has something in it, and leaves that alone', async () => {
    const cwd = makeTempFolder();
    mkdirSync(join(cwd, 'connector/acme'), { recursive: true });
    writeFileSync(join(cwd, 'connector/acme/notes.txt'), 'mine');
    const { code, err } = await runLine(['new', 'acme'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('connector/acme exists already, and is not empty');
    expect(readdirSync(join(cwd, 'connector/acme'))).toEqual(['notes.txt']);
  });

  it('names the kinds of authentication when it is given another', async () => {
    const { code, err } = await runLine(['new', 'acme', '--auth', 'oauth'], { cwd: makeTempFolder() });
    expect(code).toBe(2);
    for (const kind of scaffoldAuths) expect(err).toContain(kind);
  });

  it.each(scaffoldAuths)('makes a connector by %s that passes its test without a warning', async (auth) => {
    const cwd = makeTempFolder();
    const { code } = await runLine(['new', 'acme-crm', '--auth', auth], { cwd });
    expect(code).toBe(0);
    const tested = await runLine(['test', 'connector/acme-crm'], { cwd });
    expect(tested.out).toMatch(/\nok: \d+ checks, 0 failures, 0 warnings\n$/);
    expect(tested.out).toMatch(/^connector\/acme-crm: acme-crm 1\.0\.0, 5 methods\n/);
  });

  it('makes it where and under which title it is told, for editors to explain', async () => {
    const cwd = makeTempFolder();
    await runLine(['new', 'acme', '--dir', 'vendors/mine', '--title', 'Acme & Söhne'], { cwd });
    const folder = join(cwd, 'vendors/mine/acme');
    const yaml = readFileSync(join(folder, 'connector.yaml'), 'utf8');
    expect(yaml).toContain('\ntitle: Acme & Söhne\n');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(yaml) ?? [];
    expect(existsSync(join(folder, schema))).toBe(true);
    const [, ofMethods = ''] =
      /\$schema=(\S+)/.exec(readFileSync(join(folder, 'methods/me.yaml'), 'utf8')) ?? [];
    expect(existsSync(join(folder, 'methods', ofMethods))).toBe(true);
    const icon = readFileSync(join(folder, 'icon.svg'), 'utf8');
    expect(icon).toContain('aria-label="Acme &amp; Söhne"');
  });
});
