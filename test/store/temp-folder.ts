/** Gives each test a folder of its own, which is gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function makeTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
