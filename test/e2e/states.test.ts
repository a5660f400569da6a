import { beforeAll, it } from 'vitest';
import { LOCAL_ACTOR } from '../../src/access/audit.ts';
import { type Bed, describeInBrowser, expectLook, looks } from './browser.ts';

interface Played {
  readonly account: string;
  readonly id: string;
  /** Paths of setup links. */
  readonly links: Readonly<Record<'used' | 'late', string>>;
}

/** An installation with the console's credentials, and setup links that lead no further. */
async function play({ harness, sandbox }: Bed): Promise<Played> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = sandbox('m3ter');
  const { api, file } = harness();
  await api.runtime.setupConsole('m3ter', { accessKeyId, apiSecret });
  const values = { organisationId, environment: 'sandbox' };
  const { row } = await api.runtime.install(file.account, 'm3ter', { name: 'Billing', values });
  const linkWith = async (set: Readonly<Record<string, number>>): Promise<string> => {
    const { token, link } = await api.access.links.create(LOCAL_ACTOR, {
      ...{ kind: 'setup', accountId: file.account, target: { installationId: row.id }, lifetimeMs: 60_000 },
    });
    await api.runtime.store.write([{ op: 'update', table: 'link', id: link.id, set }]);
    return `/console/setup#${token}`;
  };
  const links = {
    used: await linkWith({ usedAt: Date.now() }),
    late: await linkWith({ expiresAt: Date.now() - 1_000 }),
  };
  return { account: file.account, id: row.id, links };
}

describeInBrowser('what pages come to besides their first look', (bed) => {
  let played: Played;
  beforeAll(async () => {
    played = await play(bed);
  });

  it.each(looks)(
    'has nothing serious for axe in $scheme at $width px: setup, dialogs, what is not there',
    async ({ scheme, width }) => {
      const suffix = `${scheme}-${width}`;
      const page = await bed.signedIn({ scheme, width });
      await page.goto('/console/nowhere');
      await page.getByText('There is no such page').waitFor();
      await expectLook(page, `not-found-${suffix}`);
      await page.goto('/console/connectors/none/setup');
      await page.getByText('There is no such connector').waitFor();
      await expectLook(page, `unknown-connector-${suffix}`);
      await page.goto('/console/connectors/m3ter/setup');
      await page.getByRole('button', { name: 'Rotate credentials' }).click();
      await page.getByRole('switch', { name: 'Only stage them' }).waitFor();
      await expectLook(page, `setup-rotating-${suffix}`);
      await page.goto('/console/connectors/precisely/setup');
      await page.getByRole('button', { name: 'Save Changes' }).waitFor();
      await expectLook(page, `setup-precisely-${suffix}`);
      await page.goto(`/console/accounts/${played.account}/install/precisely`);
      await page.getByRole('radio').first().waitFor();
      await expectLook(page, `install-several-ways-${suffix}`);
      await page.goto(`/console/accounts/${played.account}/installations/${played.id}`);
      await page.getByText('The connection works', { exact: true }).waitFor();
      await expectLook(page, `installation-of-console-${suffix}`);
      await page.goto('/console/access/users');
      await page.getByRole('button', { name: 'New service user' }).click();
      await page.getByRole('dialog').getByLabel('ReadOnly').waitFor();
      await expectLook(page, `service-user-dialog-${suffix}`);
      await page.keyboard.press('Escape');
      await page.goto('/console/access/audit');
      await page
        .getByRole('button', { name: /^Details/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await expectLook(page, `audit-dialog-${suffix}`);
      if (width > 600) return;
      await page.goto('/console/');
      await page.getByRole('button', { name: 'Open the menu' }).click();
      await page.getByRole('link', { name: 'Call log' }).waitFor();
      await expectLook(page, `navigation-${suffix}`);
    },
  );

  it.each(looks)(
    'has nothing serious for axe in $scheme at $width px: a picker, an empty list, links of customers',
    async ({ scheme, width }) => {
      const suffix = `${scheme}-${width}`;
      const page = await bed.signedIn({ scheme, width });
      const method = (key: string) => `/console/workbench/${played.id}/${key}?account=${played.account}`;
      await page.goto(method('accounts.get'));
      await page
        .getByRole('combobox', { name: /^id/ })
        .or(page.getByRole('textbox', { name: /^id/ }))
        .first()
        .click();
      await page.getByRole('option', { name: /Sample Account/ }).waitFor();
      await expectLook(page, `workbench-picker-${suffix}`);
      await page.goto(method('products.list'));
      await page.getByRole('button', { name: 'Call and read' }).click();
      await page.getByText('The list is empty').waitFor();
      await expectLook(page, `workbench-empty-list-${suffix}`);
      const customer = await bed.newPage({ scheme, width });
      await customer.goto(played.links.used);
      await customer.getByRole('heading', { name: 'This link was used already' }).waitFor();
      await expectLook(customer, `customer-used-${suffix}`);
      await customer.goto('/console/sign-in');
      await customer.goto(played.links.late);
      await customer.getByRole('heading', { name: 'The time of this link is over' }).waitFor();
      await expectLook(customer, `customer-late-${suffix}`);
    },
  );
});
