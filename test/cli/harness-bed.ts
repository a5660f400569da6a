/** A harness in memory for a whole test file, and the environment in which commands find it. */
import { afterAll, beforeAll } from 'vitest';
import type { SandboxAddress } from '../../src/cli/harness-file.ts';
import { type Harness, startHarness } from '../../src/cli/harness-start.ts';
import { type Outcome, runLine, type TerminalOptions } from './fake-io.ts';
import { makeFolderForFile } from './temp-folders.ts';

export interface HarnessBed {
  /** Runs a command line against the harness. */
  fishplate(argv: readonly string[], options?: TerminalOptions): Promise<Outcome>;
  /** The sandbox of the connector under test: URLs and good values. */
  address(): SandboxAddress;
  harness(): Harness;
}

export function useHarness(): HarnessBed {
  let harness: Harness | undefined;
  const folder = makeFolderForFile();
  const get = (): Harness => {
    if (!harness) throw new TypeError('the harness has not started');
    return harness;
  };
  beforeAll(async () => {
    harness = await startHarness({
      port: 0,
      connectorFolders: [],
      log: { write: () => undefined },
      logLevel: 'silent',
    });
  });
  afterAll(() => harness?.close());
  return {
    harness: get,
    address: () => get().file.sandbox.m3ter ?? {},
    fishplate: (argv, options = {}) => {
      const { apiUrl, clientId, clientSecret } = get().file;
      const env = {
        FISHPLATE_URL: apiUrl,
        FISHPLATE_CLIENT_ID: clientId,
        FISHPLATE_CLIENT_SECRET: clientSecret,
        ...options.env,
      };
      return runLine(argv, { cwd: folder, ...options, env });
    },
  };
}
