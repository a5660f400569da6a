import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectAccessible, looks, screenshot } from './browser.ts';

const nothingOverflows = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** An installation of the played vendor, and a way to call its methods, without the browser. */
async function install(bed: Bed) {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
  const { api, file } = bed.harness();
  const values = { organisationId, accessKeyId, apiSecret, environment: 'sandbox' };
  const { row } = await api.runtime.install(file.account, 'm3ter', {
    name: `Of ${crypto.randomUUID()}`,
    values,
  });
  return (method: string, args: Record<string, unknown> = {}) =>
    api.runtime.call(file.account, row.id, method, args, { deadlineMs: 5_000 });
}

const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'm3ter sandbox' }).getByRole('link', { name });

describeInBrowser('the sandbox of a vendor', (bed) => {
  it('tells who may not set connectors up why there is nothing to see', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await page.goto('/console/sandbox/m3ter');
    await page.getByRole('heading', { name: 'm3ter sandbox' }).waitFor();
    await page.getByText('You may not use the sandbox of m3ter').waitFor();
    await page.getByText(/does not allow connectors:setup/).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'sandbox-locked');
  });

  it('knows no other vendor than those that are played', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/nobody');
    await page.getByText('This vendor is not played here').waitFor();
    await page.goto('/console/sandbox/m3ter/service-users/nobody');
    await page.getByText('There is no such service user').waitFor();
  });

  it('makes a service user with a policy and a key, whose secret is shown once, in three forms', async () => {
    const page = await bed.signedIn();
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'm3ter' }).click();
    await page.getByRole('heading', { name: 'm3ter sandbox' }).waitFor();
    await page.getByText('Not the real m3ter.').waitFor();
    await page.getByRole('button', { name: 'New service user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create service user' }).click();
    await dialog.getByText('Fill this in').waitFor();
    await dialog.getByLabel('Name').fill('Nightly export');
    await screenshot(page, 'sandbox-new-service-user');
    await dialog.getByRole('button', { name: 'Create service user' }).click();
    await dialog.getByText('Access key generated').waitFor();
    const environment = (await dialog.locator('pre').textContent()) ?? '';
    const id = /M3TER_API_KEY=(\S+)/.exec(environment)?.[1] ?? '';
    const secret = /M3TER_API_SECRET=(\S+)/.exec(environment)?.[1] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    await expectAccessible(page);
    await screenshot(page, 'sandbox-key-environment');
    await dialog.getByText('JSON', { exact: true }).click();
    expect(JSON.parse((await dialog.locator('pre').textContent()) ?? '')).toMatchObject({
      ...{ accessKeyId: id, apiSecret: secret },
    });
    await screenshot(page, 'sandbox-key-json');
    await dialog.getByText('Values', { exact: true }).click();
    await dialog.getByText(secret).waitFor();
    await dialog.getByRole('button', { name: 'Copy API Secret' }).waitFor();
    await screenshot(page, 'sandbox-key-values');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Nightly export' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    const storage = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])',
    );
    expect(storage).not.toContain(secret);

    const policies = page.getByRole('region', { name: 'Permission policies' });
    await policies.getByText('every call of it is refused').waitFor();
    await policies.getByRole('combobox', { name: 'Add a policy' }).click();
    await page.getByRole('option', { name: 'Administrator' }).click();
    await policies.getByRole('button', { name: 'Add' }).click();
    await policies.getByRole('button', { name: 'Remove Administrator' }).waitFor();

    const keys = page.getByRole('region', { name: 'Access keys' });
    await keys.getByRole('button', { name: `Delete ${id}` }).click();
    await page.getByRole('alert').getByText(`${id} is ACTIVE: set it INACTIVE before deleting it`).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'sandbox-delete-active-key');
    await keys.getByRole('button', { name: `Mark INACTIVE ${id}` }).click();
    await keys.getByText('INACTIVE', { exact: true }).waitFor();
    await keys.getByRole('button', { name: `Mark ACTIVE ${id}` }).click();
    await keys.getByText('ACTIVE', { exact: true }).waitFor();
    await keys.getByRole('button', { name: `Mark INACTIVE ${id}` }).click();
    await keys.getByText('INACTIVE', { exact: true }).waitFor();
    await screenshot(page, 'sandbox-service-user');
    await keys.getByRole('button', { name: `Delete ${id}` }).click();
    await keys.getByText('It has no key yet').waitFor();
    // This vendor has no such thing; its rules say so.
    expect(await page.getByRole('button', { name: /Regenerate/ }).count()).toBe(0);

    await page.getByRole('button', { name: 'Delete service user' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Nightly export');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted the service user Nightly export.').waitFor();
    await page.getByRole('table', { name: 'Service users' }).waitFor();
    expect(await page.getByRole('link', { name: 'Nightly export' }).count()).toBe(0);
  });

  it('hands a new key on to the installation by the clipboard only', async () => {
    const page = await bed.signedIn();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/console/sandbox/m3ter');
    await page.getByRole('button', { name: 'New service user' }).click();
    await page.getByLabel('Name').fill('To be installed');
    await page.getByLabel('Administrator').check();
    await page.getByRole('button', { name: 'Create service user' }).click();
    await page.getByRole('button', { name: 'Copy and install it' }).click();
    await page.getByRole('heading', { name: 'Install m3ter' }).waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    const secret = /M3TER_API_SECRET=(\S+)/.exec(copied)?.[1] ?? '';
    expect(secret).not.toBe('');
    expect(page.url()).not.toContain(secret);
    expect(await page.content()).not.toContain(secret);
  });

  it('makes and deletes policies, but not those that somebody has or that the vendor manages', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/m3ter/policies');
    expect(await page.getByRole('button', { name: 'Delete Administrator' }).count()).toBe(0);
    await page.getByRole('button', { name: 'New policy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Accounts only');
    await dialog.getByLabel('Of these methods').fill('accounts.*\nproducts.list');
    await dialog.getByLabel('But never these').fill('accounts.delete');
    await screenshot(page, 'sandbox-new-policy');
    await dialog.getByRole('button', { name: 'Create policy' }).click();
    await page.getByText('Allows accounts.* and products.list').waitFor();
    await page.getByText('Denies accounts.delete').waitFor();
    await screenshot(page, 'sandbox-policies-own');

    await tab(page, 'Service users').click();
    await page.getByRole('button', { name: 'New service user' }).click();
    await page.getByLabel('Name').fill('Holder');
    await page.getByLabel('Accounts only').check();
    await page.getByLabel('Generate access key at once').uncheck();
    await page.getByRole('button', { name: 'Create service user' }).click();
    await page.getByRole('heading', { name: 'Holder' }).waitFor();
    await page.getByRole('link', { name: 'm3ter sandbox' }).click();
    await tab(page, 'Permission policies').click();
    await page.getByRole('button', { name: 'Delete Accounts only' }).click();
    await page.getByRole('alert').getByText('still has the permission policy').waitFor();
    await tab(page, 'Service users').click();
    await page.getByRole('link', { name: 'Holder' }).click();
    await page.getByRole('button', { name: 'Remove Accounts only' }).click();
    await page.getByText('Took Accounts only from Holder').waitFor();
    await page.goto('/console/sandbox/m3ter/policies');
    await page.getByRole('button', { name: 'Delete Accounts only' }).click();
    await page.getByText('Deleted the policy Accounts only.').waitFor();
  });

  it('makes calls fail on demand, says so on every page, and takes it back', async () => {
    const call = await install(bed);
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/m3ter/faults');
    await page.getByText('every request is answered as the vendor would').waitFor();
    await page.getByLabel('Status').fill('99');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('A whole number from 200 to 599').waitFor();
    await page.getByLabel('Status').fill('503');
    await page.getByRole('combobox', { name: 'Method' }).fill('accounts.list');
    await page.getByRole('option', { name: 'accounts.list', exact: true }).click();
    await page.getByLabel('How often').fill('');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Until taken away').waitFor();
    await expect(call('accounts.list')).rejects.toMatchObject({ vendor: { status: 503 } });
    await page.getByRole('link', { name: 'm3ter: 1 fault on' }).waitFor();
    await screenshot(page, 'sandbox-fault-on');
    await page.getByRole('link', { name: 'Application Connector Library' }).click();
    await page.getByRole('heading', { name: 'Application Connector Library' }).waitFor();
    await page.getByRole('link', { name: 'm3ter: 1 fault on' }).click();
    await page.getByRole('button', { name: 'Take away: Answers 503' }).click();
    await page.getByText('every request is answered as the vendor would').waitFor();
    await call('accounts.list');

    await tab(page, 'Requests').click();
    await page
      .getByRole('row')
      .filter({ hasText: 'accounts.list' })
      .filter({ hasText: '503' })
      .first()
      .waitFor();
    await page.getByText('Fault', { exact: true }).first().waitFor();
    await page.getByRole('combobox', { name: 'Method' }).click();
    await page.getByRole('option', { name: 'Token requests' }).click();
    await page.getByRole('cell', { name: 'accounts.list' }).first().waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'Token request' }).first().waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('Nothing of this method has arrived').waitFor();
  });

  it('sets clock, tokens and limits, and takes them back with everything else', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/m3ter/faults');
    await page.getByLabel('Token lifetime, seconds').fill('soon');
    await page.getByRole('button', { name: 'Save switches' }).click();
    await page.getByText('A whole number of seconds, from 1').waitFor();
    await page.getByLabel('Token lifetime, seconds').fill('30');
    await page.getByLabel('Clock skew, seconds').fill('-5');
    await page.getByLabel("Enforce the vendor's limits").check();
    await page.getByLabel('Say in Retry-After').uncheck();
    await page.getByRole('button', { name: 'Save switches' }).click();
    await page.getByRole('link', { name: 'm3ter: 3 switches on' }).waitFor();
    await page.reload();
    await page.getByLabel('Token lifetime, seconds').waitFor();
    expect(await page.getByLabel('Token lifetime, seconds').inputValue()).toBe('30');
    expect(await page.getByLabel('Say in Retry-After').isChecked()).toBe(false);
    await screenshot(page, 'sandbox-switches');
    await page.getByRole('button', { name: 'Clear everything' }).click();
    await page.getByText('every request is answered as the vendor would').waitFor();
    expect(await page.getByLabel('Token lifetime, seconds').inputValue()).toBe('');
  });

  it('shows what calls have stored, by collection, searched in every field', async () => {
    const call = await install(bed);
    await call('accounts.create', {
      body: { name: 'Acme Browsing', code: 'acme-browsing', emailAddress: 'a@example.com' },
    });
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/m3ter/data');
    await page.getByRole('link', { name: 'accounts', exact: true }).click();
    await page.getByRole('heading', { name: 'accounts' }).waitFor();
    await page.getByRole('cell', { name: 'Acme Browsing' }).waitFor();
    await page.getByLabel('Search entities').fill('ACME-BROWSING');
    await page.getByRole('status').getByText('1 entity').waitFor();
    await page.getByRole('table').getByRole('button').first().click();
    await page.getByRole('dialog').getByText('"acme-browsing"').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'sandbox-entity');
    await page.keyboard.press('Escape');
    await page.getByLabel('Search entities').fill('nothing has this');
    await page.getByText('Nothing fits').waitFor();
    await page.getByRole('combobox', { name: 'Organisation' }).click();
    await page.getByRole('option', { name: /Somebody Else/ }).click();
    await page.getByRole('cell', { name: 'Sample Account' }).waitFor();
    await expect.poll(() => page.getByRole('cell', { name: 'Acme Browsing' }).count()).toBe(0);
  });
});

describeInBrowser('every screen of a sandbox', (bed) => {
  it.each(looks)('has nothing serious for axe in $scheme at $width px', async ({ scheme, width }) => {
    const call = await install(bed);
    await call('accounts.list');
    const ask = bed.harness().file.sandbox.m3ter?.apiUrl ?? '';
    const fault = { status: 429, method: 'products.list', headers: { 'Retry-After': '2' }, times: 2 };
    await fetch(`${ask}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const page = await bed.signedIn({ scheme, width });
    const screens = [
      { name: 'service-users', path: '', seen: page.getByRole('table', { name: 'Service users' }) },
      { name: 'policies', path: '/policies', seen: page.getByRole('table', { name: 'Permission policies' }) },
      { name: 'data', path: '/data', seen: page.getByRole('link', { name: 'accounts', exact: true }) },
      { name: 'entities', path: '/data/bills', seen: page.getByRole('table') },
      { name: 'requests', path: '/requests', seen: page.getByRole('table', { name: 'Requests' }) },
      { name: 'faults', path: '/faults', seen: page.getByText('2 more times') },
    ];
    for (const { name, path, seen } of screens) {
      await page.goto(`/console/sandbox/m3ter${path}`);
      await seen.first().waitFor();
      await expectAccessible(page);
      await screenshot(page, `sandbox-${name}-${scheme}-${width}`);
      expect(await page.evaluate(nothingOverflows), name).toBe(0);
    }
    await page.goto('/console/sandbox/m3ter');
    await page.getByRole('table', { name: 'Service users' }).getByRole('link').first().click();
    await page.getByRole('region', { name: 'Access keys' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, `sandbox-user-${scheme}-${width}`);
    expect(await page.evaluate(nothingOverflows)).toBe(0);
    await page.getByRole('button', { name: 'Generate access key' }).click();
    await page.getByText('Access key generated').waitFor();
    await expectAccessible(page);
    await screenshot(page, `sandbox-key-${scheme}-${width}`);
    await fetch(`${ask}/_sandbox/faults`, { method: 'DELETE' });
  });
});
