import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { type Bed, describeInBrowser, expectAccessible, expectLook, looks, screenshot } from './browser.ts';

/** Newest first; the sandbox starts with one account of its own. */
const CUSTOMERS = 24;
const ROWS = CUSTOMERS + 1;

interface Place {
  readonly account: string;
  readonly id: string;
}

async function installed({ harness, sandbox }: Bed): Promise<Place> {
  const { accessKeyId = '', apiSecret = '', organisationId = '' } = sandbox('m3ter');
  const { api, file } = harness();
  const { row } = await api.runtime.install(file.account, 'm3ter', {
    ...{ name: 'Billing of Acme' },
    values: { accessKeyId, apiSecret, organisationId, environment: 'sandbox' },
  });
  for (let index = 1; index <= CUSTOMERS; index += 1)
    await api.runtime.call(file.account, row.id, 'accounts.create', {
      body: { name: `Customer ${index}`, code: `C-${index}`, emailAddress: `c${index}@acme.example` },
    });
  return { account: file.account, id: row.id };
}

/** Where a method is, filled in. */
function addressOf(
  { account, id }: Place,
  method = '',
  call: Readonly<Record<string, unknown>> = {},
): string {
  const parts = Object.entries(call).map(([name, value]) => [name, JSON.stringify(value)]);
  const fragment = new URLSearchParams(parts).toString();
  return `/console/workbench/${id}${method && `/${method}`}?account=${account}${fragment && `#${fragment}`}`;
}

/** Of the whole page with all methods: four for each row, and what is around them. */
const MOST_NODES = 2_500;

/** When the list of methods was painted, in milliseconds from the start of the navigation. */
const notePainted = `
  const watch = new MutationObserver(() => {
    if (document.querySelectorAll('.method-group a').length < 322) return;
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.paintedMs = performance.now(); }));
  });
  watch.observe(document, { childList: true, subtree: true });
`;

describeInBrowser('the workbench', (bed) => {
  let place: Place;
  beforeAll(async () => {
    place = await installed(bed);
  });

  it('lists all methods, finds one by the keyboard alone, and opens it', async () => {
    const page = await bed.signedIn();
    await page.addInitScript(notePainted);
    await page.goto(addressOf(place), { waitUntil: 'commit' });
    await page.getByRole('link', { name: /Create Account Plan/ }).waitFor();
    await expect.poll(() => page.evaluate('window.paintedMs')).toBeGreaterThan(0);
    const paintedMs = Math.round(Number(await page.evaluate('window.paintedMs')));
    console.log(`first view of the workbench with all methods: ${paintedMs} ms`);
    expect(await page.getByRole('main').getByRole('link').count()).toBeGreaterThanOrEqual(322);
    const nodes = Number(await page.evaluate("document.querySelectorAll('*').length"));
    console.log(`with ${nodes} elements`);
    expect(nodes).toBeLessThan(MOST_NODES);
    await page
      .getByText('322 methods found')
      .or(page.getByPlaceholder(/Search \d{3} methods/))
      .first()
      .waitFor();
    await page.keyboard.press('/');
    // Without waiting for the list: the keys mean what the letters find.
    await page.keyboard.type('create account');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { name: 'Create Account', exact: true });
    await heading.waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('create account');
    expect(await page.title()).toBe('Create Account - Fishplate');
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No method fits').waitFor();
  });

  it('leads to the only installation of the only account by itself', async () => {
    const page = await bed.signedIn();
    await page.getByRole('link', { name: 'Workbench' }).click();
    await page.getByRole('link', { name: /Create Account Plan/ }).waitFor();
    expect(page.url()).toContain(`/workbench/${place.id}?account=${place.account}`);
  });

  it('says what is missing at its field, and sends nothing', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'accounts.create', { Body: { name: 'Acme' } }));
    expect(await page.getByLabel('name', { exact: false }).first().inputValue()).toBe('Acme');
    await page.getByRole('button', { name: 'Call and change' }).click();
    await page.getByText('Not sent: 2 fields need a look.').waitFor();
    expect(await page.getByText('Fill this in').count()).toBe(2);
    await page.getByText('JSON', { exact: true }).click();
    await page.getByText('code: Fill this in').waitFor();
    await page.getByRole('textbox', { name: 'Body as JSON' }).fill('{"name": ');
    await page.getByText(/No correct JSON/).waitFor();
    await screenshot(page, 'workbench-json');
  });

  it('offers ids by name, and shows the request with its secret masked', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'accounts.get'));
    const id = page
      .getByRole('combobox', { name: /^id/ })
      .or(page.getByRole('textbox', { name: /^id/ }))
      .first();
    await id.click();
    await page.getByRole('option', { name: /Customer 24/ }).waitFor();
    await id.fill('Customer 7');
    await page.getByRole('option', { name: /^Customer 7/ }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Bearer [redacted]').waitFor();
    await page
      .getByText(/accounts\/[0-9a-f-]{36}/)
      .first()
      .waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const curl = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(curl).toMatch(/^curl -X GET .*"\$TOKEN"/);
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('"Customer 7"').waitFor();
    await screenshot(page, 'workbench-lookup');
  });

  it('takes an id that is typed and in no list, and says what the vendor says of it', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'accounts.get'));
    const id = page
      .getByRole('combobox', { name: /^id/ })
      .or(page.getByRole('textbox', { name: /^id/ }))
      .first();
    await id.fill('nobody');
    await id.blur();
    await page.getByRole('button', { name: 'Call and read' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('m3ter answered 404: There is no account with the id nobody').waitFor();
    await alert.getByText('This is not there').waitFor();
    await alert.getByText('Check the ids in the arguments').waitFor();
    await alert.getByText('vendor.not-found').waitFor();
    const own = alert.getByText('"There is no account with the id nobody"');
    expect(await own.isVisible()).toBe(false);
    await alert.getByText('What the vendor answered: status 404').click();
    await own.waitFor();
    await expectAccessible(page);
    await screenshot(page, 'workbench-error');
  });

  it('gives back the rows of a split list that were not taken, apart from those that perhaps were', async () => {
    const page = await bed.signedIn();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const failed = { First: 0, Count: 1, Message: 'no', Rows: [{ uid: 'a' }] };
    const json = {
      ...{
        Message: '3 of 9 rows were not taken',
        Code: 'call.partial',
        Category: 'vendor',
        Hint: 'Send them again.',
      },
      Batches: [
        { ...failed, Sent: true, Code: 'vendor.invalid' },
        { ...failed, Sent: true, Code: 'transport.timeout', Outcome: 'sent-unknown', Rows: [{ uid: 'b' }] },
        { ...failed, Sent: false, Code: 'transport.timeout', Rows: [{ uid: 'c' }] },
      ],
    };
    await page.route('**/methods/accounts.list', (route) => route.fulfill({ status: 424, json }));
    await page.goto(addressOf(place, 'accounts.list'));
    await page.getByRole('button', { name: 'Call and read' }).click();
    const copied = async (name: string) => {
      await page.getByRole('button', { name }).click();
      return JSON.parse(String(await page.evaluate('navigator.clipboard.readText()')));
    };
    expect(await copied('Copy 2 rows not taken')).toEqual([{ uid: 'a' }, { uid: 'c' }]);
    expect(await copied('Copy 1 row perhaps taken')).toEqual([{ uid: 'b' }]);
    await screenshot(page, 'workbench-batches');
  });

  it('offers an answer that is a file for saving, byte by byte and under its own name', async () => {
    const page = await bed.signedIn();
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7) % 256));
    const body = { mediaType: 'application/pdf', fileName: 'bill.pdf', size: 3_000 };
    await page.route('**/methods/accounts.list', (route) =>
      route.fulfill({ json: { ...body, base64: bytes.toString('base64') } }),
    );
    await page.goto(addressOf(place, 'accounts.list'));
    await page.getByRole('button', { name: 'Call and read' }).click();
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('application/pdf, 2.9 KB').waitFor();
    const saved = page.waitForEvent('download');
    await answer.getByRole('button', { name: 'Download' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe('bill.pdf');
    expect(readFileSync(await file.path()).equals(bytes)).toBe(true);
  });

  it('shows a list as a table, page by page, then all of it', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'accounts.list', { Parameters: { pageSize: 10 } }));
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('cell', { name: 'Customer 24' }).waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('page 2').waitFor();
    await page.getByRole('cell', { name: 'Customer 14' }).waitFor();
    await page.getByRole('button', { name: 'All pages' }).click();
    await page.getByText(`All of it: 3 pages, ${ROWS} rows.`).waitFor();
    expect(await page.getByRole('row').count()).toBe(ROWS + 1);
    await page
      .getByRole('link', { name: /Get Account/ })
      .first()
      .click();
    await page.getByRole('heading', { name: /Get Account/ }).waitFor();
    await page.goBack();
    await page.getByText(`All of it: 3 pages, ${ROWS} rows.`).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: /Get Account/ }).waitFor();
  });

  it('stops between pages when it is told to, keeps what it has, and goes on', async () => {
    const page = await bed.signedIn();
    let asked = 0;
    let goOn: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/methods/accounts.list', async (route) => {
      asked += 1;
      if (asked === 3) await held;
      // The page has gone away from the one that is held.
      await route.continue().catch(() => undefined);
    });
    await page.goto(addressOf(place, 'accounts.list', { Parameters: { pageSize: 5 } }));
    await page.getByRole('button', { name: 'All pages' }).click();
    await page.getByText('Loading all pages: 2 pages, 10 rows so far').waitFor();
    await page.getByRole('button', { name: 'Stop' }).last().click();
    await page.getByText('Stopped after 2 pages, 10 rows.').waitFor();
    goOn?.();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(`All of it: 5 pages, ${ROWS} rows.`).waitFor();
  });

  it('asks before it deletes, and makes a call with the same idempotency key once', async () => {
    const page = await bed.signedIn();
    await page.goto(
      addressOf(place, 'accounts.create', {
        Body: { name: 'Once', code: 'ONCE', emailAddress: 'o@acme.example' },
      }),
    );
    await page.getByRole('button', { name: /Advanced/ }).click();
    await page.getByRole('button', { name: 'Make a key up' }).click();
    await page.getByRole('button', { name: 'Call and change' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('"ONCE"', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Call and change' }).click();
    await page.getByText('Answer of an earlier call').waitFor();
    expect(page.url()).not.toContain('Idempotency');
    await page.goto(addressOf(place, 'accounts.delete', { Parameters: { id: 'nobody' } }));
    await page.getByRole('button', { name: 'Call and delete' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: 'Call and delete' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText('m3ter answered 404: There is no account with the id nobody')
      .waitFor();
  });

  it('is the same call for whoever opens its link, without its secrets', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'webhookDestinations.create'));
    await page.getByRole('textbox', { name: /^apiKey/ }).fill('hush-key');
    await page.getByRole('textbox', { name: /^description/ }).fill('For the ledger');
    await page.waitForURL(/ledger/);
    expect(page.url()).not.toContain('hush');
    const other = await bed.signedIn();
    await other.goto(page.url());
    await other.getByRole('textbox', { name: /^description/ }).waitFor();
    expect(await other.getByRole('textbox', { name: /^description/ }).inputValue()).toBe('For the ledger');
    expect(await other.getByRole('textbox', { name: /^apiKey/ }).inputValue()).toBe('');
  });

  it('leads through the sign-in to the call that was asked for, and finds the account by itself', async () => {
    const { clientId, clientSecret } = bed.harness().file;
    const page = await bed.newPage();
    await page.goto(
      addressOf(place, 'accounts.list', { Parameters: { pageSize: 7 } }).replace(/\?[^#]*/, ''),
    );
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill(clientSecret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'List Accounts' }).waitFor();
    expect(await page.getByRole('textbox', { name: /^pageSize/ }).inputValue()).toBe('7');
  });

  it('uploads a file and tells of its job', async () => {
    const page = await bed.signedIn();
    await page.goto(addressOf(place, 'upload:measurements'));
    await page.getByRole('button', { name: 'Upload to m3ter' }).click();
    await page.getByText('Choose a file').last().waitFor();
    const rows = [{ uid: 'u1', meter: 'm', account: 'C-1', ts: '2026-01-01T00:00:00Z', measure: { a: 1 } }];
    const buffer = Buffer.from(JSON.stringify(rows));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'january.json', mimeType: 'application/json', buffer });
    await page.getByRole('button', { name: 'Upload to m3ter' }).click();
    await page.getByText('The file was processed').waitFor();
    await screenshot(page, 'workbench-upload');
  });

  it('lets a service user who may only read preview what changes data, and call only what does not', async () => {
    const page = await bed.signedIn({ accessKeyId: await bed.keyWith('ReadOnly') });
    const body = { name: 'Acme', code: 'ACME', emailAddress: 'a@acme.example' };
    await page.goto(addressOf(place, 'accounts.create', { Body: body }));
    const call = page.getByRole('button', { name: 'Call and change' });
    await call.waitFor();
    expect(await call.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('does not allow methods:write').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Bearer [redacted]').waitFor();
    await page.goto(addressOf(place, 'accounts.list'));
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('cell', { name: 'Customer 24' }).waitFor();
  });
});

describeInBrowser('every page of the workbench', (bed) => {
  let place: Place;
  beforeAll(async () => {
    place = await installed(bed);
  });

  it.each(looks)('has nothing serious for axe in $scheme at $width px', async ({ scheme, width }) => {
    const look = `${scheme}-${width}`;
    const page = await bed.signedIn({ scheme, width });
    const check = async (name: string) => {
      // Once is enough for the hundreds of methods beside each of them.
      const search = page.getByRole('searchbox', { name: 'Search methods' });
      if (name !== 'list' && (await search.isVisible())) await search.fill('accounts');
      await expectLook(page, `workbench-${name}-${look}`);
    };
    await page.goto(addressOf(place));
    await page.getByRole('link', { name: /Create Account Plan/ }).waitFor();
    await check('list');
    await page.goto(addressOf(place, 'accounts.list', { Parameters: { pageSize: 10 } }));
    await page.getByRole('button', { name: 'Call and read' }).click();
    await page.getByRole('cell', { name: 'Customer 24' }).waitFor();
    await check('table');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Bearer [redacted]').waitFor();
    await check('request');
    await page.goto(addressOf(place, 'exportSchedules.create'));
    await page.getByRole('button', { name: 'Call and change' }).click();
    await page.getByText(/Not sent/).waitFor();
    await check('union');
    if (width < 600) {
      await page.goto(addressOf(place, 'measurements.submit'));
      await page.getByRole('button', { name: 'Add an entry' }).click();
      await page.getByRole('button', { name: 'Remove entry 1' }).waitFor();
      await check('entries');
    }
    await page.goto(addressOf(place, 'accounts.delete', { Parameters: { id: 'nobody' } }));
    await page.getByRole('button', { name: 'Call and delete' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await check('refused');
  });
});
