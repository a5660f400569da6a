import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectAccessible, screenshot } from './browser.ts';
import { makeVendorKey } from './vendor-key.ts';

/** Installs without setup in a new account, and opens the installation's page. */
async function openInstallation(bed: Bed, page: Page, account: string): Promise<string> {
  const { runtime } = bed.harness().api;
  await runtime.accounts.create({ id: account, name: `The company ${account}` });
  const { row } = await runtime.install(account, 'm3ter', { name: 'Billing' });
  const path = `/console/accounts/${account}/installations/${row.id}`;
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
  return path;
}

async function makeLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Create setup link' }).click();
  const shown = page.getByTestId('setup-link');
  await shown.waitFor();
  return (await shown.textContent()) ?? '';
}

async function fillEnvironment(page: Page): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Environment' });
  await field.fill('sandbox');
  await field.press('Tab');
}

describeInBrowser('a setup link', (bed) => {
  it('is made with a lifetime, shown once, listed, and revoked', async () => {
    const page = await bed.signedIn();
    await openInstallation(bed, page, 'links');
    await page.getByRole('combobox', { name: 'Good for' }).click();
    await page.getByRole('option', { name: '7 days' }).click();
    const url = await makeLink(page);
    expect(url).toMatch(/\/console\/setup#fp_link_/);
    await screenshot(page, 'setup-link-fresh');
    const links = page.getByRole('table', { name: 'Setup links' });
    await links.getByText('Open').waitFor();
    await page.reload();
    await links.getByText('Open').waitFor();
    expect(await page.content()).not.toContain('fp_link_');
    await links.getByRole('button', { name: 'Revoke' }).click();
    await links.waitFor({ state: 'detached' });
    const stranger = await bed.newPage();
    await stranger.goto(url);
    await stranger.getByRole('heading', { name: 'This link is not known here' }).waitFor();
  });

  it('opens without cookies, survives being fetched, tells a wrong key, is mended by a right one, and works once', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Robot of the customer');
    const owner = await bed.signedIn();
    const path = await openInstallation(bed, owner, 'customer');
    const url = await makeLink(owner);
    // What scanners of mail do.
    expect((await fetch(url)).status).toBe(200);

    const customer = await bed.newPage();
    await customer.goto(url);
    await customer.getByRole('heading', { name: 'Connect m3ter' }).waitFor();
    expect(customer.url()).not.toContain('fp_link_');
    expect(await customer.context().cookies()).toEqual([]);
    await customer.getByRole('button', { name: 'Paste what m3ter shows' }).click();
    await customer.getByLabel('Text to read').fill(key.json);
    await customer.getByRole('button', { name: 'Fill the form' }).click();
    await fillEnvironment(customer);
    await customer.getByRole('textbox', { name: 'API Secret' }).fill('not the secret');
    await customer.getByRole('button', { name: 'Test and finish' }).click();
    await customer.getByRole('alert').getByText('The key is not accepted').waitFor();
    await screenshot(customer, 'customer-wrong-key');

    await customer.getByRole('button', { name: 'Replace API Secret' }).click();
    await customer.getByRole('textbox', { name: 'API Secret' }).fill(key.apiSecret);
    await customer.getByRole('button', { name: 'Test and finish' }).click();
    await customer.getByRole('heading', { name: 'm3ter is connected' }).waitFor();
    await customer.getByText('Robot of the customer').waitFor();
    expect(await customer.content()).not.toContain(key.apiSecret);
    expect(await customer.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      'fp_link_',
    );
    await screenshot(customer, 'customer-done');

    await customer.reload();
    await customer.getByRole('heading', { name: 'Open your setup link again' }).waitFor();
    const later = await bed.newPage();
    await later.goto(url);
    await later.getByRole('heading', { name: 'This link was used already' }).waitFor();
    await owner.goto(path);
    await owner.getByText('The connection works', { exact: true }).waitFor();
    await owner.getByRole('table', { name: 'Setup links' }).getByText('Used', { exact: true }).waitFor();
  });

  it('that nobody opened in time says so, and the owner sees that it did not work', async () => {
    const owner = await bed.signedIn();
    const path = await openInstallation(bed, owner, 'late');
    const url = await makeLink(owner);
    const { store } = bed.harness().api.runtime;
    const links = await store.list('link', { where: { kind: 'setup', accountId: 'late' } });
    await store.write(
      links.map(({ id }) => ({ op: 'update', table: 'link', id, set: { expiresAt: Date.now() - 1_000 } })),
    );
    const customer = await bed.newPage();
    await customer.goto(url);
    await customer.getByRole('heading', { name: 'The time of this link is over' }).waitFor();
    await expectAccessible(customer);
    await screenshot(customer, 'customer-expired');
    await owner.goto(path);
    await owner.getByRole('table', { name: 'Setup links' }).getByText('Expired', { exact: true }).waitFor();
    await owner.getByText('Its setup is required').waitFor();
  });

  it('is not used up by whoever only looks: scanners that fetch it, and people who open it and leave', async () => {
    const owner = await bed.signedIn();
    await openInstallation(bed, owner, 'scanned');
    const url = await makeLink(owner);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(url, { method })).status).toBe(200);
    for (let count = 0; count < 2; count++) {
      const visitor = await bed.newPage();
      await visitor.goto(url);
      await visitor.getByRole('heading', { name: 'Connect m3ter' }).waitFor();
      await visitor.close();
    }
    await owner.reload();
    await owner.getByRole('table', { name: 'Setup links' }).getByText('Open', { exact: true }).waitFor();
  });

  it('that is a wrong one says so, and a page without one says what to do', async () => {
    const page = await bed.newPage();
    await page.goto('/console/setup#fp_link_nonsense');
    await page.getByRole('heading', { name: 'This link is not known here' }).waitFor();
    expect(page.url()).not.toContain('fp_link_');
    await page.goto('/console/setup');
    await page.getByRole('heading', { name: 'Open your setup link again' }).waitFor();
  });
});
