/** A sandbox and a file come in; what the sandbox holds is read from the file at the start, and written to it from then on. */
import { existsSync, readFileSync } from 'node:fs';
import { FishplateError } from '../errors.ts';
import type { Sandbox, SandboxSnapshot } from '../sandbox/sandbox.ts';
import { writePrivateFile } from './harness-file.ts';

/** Nothing happens when there is no file. Throws `sandbox.invalid` for one that cannot be read. */
export function restoreState(sandbox: Sandbox, file: string): void {
  if (!existsSync(file)) return;
  let snapshot: SandboxSnapshot;
  try {
    snapshot = JSON.parse(readFileSync(file, 'utf8')) as SandboxSnapshot;
  } catch (cause) {
    throw new FishplateError('sandbox.invalid', `${file} cannot be read`, {
      cause,
      hint: 'Remove the file to start that sandbox empty.',
    });
  }
  sandbox.restore(snapshot);
}

const LOOK_EVERY_MS = 250;
/** Of a large state, looking must not become the main work. */
const PAUSE_PER_COST = 20;

/** Writes the state whenever it has changed, a moment later, so that even a killed process leaves it behind. */
export function keepState(sandbox: Sandbox, file: string): { stop(): void } {
  let written = '';
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    const text = JSON.stringify(sandbox.snapshot());
    if (text === written) return;
    writePrivateFile(file, text);
    written = text;
  };
  const look = () => {
    const startedAt = performance.now();
    save();
    const pauseMs = Math.max(LOOK_EVERY_MS, (performance.now() - startedAt) * PAUSE_PER_COST);
    timer = setTimeout(look, pauseMs);
    timer.unref();
  };
  look();
  return {
    stop: () => {
      clearTimeout(timer);
      save();
    },
  };
}
