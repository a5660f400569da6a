import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, everythingOf, screenshot, signInPath } from './browser.ts';
import { makeVendorKey } from './vendor-key.ts';

/** Collects what the API answers to the page, headers and all; the promise has them when the last one is read. */
function watchAnswers(page: Page): () => Promise<string[]> {
  const answers: Promise<string>[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/v1.0/')) return;
    const read = async () =>
      `${response.url()} ${JSON.stringify(await response.allHeaders())} ${await response.text()}`;
    // Of an answer that the page did not wait for there is nothing to be read.
    answers.push(read().catch(() => ''));
  });
  return () => Promise.all(answers);
}

describeInBrowser('the steps of the guide, from a fresh start to a listed account of the vendor', (bed) => {
  it('set up, install, prove and call, and the secret is in no page, storage, address or answer', async () => {
    const sandbox = bed.sandbox('m3ter');
    const key = await makeVendorKey(sandbox, 'Robot of the console');
    const page = await bed.newPage();
    const answers = watchAnswers(page);
    const check = async (): Promise<void> => expect(await everythingOf(page)).not.toContain(key.apiSecret);
    await page.goto(await signInPath(bed.harness()));
    await page.getByRole('searchbox', { name: 'Search connectors' }).fill('m3ter');
    const card = page.getByRole('listitem').filter({ hasText: 'm3ter' });
    // The link covers its card: the padlock leads where the title does.
    await card.getByText('Setup Required').click({ force: true });
    await page.getByRole('heading', { name: 'Set up m3ter' }).waitFor();
    await page.getByLabel('Access Key ID').fill(key.accessKeyId);
    await page.getByRole('textbox', { name: 'API Secret' }).fill(key.apiSecret);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.getByText('the console setup is ready').waitFor();
    await check();

    await page.getByRole('link', { name: 'Accounts' }).first().click();
    await page.getByRole('button', { name: 'New account' }).click();
    await page.getByLabel('Name').fill('Acme Industries');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Install a connector' }).click();
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    await page.getByText('The console gives Access Key ID and API Secret').waitFor();
    const environment = page.getByRole('combobox', { name: 'Environment' });
    await environment.fill('sandbox');
    await environment.press('Tab');
    await page.getByRole('textbox', { name: 'Organisation ID' }).fill(sandbox.organisationId ?? '');
    await page.getByRole('button', { name: 'Install and test' }).click();
    await page.getByText('The connection works', { exact: true }).waitFor();
    await check();

    await page.getByRole('link', { name: 'Call a method' }).click();
    await page.getByRole('searchbox', { name: 'Search methods' }).fill('list accounts');
    await page.getByRole('link', { name: 'List Accounts' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Bearer [redacted]').waitFor();
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('cell', { name: 'Sample Account' }).first().waitFor();
    await screenshot(page, 'journey-listed');
    await check();
    await page.getByRole('link', { name: 'Call log' }).click();
    await page.getByRole('link', { name: 'accounts.list' }).click();
    await page.getByText('About the call').waitFor();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('connector.setup').first().waitFor();
    await check();
    const read = await answers();
    expect(read.some((text) => text.includes('Sample Account'))).toBe(true);
    for (const secret of [key.apiSecret, bed.harness().file.clientSecret])
      expect(read.filter((text) => text.includes(secret))).toEqual([]);
  });
});

/** What the focus is on, in words: the accessible name as far as it is text. */
const focused = `(() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? '';
  return (at.getAttribute('aria-label') ?? (label || at.textContent || '')).replace(/\\s+/g, ' ').replace(' *', '').trim();
})()`;

/** Whether one can see that: an outline, on itself or where its card draws it, or a border unlike the one that it has without. */
const focusIsSeen = `(async () => {
  const at = document.activeElement;
  // Borders change within a tenth of a second.
  const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
  const outlined = [undefined, '::after', '::before'].some((part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(at, part);
    return outlineStyle !== 'none' && outlineWidth !== '0px';
  });
  if (outlined) return true;
  await settled();
  // The frame of a password is around its field.
  const frame = at.closest('.mantine-PasswordInput-input') ?? at;
  const border = getComputedStyle(frame).borderTopColor;
  at.blur();
  await settled();
  const without = getComputedStyle(frame).borderTopColor;
  at.focus();
  return border !== without;
})()`;

const MOST_TABS = 90;

/** Goes on with the tabulator until the focus is there, and looks whether it can be seen. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const fits = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
  const passed: string[] = [];
  for (let count = 0; count < MOST_TABS; count++) {
    await page.keyboard.press('Tab');
    const text = String(await page.evaluate(focused));
    if (fits(text)) {
      expect(await page.evaluate(focusIsSeen), `the focus on "${text}" can be seen`).toBe(true);
      return;
    }
    passed.push(text);
  }
  throw new Error(`the tabulator does not lead to ${String(name)}; it leads to ${passed.join(' | ')}`);
}

describeInBrowser('the keyboard alone', (bed) => {
  it('makes an account, installs a connector, and calls a method', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const page = await bed.signedIn();
    const { keyboard } = page;
    await tabTo(page, 'Accounts');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await tabTo(page, 'New account');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => page.evaluate(focused)).toBe('Name');
    await keyboard.type('Typed Industries');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Typed Industries' }).waitFor();
    await tabTo(page, 'Install a connector');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Install in Typed Industries' }).waitFor();
    await tabTo(page, 'm3ter');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Install and test' }).waitFor();
    await tabTo(page, 'Access Key ID');
    await keyboard.type(accessKeyId);
    await tabTo(page, 'API Secret');
    await keyboard.type(apiSecret);
    await tabTo(page, 'Environment');
    await keyboard.type('sandbox');
    await tabTo(page, 'Organisation ID');
    await keyboard.type(organisationId);
    await keyboard.press('Enter');
    await page.getByText('The connection works', { exact: true }).waitFor();
    await tabTo(page, 'Call a method');
    await keyboard.press('Enter');
    await page.getByRole('searchbox', { name: 'Search methods' }).waitFor();
    await keyboard.press('/');
    await keyboard.type('list accounts');
    await page
      .getByRole('link', { name: /List Bills/ })
      .first()
      .waitFor({ state: 'detached' });
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'List Accounts' }).waitFor();
    await tabTo(page, 'Call and read');
    await keyboard.press('Enter');
    await page.getByRole('cell', { name: 'Sample Account' }).first().waitFor();
  });

  it('stays in a dialog, and comes back from it to where it was opened', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/access/users');
    await page.getByRole('row').first().waitFor();
    await tabTo(page, 'New service user');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    const isInside = "document.activeElement.closest('[role=dialog]') !== null";
    for (let count = 0; count < 12; count++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(isInside)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(focused)).toBe('New service user');
  });
});

/** Adds up what moves on the page without having been asked to (layout-shift.value, as web vitals do). */
const countShifts = `
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

describeInBrowser('every page while it loads', (bed) => {
  it.each([1280, 390])('keeps its layout at %i px', async (width) => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const { api, file } = bed.harness();
    const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
    const name = `Billing at ${width}`;
    const { row } = await api.runtime.install(file.account, 'm3ter', { name, values });
    const page = await bed.signedIn({ width });
    await page.addInitScript(countShifts);
    const shifts: Record<string, number> = {};
    for (const path of [
      ...['/', '/connectors/m3ter/setup', '/accounts', `/accounts/${file.account}`],
      ...[`/accounts/${file.account}/install/m3ter`, `/accounts/${file.account}/installations/${row.id}`],
      ...[
        `/workbench/${row.id}?account=${file.account}`,
        `/workbench/${row.id}/accounts.list?account=${file.account}`,
      ],
      ...['/log', '/access/users', '/access/policies', '/access/audit'],
    ]) {
      await page.goto(`/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      shifts[path] = Number(await page.evaluate('window.shifted'));
    }
    const moved = Object.entries(shifts).filter(([, shifted]) => shifted > 0.1);
    expect(moved, JSON.stringify(shifts)).toEqual([]);
  });
});
