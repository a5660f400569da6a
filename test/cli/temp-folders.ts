/** Gives a test file a folder of its own, which is gone after its last test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function makeFolderForFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
