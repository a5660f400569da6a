import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Bed, describeInBrowser, screenshot } from './browser.ts';
import { makeVendorKey } from './vendor-key.ts';

/** Installs with the harness's key in a new account, and opens the installation's page. */
async function openInstallation(bed: Bed, page: Page, account: string): Promise<string> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
  const { runtime } = bed.harness().api;
  await runtime.accounts.create({ id: account, name: `The company ${account}` });
  const { row } = await runtime.install(account, 'm3ter', {
    ...{ name: 'Billing', values: { accessKeyId, apiSecret, organisationId, environment: 'sandbox' } },
  });
  await page.goto(`/console/accounts/${account}/installations/${row.id}`);
  await page.getByText('The connection works', { exact: true }).waitFor();
  return row.id;
}

const fillKey = async (page: Page, id: string, secret: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Access Key ID' }).fill(id);
  await page.getByRole('textbox', { name: 'API Secret' }).fill(secret);
};

describeInBrowser('the page of an installation', (bed) => {
  it('rotates credentials: a wrong key changes nothing, a right one is swapped in, the old one is kept and forgotten', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Next robot');
    const page = await bed.signedIn();
    const id = await openInstallation(bed, page, 'rotating');
    await page.getByRole('button', { name: 'Rotate credentials' }).click();
    await fillKey(page, key.accessKeyId, 'not the secret');
    await page.getByRole('button', { name: 'Test and swap' }).click();
    await page.getByRole('alert').getByText('The key is not accepted').waitFor();
    await page.getByText('The connection works', { exact: true }).waitFor();
    await screenshot(page, 'rotation-refused');
    await fillKey(page, key.accessKeyId, key.apiSecret);
    await page.getByRole('button', { name: 'Test and swap' }).click();
    await page.getByText(/are the fallback until/).waitFor();
    await page.getByText('Next robot').first().waitFor();
    expect(page.url()).toContain(id);
    expect(await page.content()).not.toContain(key.apiSecret);
    await screenshot(page, 'rotation-fallback');
    await page.getByRole('button', { name: 'Forget the old ones now' }).click();
    await page.getByText(/are the fallback until/).waitFor({ state: 'detached' });
  });

  it('stages credentials, tests them beside those in use, and swaps or discards them', async () => {
    const key = await makeVendorKey(bed.sandbox('m3ter'), 'Staged robot');
    const page = await bed.signedIn();
    await openInstallation(bed, page, 'staging');
    const stage = async () => {
      await page.getByRole('button', { name: 'Rotate credentials' }).click();
      await page.getByRole('switch', { name: 'Only stage them' }).click();
      await fillKey(page, key.accessKeyId, key.apiSecret);
      await page.getByRole('button', { name: 'Stage', exact: true }).click();
      await page.getByText('Staged: Access Key ID and API Secret').waitFor();
    };
    await stage();
    await page.getByRole('button', { name: 'Only test' }).click();
    await page.getByText(/They work: Staged robot/).waitFor();
    await page.getByText(/Calls are made as Fishplate harness/).waitFor();
    await screenshot(page, 'rotation-staged');
    await page.getByRole('button', { name: 'Discard them' }).click();
    await stage();
    await page.getByRole('button', { name: 'Test and swap' }).click();
    await page.getByText(/Calls are made as Staged robot/).waitFor();
  });

  it('is de-authenticated by its typed name, and authenticated again under the same id', async () => {
    const { accessKeyId = '', apiSecret = '' } = bed.sandbox('m3ter');
    const page = await bed.signedIn();
    const id = await openInstallation(bed, page, 'returning');
    await page.getByRole('button', { name: 'De-authenticate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Something else');
    await dialog.getByRole('button', { name: 'De-authenticate' }).click();
    await dialog.getByText('That is not the name').waitFor();
    await dialog.getByRole('textbox').fill('Billing');
    await screenshot(page, 'de-authenticate-dialog');
    await dialog.getByRole('button', { name: 'De-authenticate' }).click();
    await page.getByText(/credentials of the account were forgotten/).waitFor();
    await screenshot(page, 'de-authenticated');
    await page.getByRole('button', { name: 'Re-authenticate' }).click();
    await fillKey(page, accessKeyId, 'wrong');
    await page.getByRole('button', { name: 'Re-authenticate' }).click();
    await page.getByRole('alert').getByText('The key is not accepted').waitFor();
    await fillKey(page, accessKeyId, apiSecret);
    await page.getByRole('button', { name: 'Re-authenticate' }).click();
    await page.getByText('The connection works', { exact: true }).waitFor();
    expect(page.url()).toContain(id);
    expect(await page.content()).not.toContain(apiSecret);
  });

  it('edits a setting, tests on demand, is renamed and deleted', async () => {
    const { organisationId = '' } = bed.sandbox('m3ter');
    const page = await bed.signedIn();
    await openInstallation(bed, page, 'editing');
    await page.getByRole('button', { name: 'Edit settings' }).click();
    const organisation = page.getByRole('textbox', { name: 'Organisation ID' });
    await organisation.fill('not allowed!');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText(/Must be letters, digits, hyphens/).waitFor();
    await organisation.fill('another-organisation');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByRole('alert').getByText('The key is of another organisation').waitFor();
    await screenshot(page, 'installation-edit-failed');
    await organisation.fill(organisationId);
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText('The connection works', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Tested: the connection works.').waitFor();
    await page.getByRole('table', { name: 'Latest calls' }).getByText('users.me').first().waitFor();

    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Billing of the south');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { level: 1, name: 'Billing of the south' }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Billing of the south');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nothing is installed yet').waitFor();
  });

  it('is seen and not changed by a service user who may only read', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await openInstallation(bed, page, 'looking');
    await page.getByText('You can look, but not change').waitFor();
    await page.getByRole('table', { name: 'Settings' }).getByText('Organisation ID').waitFor();
    for (const name of [
      'Edit settings',
      'Rotate credentials',
      'Test connection',
      'Create setup link',
      'Delete',
    ]) {
      const button = page.getByRole('button', { name, exact: true });
      expect(await button.getAttribute('aria-disabled'), name).toBe('true');
      await button.click({ force: true });
    }
    expect(await page.getByRole('dialog').count()).toBe(0);
    await screenshot(page, 'installation-read-only');
    await page.goto('/console/accounts/looking/install/m3ter');
    await page.getByText('You can look, but not change').waitFor();
    expect(await page.getByRole('button', { name: 'Install and test' }).count()).toBe(0);
    await page.goto('/console/accounts');
    const create = page.getByRole('button', { name: 'New account' });
    expect(await create.getAttribute('aria-disabled')).toBe('true');
  });
});
