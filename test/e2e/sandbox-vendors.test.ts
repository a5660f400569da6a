import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectLook, type PageOptions, screenshot } from './browser.ts';

const twoLooks: readonly Required<Pick<PageOptions, 'width' | 'scheme'>>[] = [
  { width: 1280, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

/** Creates a service user by the dialog, and leaves the popup of its key. */
async function create(page: Page, vendor: string, label: string, name: string) {
  await page.goto(`/console/sandbox/${vendor}`);
  await page.getByRole('button', { name: 'New service user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: label, exact: true }).fill(name);
  return dialog;
}

async function visit(bed: Bed, vendor: string, paths: readonly string[]) {
  for (const look of twoLooks) {
    const page = await bed.signedIn(look);
    for (const path of paths) {
      await page.goto(`/console/sandbox/${vendor}${path}`);
      await page.getByRole('note').first().waitFor();
      await page.waitForLoadState('networkidle');
      const shown = path.replace(/-users\/.*/, '-user').replaceAll('/', '-');
      await expectLook(page, `${vendor}${shown}-${look.width}-${look.scheme}`);
    }
  }
}

describeInBrowser('the screens of a vendor with rules of its own', (bed) => {
  it('ask what XMCO asks, call things as it does, and lock what cannot be changed later', async () => {
    const page = await bed.signedIn();
    const dialog = await create(page, 'xmco', 'First name', 'Camille');
    await dialog.getByLabel('This is a service or limited user account').waitFor();
    await dialog.getByRole('group', { name: 'Profiles' }).getByLabel('Regular user').check();
    await dialog.getByRole('group', { name: 'Subscriptions' }).getByLabel('Serenety').uncheck();
    await screenshot(page, 'xmco-new-service-user');
    await dialog.getByRole('button', { name: 'Create service user' }).click();
    await dialog.getByText('Access key generated').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Camille' }).waitFor();

    const details = page.getByRole('region', { name: 'Details' });
    expect(await details.getByLabel('This is a service or limited user account').isDisabled()).toBe(true);
    await details.getByRole('textbox', { name: 'First name' }).fill('Camille Robot');
    await details.getByRole('group', { name: 'Subscriptions' }).getByLabel('Serenety').check();
    await details.getByRole('group', { name: 'Perimeters of Yuno' }).getByLabel('Subsidiary').uncheck();
    await details.getByRole('button', { name: 'Save details' }).click();
    await page.getByRole('heading', { name: 'Camille Robot' }).waitFor();
    await page.reload();
    expect(await details.getByRole('checkbox', { name: 'Serenety' }).isChecked()).toBe(true);
    expect(
      await details.getByRole('group', { name: 'Perimeters of Yuno' }).getByLabel('Subsidiary').isChecked(),
    ).toBe(false);

    const key = page.getByRole('region', { name: 'API key' });
    await key.getByText('one key here: replace it for another').waitFor();
    expect(await key.getByRole('button', { name: /Mark|Generate/ }).count()).toBe(0);
    await key.getByRole('button', { name: /Reset this token/ }).click();
    await page.getByRole('dialog').getByText('Access key generated').waitFor();
    await page.keyboard.press('Escape');
    const user = new URL(page.url()).pathname.replace('/console/sandbox/xmco', '');

    await page.goto('/console/sandbox/xmco/faults');
    await page.getByLabel('Refuse with 200').check();
    await page.getByRole('button', { name: 'Save switches' }).click();
    await page.getByText('Saved the switches.').waitFor();
    const answer = await fetch(`${bed.sandbox('xmco').apiUrl}/user/current`);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { _status: 'ERR', _error: { code: 401 } },
    ]);
    await page.getByRole('button', { name: 'Clear everything' }).click();
    await page.getByText('XMCO behaves again.').waitFor();
    await visit(bed, 'xmco', ['', '/policies', user, '/faults']);
  });

  it('give keys of Precisely a name, and keep service users out of the owners', async () => {
    const page = await bed.signedIn();
    const dialog = await create(page, 'precisely', 'User name', 'Finance team');
    await dialog.getByRole('textbox', { name: 'Description' }).fill('Closes the books');
    const groups = dialog.getByRole('group', { name: 'User groups' });
    expect(await groups.getByLabel('Workspace Owner').isDisabled()).toBe(true);
    await groups.getByLabel('Catalog Viewer').check();
    await screenshot(page, 'precisely-new-service-user');
    await dialog.getByLabel('Generate API key at once').uncheck();
    await dialog.getByRole('button', { name: 'Create service user' }).click();
    await page.getByRole('heading', { name: 'Finance team' }).waitFor();

    const keys = page.getByRole('region', { name: 'API keys' });
    for (const name of ['Production', 'Spare']) {
      await keys.getByRole('button', { name: 'Generate API key' }).click();
      const asked = page.getByRole('dialog');
      await asked.getByRole('button', { name: 'Generate' }).click();
      await asked.getByText('Fill this in').waitFor();
      await asked.getByLabel('Name of the key').fill(name);
      await screenshot(page, 'precisely-name-of-key');
      await asked.getByRole('button', { name: 'Generate' }).click();
      await page.getByText('Access key generated').waitFor();
      await page.keyboard.press('Escape');
      await keys.getByText(name).waitFor();
    }
    await keys.getByText('2 keys at most here').waitFor();
    const [id = ''] = await keys.locator('.key-id .id').allTextContents();
    await keys.getByRole('button', { name: `Regenerate ${id}` }).click();
    await page.getByRole('dialog').getByText(id).first().waitFor();
    await page.keyboard.press('Escape');
    expect(await keys.locator('.key-id .id').allTextContents()).toContain(id);

    await page.getByRole('combobox', { name: 'Add a user group' }).click();
    const owner = page.getByRole('option', { name: 'Workspace Owner (not for service users)' });
    expect(await owner.getAttribute('data-combobox-disabled')).toBe('true');
    await page.keyboard.press('Escape');
    const user = new URL(page.url()).pathname.replace('/console/sandbox/precisely', '');
    await visit(bed, 'precisely', ['', '/policies', user]);
  });
});
