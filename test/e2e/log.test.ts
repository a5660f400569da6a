import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectAccessible, expectLook, looks, screenshot } from './browser.ts';

const list = 'accounts.list';

interface Installed {
  readonly account: string;
  readonly id: string;
}

async function install(bed: Bed, account: string): Promise<Installed> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
  const { runtime } = bed.harness().api;
  await runtime.accounts.create({ id: account, name: `The company ${account}` });
  const { row } = await runtime.install(account, 'm3ter', {
    ...{ name: 'Billing', values: { accessKeyId, apiSecret, organisationId, environment: 'sandbox' } },
  });
  return { account, id: row.id };
}

const call = (bed: Bed, { account, id }: Installed, method = list, args = {}): Promise<unknown> =>
  bed
    .harness()
    .api.runtime.call(account, id, method, args)
    .catch(() => undefined);

/** The next requests to the list of accounts go wrong: docs/sandbox.md. */
async function fail(bed: Bed, fault: Readonly<Record<string, unknown>>): Promise<void> {
  const { apiUrl } = bed.sandbox('m3ter');
  const response = await fetch(`${apiUrl}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fault),
  });
  expect(response.ok).toBe(true);
}

const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('link') });

describeInBrowser('the call log', (bed) => {
  it('says what to do when nothing was called', async () => {
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Call log' }).click();
    await page.getByText('There are no calls yet').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'log-empty');
  });

  it('filters, keeps the filters in the address, and shows more', async () => {
    const first = await install(bed, 'first');
    const second = await install(bed, 'second');
    await call(bed, first);
    await call(bed, second);
    await call(bed, second, 'accounts.get', { id: 'not-there' });
    const page = await bed.signedIn();
    await page.goto('/console/log');
    await page.getByRole('link', { name: 'accounts.get' }).waitFor();
    await screenshot(page, 'log');
    const all = await rows(page).count();
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Went wrong' }).click();
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(page.url()).toContain('outcome=error');
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1);
    await screenshot(page, 'log-filtered');
    await page.getByRole('combobox', { name: 'Account' }).click();
    await page.getByRole('option', { name: 'The company first' }).click();
    await page.getByText('No call fits').waitFor();
    await screenshot(page, 'log-nothing-fits');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect.poll(() => rows(page).count()).toBe(all);
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByRole('combobox', { name: 'Method' }).fill('accounts.get');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByRole('combobox', { name: 'Time' }).click();
    await page.getByRole('option', { name: 'Last hour' }).click();
    await expect.poll(() => page.url()).toContain('range=1h');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.goto('/console/log?range=between&before=2020-01-01T00:00:00.000Z');
    await page.getByText('No call fits').waitFor();
    await screenshot(page, 'log-between');
    await page.goto('/console/log');
    for (let count = 0; count < 60; count++) await call(bed, first);
    await page.getByLabel('Keep up to date').check();
    await page.getByText('The newest 50 calls').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(63);
  });

  it('shows attempts and waits of a call, and what was sent and answered without a secret', async () => {
    const { apiSecret = '' } = bed.sandbox('m3ter');
    const place = await install(bed, 'tried');
    await fail(bed, {
      method: list,
      status: 429,
      times: 1,
      headers: { 'Retry-After': '1' },
    });
    await fail(bed, { method: list, status: 503, times: 1 });
    await call(bed, place);
    await fail(bed, {
      method: list,
      status: 400,
      times: 1,
      body: { message: 'no such field' },
    });
    await call(bed, place);
    const page = await bed.signedIn();
    await page.goto(`/console/log?account=tried&outcome=ok&method=${list}`);
    await rows(page).first().getByRole('link').click();
    await page.getByRole('heading', { name: list, level: 1 }).waitFor();
    const steps = page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await screenshot(page, 'call-attempts');
    await steps.filter({ hasText: 'Attempt 1' }).getByText('Answered 429').waitFor();
    await steps.filter({ hasText: 'Attempt 2' }).getByText('Answered 503').waitFor();
    await steps.filter({ hasText: 'Attempt 3' }).getByText('Answered 200').waitFor();
    await steps
      .filter({ hasText: 'Waited as asked' })
      .getByText('Retry-After of the answer before: 1.0 s')
      .waitFor();
    expect(await steps.filter({ hasText: 'Waited in line' }).count()).toBe(0);
    await page.getByText('Request and answer were not kept').waitFor();
    await page.getByText(/FISHPLATE_CALL_LOG_DETAIL/).waitFor();
    await screenshot(page, 'call-attempts');
    await page.goto('/console/log?account=tried&outcome=error');
    await rows(page).first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Request', exact: true }).waitFor();
    await page.getByText('no such field').first().waitFor();
    await page.getByText('header').first().click();
    await expectAccessible(page);
    await screenshot(page, 'call-failed');
    expect(await page.content()).not.toContain(apiSecret);
    const workbench = page.getByRole('link', { name: 'Open the method in the workbench' });
    expect(await workbench.getAttribute('href')).toBe(`/console/workbench/${place.id}/${list}?account=tried`);
    await page.getByRole('link', { name: 'Billing' }).click();
    await page.getByRole('heading', { name: 'Billing', level: 1 }).waitFor();
    await page.goto('/console/log/nonsense');
    await page.getByRole('alert').waitFor();
  });

  it('can be read by whoever may only read', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await page.getByRole('link', { name: 'Call log' }).click();
    await rows(page).first().getByRole('link').click();
    await page.getByText('About the call').waitFor();
  });
});

describeInBrowser('every page of the log', (bed) => {
  it.each(looks)('has nothing serious for axe in $scheme at $width px', async ({ scheme, width }) => {
    const look = `${scheme}-${width}`;
    const place = await install(bed, look);
    await fail(bed, { method: list, status: 500, times: 2 });
    await call(bed, place);
    await call(bed, place, 'accounts.get', { id: 'not-there' });
    const page = await bed.signedIn({ scheme, width });
    const check = (name: string) => expectLook(page, `${name}-${look}`);
    await page.goto('/console/log?connector=m3ter');
    await page.getByRole('link', { name: 'accounts.get' }).first().waitFor();
    await check('log');
    await page.getByRole('link', { name: 'accounts.get' }).first().click();
    await page.getByRole('heading', { name: 'Answer' }).waitFor();
    await check('call');
  });
});
