/** Waits until the program is asked to stop. */
import type { Io } from './io.ts';

export async function untilStopped({ stop }: Io): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
