/** A folder comes in, the folders of the connectors in it go out. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const isConnectorFolder = (folder: string): boolean => existsSync(join(folder, 'connector.yaml'));

/** A subfolder that holds any part of a definition was meant to be a connector, whatever it lacks. */
async function looksLikeConnector(folder: string): Promise<boolean> {
  if (isConnectorFolder(folder)) return true;
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.some((entry) =>
    entry.isDirectory() ? ['methods', 'types'].includes(entry.name) : /\.ya?ml$/.test(entry.name),
  );
}

/**
 * The folder itself when it is a connector, else those of its subfolders that are. A folder without any is given
 * back as it is, for the loader to say what it lacks.
 */
export async function findConnectorFolders(folder: string): Promise<string[]> {
  if (isConnectorFolder(folder)) return [folder];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && (await looksLikeConnector(path)))
      found.push(path);
  }
  return found.length > 0 ? found : [folder];
}
