import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../../src/cli/package.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { runLine } from './fake-io.ts';

describe('fishplate validate', () => {
  it('names file, line and column, shows the place, gives code and hint, and exits with 1', async () => {
    await withOverlay(['acme', 'invalid/unknown-key'], async (folder) => {
      const { code, out, err } = await runLine(['validate', folder]);
      expect(code).toBe(1);
      expect(out).toMatch(/methods\/things\.yaml:\d+:\d+ definition\.unknown-key: /);
      expect(out).toMatch(/\n> +\d+ \| .*\n +\| +\^/);
      expect(out).toContain('hint: ');
      expect(out).toMatch(/1 problem\n$/);
      expect(err).toBe('');
    });
  });

  it('says the same to machines as one object', async () => {
    await withOverlay(['acme', 'invalid/unknown-key'], async (folder) => {
      const { code, out } = await runLine(['validate', folder, '--json']);
      expect(code).toBe(1);
      const { ok, connectors, problems } = JSON.parse(out);
      expect(ok).toBe(false);
      expect(connectors).toEqual([expect.objectContaining({ folder, problems: 1 })]);
      expect(problems[0]).toMatchObject({
        code: 'definition.unknown-key',
        file: 'methods/things.yaml',
        line: expect.any(Number),
        column: expect.any(Number),
        frame: expect.stringContaining('^'),
      });
      expect(problems[0].at).toBe(`${folder}/methods/things.yaml:${problems[0].line}:${problems[0].column}`);
    });
  });

  it('refuses a folder without a connector', async () => {
    const { code, out } = await runLine(['validate', 'nowhere'], { cwd: makeTempFolder() });
    expect(code).toBe(1);
    expect(out).toContain('definition.not-found');
  });

  it('holds demo.yaml and sandbox.yaml against the connector that they are for', async () => {
    const folder = join(makeTempFolder(), 'copy');
    cpSync(packagePath('connector/m3ter'), folder, { recursive: true });
    writeFileSync(
      join(folder, 'demo.yaml'),
      'try: bills.lst\nkey: { policies: [] }\nrefusals: []\nstory: [{ title: One, method: bills.get }]\n',
    );
    const { code, out } = await runLine(['validate', folder]);
    expect(code).toBe(1);
    expect(out).toContain('demo.yaml:1:6 definition.unknown-name: there is no method "bills.lst"');
    expect(out).toContain('hint: did you mean "bills.list"?');
  });

  it('checks every connector of a folder, and exits with 0 when all are in order', async () => {
    const root = makeTempFolder();
    cpSync(packagePath('test/fixtures/acme'), join(root, 'connector/acme'), { recursive: true });
    cpSync(packagePath('connector/m3ter'), join(root, 'connector/m3ter'), { recursive: true });
    const { code, out } = await runLine(['validate'], { cwd: root });
    expect(out).toMatch(
      /^connector\/acme: ok - acme .*, \d+ methods\nconnector\/m3ter: ok - m3ter .*, \d+ methods\n$/,
    );
    expect(code).toBe(0);
  });
});
