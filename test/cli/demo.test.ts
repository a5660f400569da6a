import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../../src/cli/package.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { runLine } from './fake-io.ts';

/** A copy of the connector whose demo says something else. */
function copyWith(from: string, to: string): string {
  const folder = join(makeTempFolder(), 'm3ter');
  cpSync(packagePath('connector/m3ter'), folder, { recursive: true });
  const demo = readFileSync(join(folder, 'demo.yaml'), 'utf8');
  expect(demo).toContain(from);
  writeFileSync(join(folder, 'demo.yaml'), demo.replace(from, to));
  return folder;
}

const demo = (folder?: string) =>
  runLine(['demo'], { cwd: '/', ...(folder !== undefined && { env: { FISHPLATE_CONNECTORS: folder } }) });

describe('fishplate demo', () => {
  it.each([
    [
      'an answer is not what the step says',
      '{ result: accepted }',
      '{ result: ingested }',
      'result is "accepted", not "ingested"',
    ],
    [
      'a refusal has another reason',
      'code: vendor.key-inactive',
      'code: vendor.revoked',
      'the answer is vendor.key-inactive, not vendor.revoked',
    ],
    [
      'what should be refused works',
      'policies: [ReadOnly]',
      'policies: [Administrator]',
      'it was not refused',
    ],
    [
      'an item is not in the list',
      "id: '{{accountId}}', name",
      "id: 'x', name",
      'no item has {"id":"x","name":"Acme"}',
    ],
  ])('exits with 1 when %s', async (_, from, to, message) => {
    const { code, out, err } = await demo(copyWith(from, to));
    expect(code).toBe(1);
    expect(err).toContain(`error: ${message} [cli.demo-failed]`);
    expect(out).toMatch(/ {3}FAILED\n$/);
  });

  it('refuses a connector that does not exist or has no demo', async () => {
    expect((await runLine(['demo', 'nothing'])).err).toContain('[connector.unknown]');
    const env = { FISHPLATE_CONNECTORS: packagePath('test/fixtures/acme') };
    const { code, err } = await runLine(['demo', 'acme'], { env });
    expect(code).toBe(2);
    expect(err).toContain('has no demo.yaml');
  });

  it('exits with 0 when every step did what it says, and shows no secret', async () => {
    const { code, out, err } = await demo();
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('M3TER_API_SECRET=[redacted]');
    expect(out).toContain('missing: Organisation ID (organisationId)\n');
    expect(out).toContain('organisation: Fishplate Sandbox');
    expect([...out.matchAll(/^ {3}\[(vendor\.[a-z-]+)\]/gm)].map((match) => match[1])).toEqual([
      'vendor.bad-credentials',
      'vendor.wrong-organisation',
      'vendor.wrong-environment',
      'vendor.key-inactive',
      'vendor.forbidden',
    ]);
    expect(out).not.toMatch(/the installation is active/);
    expect(out).toContain('measurements.submit -> {"result":"accepted"}');
    expect(out).toMatch(/Every step did what it says\.\n$/);
  });
});
