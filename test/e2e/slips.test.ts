import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser, everythingOf, isFocusLost } from './browser.ts';

/** The requests that change something and whose path ends so. */
function countSent(page: Page, ending: string): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.method() !== 'GET' && new URL(request.url()).pathname.endsWith(ending)) count += 1;
  });
  return () => count;
}

/** Holds the answers of these requests back until it is called. */
async function hold(page: Page, path: string): Promise<() => void> {
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(path, async (route) => {
    const response = await route.fetch();
    await held;
    // The page may have gone away from it meanwhile.
    await route.fulfill({ response }).catch(() => undefined);
  });
  return goOn;
}

describeInBrowser('a slip of the hand', (bed) => {
  let installation = '';
  const at = () => `/console/accounts/demo/installations/${installation}`;
  const method = (key: string, body: object) =>
    `/console/workbench/${installation}/${key}?account=demo#Body=${encodeURIComponent(JSON.stringify(body))}`;
  const customer = { name: 'Slow', code: 'SLOW', emailAddress: 's@acme.example' };

  beforeAll(async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
    const { row } = await bed.harness().api.runtime.install('demo', 'm3ter', { name: 'Billing', values });
    installation = row.id;
  });

  it('that clicks twice does it once: an installation, a key, a setup link', async () => {
    const page = await bed.signedIn();
    const installed = countSent(page, '/install');
    await page.goto('/console/accounts/demo/install/precisely');
    await page.getByRole('button', { name: 'Install without setup' }).dblclick();
    await page.getByText('Its setup is required').waitFor();
    expect(installed()).toBe(1);
    const linked = countSent(page, '/setup-links');
    await page.goto(at());
    await page.getByRole('button', { name: 'Create setup link' }).dblclick();
    await page.getByTestId('setup-link').waitFor();
    expect(linked()).toBe(1);
    const made = countSent(page, '/access-keys');
    await page.goto('/console/access/users');
    await page.getByRole('link', { name: 'Harness' }).click();
    await page.getByRole('button', { name: 'Create access key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Once');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).dblclick();
    await page.getByText('Copy it now').waitFor();
    expect(made()).toBe(1);
  });

  it('that clicks twice on a call neither makes it twice nor stops it', async () => {
    const page = await bed.signedIn();
    const goOn = await hold(page, '**/methods/accounts.create');
    const called = countSent(page, '/methods/accounts.create');
    await page.goto(method('accounts.create', customer));
    await page.getByRole('button', { name: 'Call and change' }).dblclick();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    goOn();
    await page.getByRole('region', { name: 'Answer' }).getByText('"SLOW"', { exact: true }).waitFor();
    expect(called()).toBe(1);
  });

  it('that leads away from a call that changes something finds it under way on coming back, and its answer', async () => {
    const page = await bed.signedIn();
    const goOn = await hold(page, '**/methods/accounts.create');
    await page.goto(method('accounts.create', { ...customer, code: 'AWAY' }));
    await page.getByRole('button', { name: 'Call and change' }).click();
    await page.getByRole('searchbox', { name: 'Search methods' }).fill('list accounts');
    await page.getByRole('link', { name: 'List Accounts' }).click();
    await page.getByRole('heading', { level: 1, name: 'List Accounts' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await page.getByRole('button', { name: 'Call and change' }).count()).toBe(0);
    goOn();
    await page.getByRole('region', { name: 'Answer' }).getByText('"AWAY"', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Call and change' }).waitFor();
  });

  it('on Escape does not lose the key that is on its way from the sandbox', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/sandbox/m3ter');
    await page.getByRole('button', { name: 'New service user' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Sam');
    const goOn = await hold(page, '**/v1.0/sandboxes/m3ter');
    await page.getByRole('dialog').getByRole('button', { name: 'Create service user' }).click();
    await page.keyboard.press('Escape');
    goOn();
    await page.getByText('Access key generated').waitFor();
  });
});

describeInBrowser('the focus', (bed) => {
  it('stays with a button that is at work, and near one that did its work', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
    const { row } = await bed.harness().api.runtime.install('demo', 'm3ter', { name: 'Billing', values });
    const page = await bed.signedIn();
    const press = async (name: string | RegExp) => {
      await page.getByRole('button', { name }).first().focus();
      await page.keyboard.press('Enter');
    };
    const staysOn = (name: string) =>
      expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe(name);
    const isKept = () => expect.poll(() => isFocusLost(page)).toBe(false);
    await page.goto(`/console/accounts/demo/installations/${row.id}`);
    await press('Test connection');
    await page.getByText('Tested now').waitFor();
    await staysOn('Test connection');
    await press('Create setup link');
    await page.getByTestId('setup-link').waitFor();
    await staysOn('Create setup link');
    await press('Rotate credentials');
    await isKept();
    await page.goto(`/console/workbench/${row.id}/accounts.list?account=demo`);
    await press('Call and read');
    await page.getByRole('cell', { name: 'Sample Account' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('call-bar');
    await page.goto('/console/connectors/m3ter/setup');
    await page.getByLabel('Access Key ID').fill(accessKeyId);
    await page.getByRole('textbox', { name: 'API Secret' }).fill(apiSecret);
    await press('Save Changes');
    await page.getByText('the console setup is ready').waitFor();
    await staysOn('Save Changes');
    await press('Remove API Secret');
    await isKept();
    await page.keyboard.press('Tab');
    await staysOn('Where to find it (opens a new tab)');
    await page.keyboard.press('Tab');
    await staysOn('Undo');
  });
});

describeInBrowser('a console that is left alone', (bed) => {
  it('says so when the API is gone: of a call, and of a page that it cannot load', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
    const { row } = await bed.harness().api.runtime.install('demo', 'm3ter', { name: 'Billing', values });
    const page = await bed.signedIn();
    await page.goto(`/console/workbench/${row.id}/accounts.list?account=demo`);
    await page.getByRole('button', { name: 'Call and read' }).waitFor();
    await page.route('**/*', (route) => route.abort());
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('alert').getByText('The API does not answer').waitFor();
    expect(await page.getByText('This is the last page').count()).toBe(0);
    await page.getByRole('link', { name: 'Service users' }).click();
    await page.getByText('This page could not be loaded').waitFor();
    await page.unroute('**/*');
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Service users' }).waitFor();
  });

  it('says so when the session has ended, keeps no secret that was typed, and leads back', async () => {
    const { clientId, clientSecret } = bed.harness().file;
    const page = await bed.signedIn();
    await page.goto('/console/accounts/demo/install/xmco');
    await page.getByRole('textbox', { name: 'API key' }).fill('hush-hush-key');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Install and test' }).click();
    await page.getByText('You were signed out').waitFor();
    expect(await everythingOf(page)).not.toContain('hush-hush-key');
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill(clientSecret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Install XMCO' }).waitFor();
    expect(await everythingOf(page)).not.toContain('hush-hush-key');
  });
});
