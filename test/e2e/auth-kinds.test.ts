import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeInBrowser, everythingOf, expectAccessible, screenshot } from './browser.ts';

const kinds = fileURLToPath(new URL('../fixtures/auth-kinds', import.meta.url));

describeInBrowser(
  'a connector that can authenticate in several ways',
  (bed) => {
    it('asks for one of them, and then only for what that one needs', async () => {
      const page = await bed.signedIn();
      await page.goto('/console/accounts/demo/install/kinds');
      const way = (name: string) => page.getByRole('radio', { name, exact: true });
      const field = (name: string) => page.getByRole('textbox', { name });
      await way('Client, by Basic').waitFor();
      expect(await way('Client, by Basic').isChecked()).toBe(true);
      await field('Secret').waitFor();
      expect(await field('Private key').count()).toBe(0);
      await way('Client, by a signed assertion').check();
      await field('Private key').waitFor();
      await field('Certificate id').waitFor();
      expect(await field('Secret').count()).toBe(0);
      await way('Bearer').check();
      await field('Secret').waitFor();
      expect(await field('Key id').count()).toBe(0);
      await expectAccessible(page);
      await screenshot(page, 'install-several-ways');
      await page.getByRole('button', { name: 'Install without setup' }).click();
      await page.getByText('Its setup is required').waitFor();
      await page.getByText('Still to give: Secret.').first().waitFor();
      expect(await field('Key id').count()).toBe(0);
      await page.getByText('Bearer', { exact: true }).waitFor();
    });

    it('takes a private key with its line breaks, and shows none of it', async () => {
      const { keyId = '' } = bed.sandbox('kinds');
      const { publicKey, privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const page = await bed.signedIn();
      await page.goto('/console/sandbox/kinds');
      await page.getByRole('link', { name: 'Fishplate harness' }).click();
      await page.getByRole('button', { name: /^Public key/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('no key');
      await dialog.getByRole('button', { name: 'Register' }).click();
      await dialog.getByText('Give the whole key, from -----BEGIN PUBLIC KEY-----').waitFor();
      await dialog.getByRole('textbox').fill(publicKey);
      await dialog.getByRole('button', { name: 'Register' }).click();
      await dialog.waitFor({ state: 'detached' });

      await page.goto('/console/accounts/demo/install/kinds');
      await page.getByRole('radio', { name: 'Client, by a signed assertion', exact: true }).check();
      await page.getByRole('textbox', { name: 'Key id' }).fill(keyId);
      await page.getByRole('textbox', { name: 'Private key' }).fill('no key');
      await page.getByRole('combobox', { name: 'Environment' }).click();
      await page.getByRole('option', { name: 'Sandbox' }).click();
      await page.getByRole('button', { name: 'Install and test' }).click();
      await page.getByText('Give the whole key as PEM').waitFor();
      await page.getByRole('button', { name: 'Replace Private key' }).click();
      await page.getByRole('textbox', { name: 'Private key' }).fill(privateKey);
      await screenshot(page, 'install-private-key');
      await page.getByRole('button', { name: 'Save and test again' }).click();
      await page.getByText('The connection works', { exact: true }).waitFor();
      expect(await everythingOf(page)).not.toContain(privateKey.slice(60, 120));

      await page.getByRole('button', { name: 'Rotate credentials' }).click();
      await page.getByRole('textbox', { name: 'Key id' }).fill(keyId);
      await page.getByRole('textbox', { name: 'Private key' }).fill(privateKey.replace('M', 'N'));
      await page.getByRole('button', { name: 'Test and swap' }).click();
      await page.getByRole('alert').getByText('Give the whole key as PEM').waitFor();
    });
  },
  { connectorFolders: [kinds] },
);
