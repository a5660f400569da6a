/** Nothing comes in; a harness with its console, and a browser that is signed in to it, go out to the tests of a file. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { LOCAL_ACTOR } from '../../src/access/audit.ts';
import type { SandboxAddress } from '../../src/cli/harness-file.ts';
import { type Harness, startHarness } from '../../src/cli/harness-start.ts';
import { createSignInLink } from '../../src/server/session-routes.ts';
import { builtConsole } from './built-console.ts';
import { findBrowser, needsBrowser } from './find-browser.ts';

export interface Bed {
  /** Everything is in memory and this file's own. */
  harness(): Harness;
  /** The sandbox of a connector: URLs, and good values for its settings. */
  sandbox(connector: string): SandboxAddress;
  /** A page of a person who has not been here yet: cookies and storage of its own. Closed after the test. */
  newPage(options?: PageOptions): Promise<Page>;
  /** The same, signed in by a one-time link; as the harness's administrator, or with the key that is named. */
  signedIn(options?: PageOptions & { readonly accessKeyId?: string }): Promise<Page>;
  /** The id of an access key of a new service user with these policies: `ReadOnly`, or the id of one. */
  keyWith(...policies: readonly string[]): Promise<string>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

export interface BedOptions {
  /** Of connectors beside the package's own. */
  readonly connectorFolders?: readonly string[];
}

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** Long enough for a build of the console and a cold start of the browser on a slow machine. */
const START_MS = 120_000;
/** For anything to appear. */
const WAIT_MS = 30_000;
/** Of a test that visits several pages. */
const TEST_MS = 90_000;

/**
 * `describe` for tests in the browser. Without one they are left out - the closing line of the run says so - unless
 * FISHPLATE_NEED_BROWSER=1: then they fail.
 */
export function describeInBrowser(name: string, tests: (bed: Bed) => void, options: BedOptions = {}): void {
  const executablePath = findBrowser();
  const runs = executablePath !== undefined || needsBrowser();
  describe.runIf(runs)(`${name} ${IN_BROWSER}`, { timeout: TEST_MS }, () =>
    tests(createBed(executablePath, options)),
  );
}

/** Marks the tests that the closing line tells of. */
export const IN_BROWSER = '(in the browser)';

function createBed(executablePath: string | undefined, { connectorFolders = [] }: BedOptions): Bed {
  let harness: Harness | undefined;
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new TypeError('the bed has not started');
    return value;
  };
  beforeAll(async () => {
    if (executablePath === undefined)
      throw new Error(
        'no Chromium on the PATH, and FISHPLATE_NEED_BROWSER=1: install it (apt-get install chromium)',
      );
    harness = await startHarness({
      ...{ port: 0, connectorFolders, logLevel: 'silent', consoleFolder: await builtConsole() },
      log: { write: () => undefined },
    });
    // Its profile is empty and gone with it.
    browser = await chromium.launch({ executablePath, headless: true, args: [...flags] });
  }, START_MS);
  afterEach(async () => {
    const open = contexts;
    contexts = [];
    await Promise.all(open.map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  const newPage: Bed['newPage'] = async (options = {}) => {
    const context = await openContext(started(browser), started(harness).file.apiUrl, options);
    contexts.push(context);
    const page = await context.newPage();
    watchPolicy(page);
    return page;
  };
  return {
    harness: () => started(harness),
    sandbox: (connector) => started(started(harness).file.sandbox[connector]),
    newPage,
    signedIn: async (options = {}) => {
      const page = await newPage(options);
      await page.goto(await signInPath(started(harness), options.accessKeyId));
      await page.waitForURL((url) => !url.pathname.startsWith('/console/sign-in'));
      await page.getByRole('heading', { level: 1 }).waitFor();
      return page;
    },
    keyWith: async (...policies) => {
      const { serviceUsers, accessKeys } = started(harness).api.access;
      const user = await serviceUsers.create(LOCAL_ACTOR, { name: `With ${policies.join(', ')}`, policies });
      return (await accessKeys.create(LOCAL_ACTOR, user.id)).key.id;
    },
  };
}

/** A fresh link for each sign-in: they work once. The path holds the token; keep it out of messages. */
export async function signInPath({ api, file }: Harness, accessKeyId = file.clientId): Promise<string> {
  return (await createSignInLink(api.access, LOCAL_ACTOR, accessKeyId)).path;
}

/** A context shares nothing with another: no cookies, no storage, no cache. */
async function openContext(browser: Browser, baseURL: string, options: PageOptions): Promise<BrowserContext> {
  const { width = 1280, height = 800, scheme = 'light' } = options;
  const context = await browser.newContext({
    ...{ baseURL, colorScheme: scheme, viewport: { width, height } },
    ...{ reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' },
  });
  context.setDefaultTimeout(WAIT_MS);
  return context;
}

/** Fails the test when the page broke the policy or threw: the console must do neither, whatever else is tested. */
function watchPolicy(page: Page): void {
  const seen: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content.Security.Policy|Refused to|violates/i.test(message.text()))
      seen.push(message.text());
  });
  page.on('pageerror', (error) => seen.push(String(error)));
  onTestFinished(() => expect(seen, 'policy violations and uncaught errors').toEqual([]));
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with what axe-core finds serious or critical on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated over the debugger's wire, which the page's policy does not speak of.
  await page.evaluate(axeSource);
  const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  const serious = results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join('; ')}`,
    );
  expect(serious).toEqual([]);
}

/** Everything that a page keeps and shows, what is typed into it included. */
export const everythingOf = (page: Page): Promise<string> =>
  page.evaluate(`JSON.stringify([
    document.documentElement.outerHTML, location.href, { ...localStorage }, { ...sessionStorage }, history.state,
    [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
  ])`);

/** Whether a keyboard would have to begin anew from the top. */
export const isFocusLost = (page: Page): Promise<boolean> =>
  page.evaluate('document.activeElement === null || document.activeElement === document.body');

/** Every page is looked at in each of them. */
export const looks = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 390 },
] as const;

/** By how many pixels the page is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** What holds for every page in every state: axe finds nothing serious, nothing is out of sight. Keeps a picture of it. */
export async function expectLook(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  expect(await overflowOf(page), `${name} is wider than the window`).toBe(0);
  await screenshot(page, name);
}

/** Keeps a picture of the page in the folder FISHPLATE_SCREENSHOTS, which is outside of the repository; without it none. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.FISHPLATE_SCREENSHOTS;
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  // What is fixed to the window would be drawn where the page was scrolled to.
  await page.evaluate('window.scrollTo(0, 0)');
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
