/** What a harness leaves in its data folder for the other commands: where it runs, and its credentials. For the owner's eyes only. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A vendor played on this machine: its URLs (`<host>Url`), and values for the connector's settings, by key. */
export type SandboxAddress = Readonly<Record<string, string>>;

export interface HarnessFile {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Id of the account that was made for trying things. */
  readonly account: string;
  /** By connector. */
  readonly sandbox: Readonly<Record<string, SandboxAddress>>;
  /** The process that serves it; null once it has stopped. A process that was killed leaves its number behind. */
  readonly pid: number | null;
}

const pathIn = (dataFolder: string) => join(dataFolder, 'harness.json');

/** Undefined when there is none, or one that cannot be read. */
export function readHarnessFile(dataFolder: string): HarnessFile | undefined {
  try {
    const file = JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')) as HarnessFile;
    return typeof file.apiUrl === 'string' && typeof file.clientSecret === 'string' ? file : undefined;
  } catch {
    return undefined;
  }
}

export async function writeHarnessFile(dataFolder: string, file: HarnessFile): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  writePrivateFile(pathIn(dataFolder), `${JSON.stringify(file, null, 2)}\n`);
}

/** Replaces a file as a whole (mode 0600): a reader, or a crash, sees the old text or the new one. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
