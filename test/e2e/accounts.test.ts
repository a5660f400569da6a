import { beforeAll, expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectLook, looks, overflowOf } from './browser.ts';
import { makeVendorKey } from './vendor-key.ts';

describeInBrowser('the accounts', (bed) => {
  it('refuses an account without a name and one with the id of another, and says when none fits or is known', async () => {
    const page = await bed.signedIn();
    await page.goto('/console/accounts');
    await page.getByRole('button', { name: 'New account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create account' }).click();
    await dialog.getByText('Fill this in').waitFor();
    await dialog.getByLabel('Name').fill('Another demo');
    await dialog.getByLabel('Id').fill('demo');
    await dialog.getByRole('button', { name: 'Create account' }).click();
    await dialog.getByText('Another account has this id').waitFor();
    await dialog.getByLabel('Id').fill('demo-2');
    await dialog.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Another demo' }).waitFor();
    await page.goto('/console/accounts/nobody');
    await page.getByText('There is no such account').waitFor();
    await page.goto('/console/accounts/demo/installations/nothing');
    await page.getByText('There is no such installation').waitFor();
  });

  it('are a choice for whoever installs from the library', async () => {
    const page = await bed.signedIn();
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    await page.getByRole('link', { name: 'Install in an account' }).click();
    await page.getByRole('link', { name: 'Demo Account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Install m3ter' }).waitFor();
    await page.getByText(/In Demo Account/).waitFor();
  });
});

/** One account with an installation in each state. */
async function playStates(bed: Bed): Promise<Readonly<Record<string, string>>> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
  const { runtime } = bed.harness().api;
  await runtime.accounts.create({ id: 'acme', name: 'Acme Industries' });
  await runtime.accounts.create({ id: 'northwind', name: 'Northwind Traders' });
  const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
  const install = async (name: string, given: Readonly<Record<string, string>>) =>
    (await runtime.install('acme', 'm3ter', { name, values: given })).row.id;
  const active = await install('Billing', values);
  const failing = await install('Billing of the north', { ...values, apiSecret: 'not the secret' });
  const waiting = await install('Billing of the south', { environment: 'sandbox' });
  const out = await install('Billing of the west', values);
  await runtime.deauthenticate('acme', out);
  await runtime.call('acme', active, 'accounts.list');
  await runtime.call('acme', active, 'accounts.get', { id: 'unknown' }).catch(() => undefined);
  const next = await makeVendorKey(bed.sandbox('m3ter'), 'Next robot');
  const { accessKeyId: nextId, apiSecret: nextSecret } = next;
  const target = { accountId: 'acme', installationId: active };
  await runtime.rotation.rotate(target, { accessKeyId: nextId, apiSecret: nextSecret });
  return { active, failing, waiting, out };
}

describeInBrowser('names as long as they may be', (bed) => {
  it('stay within the window, on every page that has them', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const { runtime } = bed.harness().api;
    const name = `Long-${'x'.repeat(190)}`;
    await runtime.accounts.create({ id: 'long', name });
    for (let index = 0; index < 6; index += 1) await runtime.accounts.create({ name: `Customer ${index}` });
    const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
    const { row } = await runtime.install('long', 'm3ter', { name, values });
    const page = await bed.signedIn({ width: 390 });
    for (const path of ['/accounts', '/accounts/long', `/accounts/long/installations/${row.id}`, '/log']) {
      await page.goto(`/console${path}`);
      await page.getByText(name).first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await overflowOf(page), path).toBe(0);
      const frames = `[...document.querySelectorAll('.table-frame, .installation-card')]
        .every((each) => each.scrollWidth <= each.clientWidth)`;
      expect(await page.evaluate(frames), `${path}: all of its tables and cards is seen`).toBe(true);
    }
    await page.goto('/console/accounts');
    const search = await page.getByRole('searchbox', { name: 'Search accounts' }).boundingBox();
    const first = await page.getByRole('row').nth(1).boundingBox();
    expect((first?.y ?? 0) - (search?.y ?? 0), 'the list begins right below the search').toBeLessThan(120);
  });
});

describeInBrowser('every page of accounts and installations', (bed) => {
  let ids: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    ids = await playStates(bed);
  });

  it.each(looks)(
    'from the list to an install: nothing serious for axe in $scheme at $width px',
    async ({ scheme, width }) => {
      const suffix = `${scheme}-${width}`;
      const page = await bed.signedIn({ scheme, width });
      await page.goto('/console/accounts');
      await page.getByText('Failing').waitFor();
      await expectLook(page, `accounts-${suffix}`);
      await page.getByRole('button', { name: 'New account' }).click();
      await page.getByRole('dialog').waitFor();
      await expectLook(page, `accounts-new-${suffix}`);
      await page.goto('/console/accounts/northwind');
      await page.getByText('Nothing is installed yet').waitFor();
      await expectLook(page, `account-empty-${suffix}`);
      await page.goto('/console/accounts/acme');
      await page.getByText('Last call').first().waitFor();
      await expectLook(page, `account-${suffix}`);
      await page.goto('/console/connectors/m3ter/install');
      await page.getByRole('link', { name: 'Northwind Traders' }).waitFor();
      await expectLook(page, `choose-account-${suffix}`);
      await page.goto('/console/accounts/northwind/install');
      await page.getByRole('main').getByRole('link', { name: 'm3ter' }).waitFor();
      await expectLook(page, `choose-connector-${suffix}`);
      await page.goto('/console/accounts/northwind/install/m3ter');
      await page.getByRole('button', { name: 'Paste what m3ter shows' }).click();
      await page.getByRole('button', { name: 'Install and test' }).click();
      await page.getByText('Fill this in').first().waitFor();
      await expectLook(page, `install-${suffix}`);
    },
  );

  it.each(looks)(
    'of one installation, and of its customer: the same in $scheme at $width px',
    async ({ scheme, width }) => {
      const suffix = `${scheme}-${width}`;
      const page = await bed.signedIn({ scheme, width });
      for (const [state, id] of Object.entries(ids)) {
        await page.goto(`/console/accounts/acme/installations/${id}`);
        await page.getByRole('button', { name: 'Create setup link' }).waitFor();
        await page.getByText('Latest calls').first().waitFor();
        if (state === 'active') {
          await page.getByText('are the fallback until').waitFor();
          await page.getByRole('button', { name: 'Rotate credentials' }).click();
          await page.getByRole('switch', { name: 'Only stage them' }).waitFor();
        }
        if (state === 'failing') await page.getByRole('button', { name: 'Edit settings' }).click();
        if (state === 'out') await page.getByRole('button', { name: 'Re-authenticate' }).click();
        await expectLook(page, `installation-${state}-${suffix}`);
      }
      await page.getByRole('button', { name: 'Create setup link' }).click();
      const url = (await page.getByTestId('setup-link').textContent()) ?? '';
      await expectLook(page, `setup-link-${suffix}`);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await expectLook(page, `installation-delete-${suffix}`);

      const customer = await bed.newPage({ scheme, width });
      await customer.goto(url);
      await customer.getByRole('heading', { name: 'Connect m3ter' }).waitFor();
      await expectLook(customer, `customer-${suffix}`);
      await customer.goto('/console/setup#fp_link_nonsense');
      await customer.getByRole('heading', { name: 'This link is not known here' }).waitFor();
      await expectLook(customer, `customer-unknown-${suffix}`);
      await customer.goto('/console/setup');
      await customer.getByRole('heading', { name: 'Open your setup link again' }).waitFor();
      await expectLook(customer, `customer-again-${suffix}`);
    },
  );
});
