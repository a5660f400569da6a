import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { type Bed, describeInBrowser, screenshot, signInPath } from './browser.ts';
import { failOnce, makeVendorKey } from './vendor-key.ts';

const testButton = (page: Page) => page.getByRole('button', { name: 'Install and test' });
const secretIn = (page: Page) => page.getByRole('textbox', { name: 'API Secret' });

/** Creates an account by its screen, so that each test has its own. */
async function newAccount(page: Page, name: string): Promise<void> {
  await page.goto('/console/accounts');
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function startInstall(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Install a connector' }).click();
  await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
  await testButton(page).waitFor();
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByRole('textbox', { name: label }).or(page.getByRole('combobox', { name: label }));
    await field.fill(value);
    // Closes the suggestions.
    await field.press('Tab');
  }
}

describeInBrowser('from a fresh start to an active connector', (bed) => {
  it('console setup first, then an account that is asked for environment and organisation only', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const page = await bed.newPage();
    await page.goto(await signInPath(bed.harness()));
    await page.getByRole('searchbox', { name: 'Search connectors' }).fill('m3ter');
    await page.getByRole('listitem').filter({ hasText: 'm3ter' }).getByText('Setup Required').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    await page.getByLabel('Access Key ID').fill(accessKeyId);
    await secretIn(page).fill(apiSecret);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.getByText('the console setup is ready').waitFor();

    await page.getByRole('link', { name: 'Accounts' }).first().click();
    await newAccount(page, 'Acme');
    await page.getByText('Nothing is installed yet').waitFor();
    await startInstall(page);
    await page.getByText('The console gives Access Key ID and API Secret').waitFor();
    expect(await secretIn(page).count()).toBe(0);
    await testButton(page).click();
    await page.getByText('Fill this in').waitFor();
    await fill(page, { Environment: 'sandbox', 'Organisation ID': organisationId });
    await screenshot(page, 'install-console-given');
    await testButton(page).click();
    await page.getByText('The connection works', { exact: true }).waitFor();
    await page.getByText('Fishplate harness').first().waitFor();
    const settings = page.getByRole('table', { name: 'Settings' });
    await settings.getByRole('row', { name: /Organisation ID.*Account/ }).waitFor();
    await settings.getByRole('row', { name: /API Secret.*Console/ }).waitFor();
    await settings.getByRole('row', { name: /Array style.*Default/ }).waitFor();
    expect(await page.content()).not.toContain(apiSecret);

    await page.getByRole('link', { name: 'Accounts' }).first().click();
    const row = page.getByRole('row', { name: /Acme/ });
    await row.getByText('Active').waitFor();
    await row.getByRole('link', { name: 'Acme' }).click();
    await page.getByRole('listitem').filter({ hasText: 'm3ter' }).getByText('Active').waitFor();
  });
});

describeInBrowser('an installation with credentials of its own', (bed: Bed) => {
  let page: Page;
  beforeEach(async () => {
    page = await bed.signedIn();
  });

  it('takes what the vendor shows for copying, and keeps the secret in its field only', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Pasted');
    await newAccount(page, 'Pasting');
    await startInstall(page);
    await page.getByRole('button', { name: 'Paste what m3ter shows' }).click();
    await page.getByLabel('Text to read').fill('nothing of use');
    await page.getByRole('button', { name: 'Fill the form' }).click();
    await page.getByText('That names no field of m3ter').waitFor();
    await page.getByLabel('Text to read').fill(key.environment);
    await page.getByRole('button', { name: 'Fill the form' }).click();
    await page.getByText(/Filled in Access Key ID, API Secret/).waitFor();
    expect(await page.getByLabel('Text to read').inputValue()).toBe('');
    expect(await secretIn(page).inputValue()).toBe(key.apiSecret);
    await fill(page, { Environment: 'sandbox' });
    await screenshot(page, 'install-pasted');
    await testButton(page).click();
    await page.getByText('Pasted').first().waitFor();
    await page.getByText('The connection works', { exact: true }).waitFor();
    expect(await page.content()).not.toContain(key.apiSecret);
    expect(page.url()).not.toContain(key.accessKeyId);
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      key.apiSecret,
    );
  });

  it('tells a bad key, a wrong organisation and a wrong environment apart, and is mended in place', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    await newAccount(page, 'Mending');
    await startInstall(page);
    await fill(page, {
      ...{ 'Access Key ID': accessKeyId, 'API Secret': 'not the secret' },
      ...{ Environment: 'sandbox', 'Organisation ID': organisationId },
    });
    await testButton(page).click();
    const again = page.getByRole('button', { name: 'Save and test again' });
    await page.getByRole('alert').getByText('The key is not accepted').waitFor();
    expect(await page.content()).not.toContain('not the secret');
    await screenshot(page, 'install-bad-key');

    await page.getByRole('button', { name: 'Replace API Secret' }).click();
    await secretIn(page).fill(apiSecret);
    await fill(page, { 'Organisation ID': 'another-organisation' });
    await again.click();
    await page.getByRole('alert').getByText('The key is of another organisation').waitFor();
    const field = page.getByRole('textbox', { name: 'Organisation ID' });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await screenshot(page, 'install-wrong-organisation');

    // As an address does that is not the vendor's.
    await failOnce(bed.sandbox('m3ter'), { method: 'token', status: 404 });
    await fill(page, { 'Organisation ID': organisationId });
    await again.click();
    await page.getByRole('alert').getByText('The environment is not the right one').waitFor();
    const place = page.getByRole('combobox', { name: 'Environment' });
    expect(await place.getAttribute('aria-invalid')).toBe('true');
    await screenshot(page, 'install-wrong-environment');

    await again.click();
    await page.getByText('The connection works', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Mending' }).click();
    const list = page.getByRole('list', { name: 'Installations' });
    await list.getByText('Active').waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
  });

  it('is installed without setup, a second time beside the first, each with its name', async () => {
    await newAccount(page, 'Later');
    await startInstall(page);
    await page.getByRole('button', { name: 'Install without setup' }).click();
    await page.getByText('Its setup is required').waitFor();
    await page.getByRole('button', { name: 'Save and test' }).waitFor();
    await page.getByRole('link', { name: 'Later' }).click();
    await startInstall(page);
    expect(await page.getByLabel('Name').inputValue()).toBe('m3ter 2');
    await page.getByLabel('Name').fill('Billing of the north');
    await page.getByRole('button', { name: 'Install without setup' }).click();
    await page.getByRole('heading', { level: 1, name: 'Billing of the north' }).waitFor();
  });
});
