import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectAccessible, screenshot } from './browser.ts';
import { makeVendorKey } from './vendor-key.ts';

/** Three installations, two of which take the credentials of the console. */
async function play(bed: Bed): Promise<void> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
  const { runtime } = bed.harness().api;
  await runtime.setupConsole('m3ter', { accessKeyId, apiSecret });
  const place = { organisationId, environment: 'sandbox' };
  for (const [id, name] of [
    ['acme', 'Acme Industries'],
    ['north', 'Northwind Traders'],
  ] as const) {
    await runtime.accounts.create({ id, name });
    await runtime.install(id, 'm3ter', { name: `Billing of ${id}`, values: place });
  }
  const own = { ...place, accessKeyId, apiSecret };
  await runtime.install('acme', 'm3ter', { name: 'With its own key', values: own });
}

const rotation = (page: Page) => page.getByRole('region', { name: 'Rotate the credentials' });
const dependents = (page: Page) => page.getByRole('region', { name: 'Installations that use this' });

async function fillKey(page: Page, id: string, secret: string): Promise<void> {
  await rotation(page).getByRole('textbox', { name: 'Access Key ID' }).fill(id);
  await rotation(page).getByRole('textbox', { name: 'API Secret' }).fill(secret);
}

describeInBrowser('the credentials that the console gives', (bed) => {
  beforeAll(() => play(bed));

  it('are rotated for all that use them: a key that fails changes nothing, one that works is swapped in', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Next robot');
    const page = await bed.signedIn();
    await page.goto('/console/connectors/m3ter/setup');
    await expect.poll(() => dependents(page).getByText('Active').count()).toBe(2);
    await page.getByRole('button', { name: 'Rotate credentials' }).click();
    await fillKey(page, key.accessKeyId, 'never-a-secret');
    await page.getByRole('button', { name: 'Test and swap' }).click();
    const alert = rotation(page).getByRole('alert');
    await alert.getByText('They do not work everywhere').waitFor();
    await alert.getByText('The new credentials fail on 2 installations.').waitFor();
    await alert.getByText(/^Billing of acme in Acme Industries: m3ter answered 401/).waitFor();
    await alert.getByText(/^Billing of north in Northwind Traders: m3ter answered 401/).waitFor();
    expect(await dependents(page).getByText('Active').count()).toBe(2);
    expect(await page.content()).not.toContain('never-a-secret');
    await expectAccessible(page);
    await screenshot(page, 'console-rotation-refused');

    await fillKey(page, key.accessKeyId, key.apiSecret);
    await page.getByRole('button', { name: 'Test and swap' }).click();
    await page.getByText('The new credentials are in use on 2 installations.').waitFor();
    await rotation(page)
      .getByText(/are the fallback until/)
      .waitFor();
    const form = page.getByRole('textbox', { name: 'Access Key ID' });
    await expect.poll(() => form.inputValue()).toBe(key.accessKeyId);
    expect(await page.content()).not.toContain(key.apiSecret);
    await expectAccessible(page);
    await screenshot(page, 'console-rotation-fallback');
    await page.getByRole('button', { name: 'Forget the old ones now' }).click();
    await rotation(page)
      .getByText(/are the fallback until/)
      .waitFor({ state: 'detached' });
  });

  it('are staged, tested on each installation, and discarded', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Staged robot');
    const page = await bed.signedIn();
    await page.goto('/console/connectors/m3ter/setup');
    await page.getByRole('button', { name: 'Rotate credentials' }).click();
    await page.getByRole('switch', { name: 'Only stage them' }).click();
    await fillKey(page, key.accessKeyId, key.apiSecret);
    await page.getByRole('button', { name: 'Stage', exact: true }).click();
    await page.getByText('Staged: Access Key ID and API Secret').waitFor();
    await page.getByRole('button', { name: 'Only test' }).click();
    await page.getByText('They work on all 2 installations.').waitFor();
    await page.getByRole('button', { name: 'Discard them' }).click();
    await page.getByRole('button', { name: 'Rotate credentials' }).waitFor();
  });

  it('are taken away and given again: the page names who stops and who begins to use them, and how they are', async () => {
    const { accessKeyId = '', apiSecret = '' } = bed.sandbox('m3ter');
    const page = await bed.signedIn();
    await page.goto('/console/connectors/m3ter/setup');
    await page.getByRole('button', { name: 'Remove API Secret' }).click();
    await page.getByRole('textbox', { name: 'Access Key ID' }).fill('');
    await page.getByRole('button', { name: 'Save Changes' }).click();
    const ended = dependents(page).getByRole('list', { name: 'Do not use it any more' });
    await ended
      .getByRole('listitem')
      .filter({ hasText: 'Billing of acme' })
      .getByText('Setup required')
      .waitFor();
    await ended.getByRole('listitem').filter({ hasText: 'in Northwind Traders' }).waitFor();
    expect(await dependents(page).getByText('With its own key').count()).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'console-values-removed');
    await page.getByRole('textbox', { name: 'Access Key ID' }).fill(accessKeyId);
    await page.getByRole('textbox', { name: 'API Secret' }).fill(apiSecret);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    const begun = dependents(page).getByRole('list', { name: 'Began to use it' });
    await begun.getByRole('listitem').filter({ hasText: 'Billing of acme' }).getByText('Active').waitFor();
    expect(await begun.getByRole('listitem').count()).toBe(2);
    expect(await ended.count()).toBe(0);
    await screenshot(page, 'console-values-given');
  });

  it('are not to be rotated by a service user who may only read', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await page.goto('/console/connectors/m3ter/setup');
    await dependents(page).getByText('Billing of acme').waitFor();
    await page.getByText('You can look, but not change').waitFor();
    expect(await page.getByRole('button', { name: /Rotate|Save|Replace|Remove/ }).count()).toBe(0);
  });
});
