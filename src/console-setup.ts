/** Values of the console come in; they are kept, and every installation that depends on a changed one is tested again. */
import { atOnce } from './at-once.ts';
import type { Library } from './definition/library.ts';
import { isFishplateError } from './errors.ts';
import type { Installations } from './installation/installations.ts';
import type { Prover } from './prover.ts';
import type { Runtime } from './runtime-contract.ts';
import type { Store } from './store/store.ts';

export interface ConsoleSetupTools {
  readonly library: Library;
  readonly installations: Installations;
  readonly prover: Prover;
  readonly store: Store;
}

/** Connection tests at once after a change in the console. */
const MOST_RETESTS = 8;

export function createConsoleSetup({
  library,
  installations,
  prover,
  store,
}: ConsoleSetupTools): Pick<Runtime, 'consoleSetup' | 'setupConsole'> {
  /** Whoever changes or removes the installation meanwhile finds out more of it than this would. */
  const retest = async (id: string): Promise<void> => {
    try {
      const row = await store.get('installation', id);
      if (row && row.state !== 'de-authenticated')
        await prover.proveIfComplete(await installations.load(row.accountId, id));
    } catch (error) {
      if (!isFishplateError(error, 'installation.unknown', 'installation.changed')) throw error;
    }
  };
  return {
    consoleSetup: async (name) => installations.consoleSetup(library.find(name)),
    setupConsole: async (name, values) => {
      const connector = library.find(name);
      const retested = await installations.setConsole(connector, values);
      await atOnce(MOST_RETESTS, retested, retest);
      return { ...(await installations.consoleSetup(connector)), retested };
    },
  };
}
