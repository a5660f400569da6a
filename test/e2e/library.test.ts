import { expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, expectLook, looks, screenshot, signInPath } from './browser.ts';

describeInBrowser('the sign-in', (bed) => {
  it('says that a link is wrong, and that one is used', async () => {
    const page = await bed.newPage();
    await page.goto('/console/sign-in#fp_link_nonsense');
    await page.getByRole('alert').getByText('This link is not known here').waitFor();
    expect(page.url()).not.toContain('fp_link_');
    await expectAccessible(page);
    await screenshot(page, 'sign-in-wrong-link');
    const path = await signInPath(bed.harness());
    await page.goto(path);
    await page.getByRole('heading', { name: 'Application Connector Library' }).waitFor();
    const other = await bed.newPage();
    await other.goto(path);
    await other.getByText('This link was used already').waitFor();
  });

  it('refuses a wrong secret, takes a right one, and leads to the page that was asked for', async () => {
    const { clientId, clientSecret } = bed.harness().file;
    const page = await bed.newPage();
    await page.goto('/console/connectors/m3ter/setup');
    await page.getByRole('heading', { name: 'Sign in to Fishplate' }).waitFor();
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The id and the secret do not fit').waitFor();
    await page.getByRole('textbox', { name: 'Client secret' }).fill(clientSecret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Set up m3ter' }).waitFor();
    expect(await page.content()).not.toContain(clientSecret);
  });

  it('signs out, and nothing of before can be seen', async () => {
    const page = await bed.signedIn();
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Fishplate' }).waitFor();
    await page.goto('/console/');
    await page.getByRole('heading', { name: 'Sign in to Fishplate' }).waitFor();
  });
});

describeInBrowser('the library', (bed) => {
  it('finds connectors by what is typed, and says when there are none', async () => {
    const page = await bed.signedIn();
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).waitFor();
    expect(await page.title()).toBe('Application Connector Library - Fishplate');
    await page.getByRole('searchbox', { name: 'Search connectors' }).fill('usage-based');
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search connectors' }).fill('no such thing');
    await page.getByText('No connector fits').waitFor();
    await page.goto('/console/nowhere');
    await page.getByText('There is no such page').waitFor();
  });

  it('closes the padlock when the fields of the console are set, and never reads a secret', async () => {
    const { accessKeyId = '', apiSecret = '' } = bed.sandbox('m3ter');
    const page = await bed.signedIn();
    await page.getByRole('listitem').filter({ hasText: 'm3ter' }).getByText('Setup Required').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    const heading = page.getByRole('heading', { name: 'Set up m3ter' });
    await heading.waitFor();
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByLabel('Access Key ID').fill(accessKeyId);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.getByText(/Comes together with the rest of its group/).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'setup-half-a-group');
    await page.getByRole('textbox', { name: 'API Secret' }).fill(apiSecret);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.getByText('the console setup is ready').waitFor();
    await page.getByText(/Stored .*, never shown/).waitFor();
    expect(await page.content()).not.toContain(apiSecret);
    await page.reload();
    await page.getByText(/Stored .*, never shown/).waitFor();
    await page.getByRole('link', { name: 'Application Connector Library' }).first().click();
    await page.getByRole('listitem').filter({ hasText: 'm3ter' }).getByText('Ready').waitFor();
  });

  it('names the installations that a change reaches, and how their tests went', async () => {
    const { accessKeyId = '', apiSecret = '', organisationId = '' } = bed.sandbox('m3ter');
    const { api, file } = bed.harness();
    await api.runtime.setupConsole('m3ter', { accessKeyId, apiSecret });
    await api.runtime.install(file.account, 'm3ter', {
      ...{ name: 'Billing of Acme', values: { organisationId, environment: 'sandbox' } },
    });
    const page = await bed.signedIn();
    await page.goto('/console/connectors/m3ter/setup');
    const dependents = page.getByRole('region', { name: 'Installations that use this' });
    await dependents.getByText('Active').waitFor();
    await page.getByRole('button', { name: 'Replace API Secret' }).click();
    await page.getByRole('textbox', { name: 'API Secret' }).fill('not the secret');
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await dependents.getByText('Failing').waitFor();
    await page.getByText(/1 installation tested again: 1 failing/).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'setup-failing-dependent');
    await api.runtime.setupConsole('m3ter', { accessKeyId: null, apiSecret: null });
  });

  it('shows a service user who may only read everything, and lets nothing be changed', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    await page.getByText('You can look, but not change').waitFor();
    expect(await page.getByLabel('Access Key ID').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save Changes' }).count()).toBe(0);
    await screenshot(page, 'setup-read-only');
  });
});

describeInBrowser('every page of the library', (bed) => {
  it.each(looks)('has nothing serious for axe in $scheme at $width px', async ({ scheme, width }) => {
    const look = `${scheme}-${width}`;
    const stranger = await bed.newPage({ scheme, width });
    await stranger.goto('/console/');
    await stranger.getByRole('heading', { name: 'Sign in to Fishplate' }).waitFor();
    await expectLook(stranger, `sign-in-${look}`);
    const page = await bed.signedIn({ scheme, width });
    await page.getByText('Setup Required').first().waitFor();
    await expectLook(page, `library-${look}`);
    await page.getByRole('main').getByRole('link', { name: 'm3ter' }).click();
    await page.getByRole('button', { name: 'Save Changes' }).waitFor();
    await expectLook(page, `setup-${look}`);
  });
});
