/** The PATH comes in; where Chromium is goes out, or undefined - and whether that is allowed. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Undefined when there is none. CHROMIUM_PATH names one outside of the PATH. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const places = [
    env.CHROMIUM_PATH ?? '',
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  return places.find((place) => place !== '' && existsSync(place));
}

/** Set where tests in the browser must not be left out: in CI. */
export const needsBrowser = (env: NodeJS.ProcessEnv = process.env): boolean =>
  env.FISHPLATE_NEED_BROWSER === '1';
