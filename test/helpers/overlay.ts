/** Lays the files of fixtures over each other in a temporary folder, so that an invalid one holds only what is wrong in it. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Runs `use` with a folder in which the fixtures lie one over the other, and removes it afterwards. */
export async function withOverlay<T>(
  names: readonly string[],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
  try {
    for (const name of names) cpSync(fixture(name), folder, { recursive: true });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
