import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { LOCAL_ACTOR } from '../../src/access/audit.ts';
import { Secret } from '../../src/secret.ts';
import { type Bed, describeInBrowser, expectAccessible, expectLook, looks, screenshot } from './browser.ts';

/** Everything that a page keeps and shows. */
const everythingOf = (page: Page): Promise<string> =>
  page.evaluate(
    'JSON.stringify([document.documentElement.outerHTML, location.href, { ...localStorage }, { ...sessionStorage }, history.state])',
  );

const usersOf = (bed: Bed) => bed.harness().api.access.serviceUsers;

/** The secret that the dialog shows, read from its environment variables. */
async function readSecret(page: Page): Promise<{ readonly id: string; readonly secret: string }> {
  const text = await page.getByRole('dialog').getByText('FISHPLATE_CLIENT_SECRET=').innerText();
  const variable = (name: string) => new RegExp(`${name}=(\\S+)`).exec(text)?.[1] ?? '';
  expect(variable('FISHPLATE_URL')).toBe(new URL(page.url()).origin);
  return { id: variable('FISHPLATE_CLIENT_ID'), secret: variable('FISHPLATE_CLIENT_SECRET') };
}

async function closeSecret(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('alert').getByText('It is not shown again').waitFor();
  await page.getByRole('button', { name: 'It is stored: close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

const confirmWith = async (page: Page, word: string, verb: string): Promise<void> => {
  await page.getByRole('dialog').getByRole('textbox').fill(word);
  await page.getByRole('dialog').getByRole('button', { name: verb }).click();
};

const isOff = (page: Page, name: string) =>
  page.getByRole('button', { name }).first().getAttribute('aria-disabled');

describeInBrowser('access', (bed) => {
  const signIn = (id: string, secret: string) =>
    bed.harness().api.access.tokens.issue({ clientId: id, clientSecret: new Secret(secret) });

  it('makes a service user with a policy and a key, whose secret is shown once, in three forms', async () => {
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Service users' }).click();
    await page.getByRole('button', { name: 'New service user' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Nightly sync');
    await page.getByLabel('ReadOnly').check();
    await screenshot(page, 'service-user-new');
    await page.getByRole('button', { name: 'Create service user' }).click();
    await page.getByRole('heading', { name: 'Nightly sync', level: 1 }).waitFor();
    await page.getByText('There is no access key yet').waitFor();
    await screenshot(page, 'service-user-without-key');
    await page.getByRole('button', { name: 'Create access key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Production');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const { id, secret } = await readSecret(page);
    expect(secret.length).toBeGreaterThan(20);
    await expectAccessible(page);
    await screenshot(page, 'secret-environment');
    await page.getByText('JSON', { exact: true }).click();
    await page.getByText(`"clientSecret": "${secret}"`).waitFor();
    await screenshot(page, 'secret-json');
    await page.getByText('Values', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy the client secret' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alert').getByText('It is not shown again').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'secret-leaving');
    await page.getByRole('button', { name: 'Not yet' }).click();
    await page.getByText(secret).waitFor();
    await closeSecret(page);
    expect(await everythingOf(page)).not.toContain(secret);
    expect((await signIn(id, secret)).expiresIn).toBeGreaterThan(0);
    await page.reload();
    await page.getByText('Last used').waitFor();
    expect(await everythingOf(page)).not.toContain(secret);
  });

  it('regenerates a secret under the same id, switches a key off, and deletes it only then', async () => {
    const user = await usersOf(bed).create(LOCAL_ACTOR, { name: 'Rotating', policies: ['ReadOnly'] });
    const { accessKeys } = bed.harness().api.access;
    const made = await accessKeys.create(LOCAL_ACTOR, user.id, { name: 'First' });
    const page = await bed.signedIn();
    await page.goto(`/console/access/users/${user.id}`);
    await page.getByText(made.key.id).waitFor();
    expect(await isOff(page, 'Delete: First')).toBe('true');
    await page.getByText(/Only an INACTIVE key can be deleted/).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Create access key' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await closeSecret(page);
    await page.getByText(/as many as there can be/).waitFor({ state: 'attached' });
    await screenshot(page, 'service-user-two-keys');
    await page.getByRole('button', { name: 'Regenerate: First' }).click();
    await confirmWith(page, 'First', 'Regenerate');
    const { id, secret } = await readSecret(page);
    expect(id).toBe(made.key.id);
    expect(secret).not.toBe(made.secret.reveal());
    await closeSecret(page);
    await expect(signIn(id, made.secret.reveal())).rejects.toThrow();
    await signIn(id, secret);
    await page.getByRole('button', { name: 'Make inactive: First' }).click();
    await expectAccessible(page);
    await screenshot(page, 'key-deactivate');
    await page.getByRole('dialog').getByRole('button', { name: 'Make inactive' }).click();
    await page.getByText('INACTIVE', { exact: true }).waitFor();
    await expect(signIn(id, secret)).rejects.toThrow();
    await page.getByRole('button', { name: 'Make active: First' }).click();
    await page.getByRole('button', { name: 'Make inactive: First' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make inactive' }).click();
    // Until then the button is there, but does nothing.
    await page.getByText('INACTIVE', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete: First' }).click();
    await confirmWith(page, 'First', 'Delete');
    await page.getByText(made.key.id).waitFor({ state: 'detached' });
  });

  it('keeps the dialog of a secret open when the session ended by it', async () => {
    const user = await usersOf(bed).create(LOCAL_ACTOR, { name: 'Myself', policies: ['Administrator'] });
    const { key } = await bed.harness().api.access.accessKeys.create(LOCAL_ACTOR, user.id, { name: 'Mine' });
    const page = await bed.signedIn({ accessKeyId: key.id });
    await page.clock.install();
    await page.goto(`/console/access/users/${user.id}`);
    await page.getByRole('button', { name: 'Regenerate: Mine' }).click();
    await page.getByText('you will have to sign in again').waitFor();
    await confirmWith(page, 'Mine', 'Regenerate');
    const { secret } = await readSecret(page);
    // Whatever was read is old by now, and would be asked for again.
    await page.clock.fastForward(120_000);
    await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
    await page.waitForLoadState('networkidle');
    await page.getByText(secret).waitFor();
    await closeSecret(page);
    await page.getByRole('heading', { name: 'Sign in to Fishplate' }).waitFor();
    expect(await everythingOf(page)).not.toContain(secret);
  });

  it('adds, takes away, renames and deletes, and lets nobody lock everyone out', async () => {
    const user = await usersOf(bed).create(LOCAL_ACTOR, { name: 'Changing' });
    const page = await bed.signedIn();
    await page.goto(`/console/access/users/${user.id}`);
    await page.getByText('can sign in, but may do nothing').waitFor();
    await page.getByRole('combobox', { name: 'Another policy' }).click();
    await page.getByRole('option', { name: 'ReadOnly' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Take away: ReadOnly' }).click();
    await page.getByText('can sign in, but may do nothing').waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Changed');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: 'Changed', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await screenshot(page, 'service-user-delete');
    await confirmWith(page, 'Changed', 'Delete');
    await page.getByRole('heading', { name: 'Service users', level: 1 }).waitFor();
    await page.getByText('Changed', { exact: true }).waitFor({ state: 'detached' });
  });

  it('writes a policy of its own, changes it, and deletes it when nobody has it', async () => {
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Permission policies' }).click();
    await page.getByText('there is always one who', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'New policy' }).click();
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page.getByText('Choose at least one action').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Calls in test accounts');
    await page.getByRole('checkbox', { name: '*:read' }).check();
    expect(await page.getByRole('checkbox', { name: 'methods:read' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'methods:write' }).check();
    await page.getByLabel('Only these').check();
    await page.getByLabel('Resources').fill('acount/test-*');
    await page.getByRole('button', { name: 'Add a statement' }).click();
    const denial = page.getByRole('region', { name: 'Statement 2' });
    await denial.getByText('Deny').click();
    await denial.getByRole('checkbox', { name: 'audit:read' }).check();
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page
      .getByRole('alert')
      .getByText(/There is no resource/)
      .waitFor();
    await screenshot(page, 'policy-refused');
    await page.getByLabel('Resources').fill('account/test-*');
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page.getByRole('heading', { name: 'Calls in test accounts', level: 1 }).waitFor();
    await page.getByText('Allows *:read and methods:write on account/test-*. Denies audit:read.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'policy-custom');
    await denial.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Allows *:read and methods:write on account/test-*.', { exact: true }).waitFor();
    const user = await usersOf(bed).create(LOCAL_ACTOR, {
      ...{ name: 'Tester', policies: ['Calls in test accounts'] },
    });
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await confirmWith(page, 'Calls in test accounts', 'Delete');
    await page
      .getByRole('alert')
      .getByText(/in use by Tester/)
      .waitFor();
    await screenshot(page, 'policy-in-use');
    await usersOf(bed).delete(LOCAL_ACTOR, user.id);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Permission policies', level: 1 }).waitFor();
  });

  it('shows the audit, filtered, with what is in an entry', async () => {
    const user = await usersOf(bed).create(LOCAL_ACTOR, { name: 'Watched' });
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('session.start').first().waitFor();
    await page.getByRole('combobox', { name: 'Action' }).fill('service-user.create');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByText('session.start').count()).toBe(0);
    await page
      .getByRole('button', { name: /^Details: service-user.create/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('"Watched"').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'audit-entry');
    await page.getByRole('button', { name: 'Only this target' }).click();
    await expect.poll(() => page.url()).toContain(`target=${user.id}`);
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('combobox', { name: 'Actor' }).click();
    await page.getByRole('option', { name: 'Nobody known' }).click();
    await page.getByText('No entry fits').waitFor();
    await page.goto('/console/access/audit?range=between&before=2020-01-01T00:00:00.000Z');
    await page.getByText('No entry fits').waitFor();
  });

  it('shows a service user who may only read everything, and lets nothing be changed', async () => {
    const user = await usersOf(bed).create(LOCAL_ACTOR, { name: 'Looked at', policies: ['ReadOnly'] });
    await bed.harness().api.access.accessKeys.create(LOCAL_ACTOR, user.id, { name: 'Seen' });
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    await page.goto('/console/access');
    await page.getByText('You can look, but not change').waitFor();
    expect(await isOff(page, 'New service user')).toBe('true');
    await page.getByRole('link', { name: 'Looked at' }).click();
    await page.getByText('Seen', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Take away: ReadOnly' }).waitFor();
    for (const name of [
      'Create access key',
      'Regenerate',
      'Make inactive: Seen',
      'Take away: ReadOnly',
      'Rename',
    ])
      expect(await isOff(page, name), name).toBe('true');
    await screenshot(page, 'service-user-read-only');
    await page.goto('/console/access/policies/new');
    expect(await page.getByRole('textbox', { name: 'Name' }).isDisabled()).toBe(true);
    expect(await isOff(page, 'Create policy')).toBe('true');
    await page.goto('/console/access/audit');
    await page.getByText('session.start').first().waitFor();
  });
});

describeInBrowser('the last administrator', (bed) => {
  it('cannot be taken away, and the page says why', async () => {
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Service users' }).click();
    await page.getByRole('row').filter({ hasText: 'You' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Take away: Administrator' }).click();
    await confirmWith(page, 'Administrator', 'Take away');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await screenshot(page, 'last-administrator');
    expect(await page.getByRole('dialog').getByRole('alert').innerText()).toContain(
      'access.last-administrator',
    );
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: /^Make inactive: / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make inactive' }).click();
    await page.getByRole('dialog').getByText('access.last-administrator').waitFor();
  });
});

describeInBrowser('every page of access', (bed) => {
  it.each(looks)('has nothing serious for axe in $scheme at $width px', async ({ scheme, width }) => {
    const look = `${scheme}-${width}`;
    const page = await bed.signedIn({ scheme, width });
    const visit = async (path: string, name: string, shows: string) => {
      await page.goto(`/console/access/${path}`);
      await page.getByText(shows).first().waitFor();
      await expectLook(page, `${name}-${look}`);
    };
    await visit('users', 'service-users', 'Last used');
    const [user] = await usersOf(bed).list();
    await visit(`users/${user?.id}`, 'service-user', 'Make inactive');
    await visit('policies', 'policies', 'May do everything');
    await visit('policies/ReadOnly', 'policy-managed', 'Who has it');
    await visit('policies/new?model=ReadOnly', 'policy-new', '*:read');
    await visit('audit', 'audit', 'session.start');
  });
});
