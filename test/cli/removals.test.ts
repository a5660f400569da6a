import { describe, expect, it } from 'vitest';
import { useHarness } from './harness-bed.ts';

const { fishplate, address } = useHarness();

const json = async (...argv: string[]) => {
  const { code, out, err } = await fishplate([...argv, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
};

const installed = async (name: string): Promise<string> => {
  const { Id } = await json('accounts', 'create', 'Customer');
  const { accessKeyId, apiSecret, organisationId } = address();
  const values = [`accessKeyId=${accessKeyId}`, `apiSecret=${apiSecret}`, `organisationId=${organisationId}`];
  await json('install', 'm3ter', '--account', Id, '--name', name, 'environment=sandbox', ...values);
  return Id;
};

describe('fishplate uninstall', () => {
  it('refuses what is not installed in the account, and removes nothing then', async () => {
    const account = await installed('Billing');
    const other = (await json('accounts', 'create', 'Other')).Id;
    const { code, err } = await fishplate(['uninstall', 'Billing', '--account', other]);
    expect(code).toBe(1);
    expect(err).toContain('[installation.unknown]');
    expect(await json('installations', '--account', account)).toHaveLength(1);
  });

  it('removes an installation by its name', async () => {
    const account = await installed('Billing');
    const { code, out } = await fishplate(['uninstall', 'billing', '--account', account]);
    expect([code, out]).toEqual([0, 'Billing: uninstalled\n']);
    expect(await json('installations', '--account', account)).toEqual([]);
  });
});

describe('fishplate rename', () => {
  it('refuses a name that is none', async () => {
    const account = await installed('Billing');
    for (const name of ['  ', 'a\u0007b']) {
      const { code, err } = await fishplate(['rename', 'Billing', name, '--account', account]);
      expect(code).toBe(1);
      expect(err).toContain('[input.invalid]');
    }
  });

  it('changes name and description, and the installation works on', async () => {
    const account = await installed('Billing');
    const named = [
      'rename',
      'Billing',
      'Billing, old',
      '--description',
      'Until spring',
      '--account',
      account,
    ];
    expect(await json(...named)).toMatchObject({
      ...{ Name: 'Billing, old', Description: 'Until spring', State: 'active' },
    });
    const { out } = await fishplate(['rename', 'billing, old', 'Older', '--account', account]);
    expect(out).toMatch(/^Older: active\n/);
    expect(await json('installations', '--account', account)).toMatchObject([
      { Name: 'Older', Description: 'Until spring' },
    ]);
  });
});

describe('fishplate service-users delete', () => {
  it('refuses one that does not exist', async () => {
    const { code, err } = await fishplate(['service-users', 'delete', 'nobody-of-that-name']);
    expect(code).toBe(1);
    expect(err).toContain('[access.unknown]');
  });

  it('refuses to delete the last who can manage access', async () => {
    const { code, err } = await fishplate(['service-users', 'delete', 'Harness']);
    expect(code).toBe(1);
    expect(err).toContain('[access.last-administrator]');
  });

  it('deletes by name, with keys and tokens; the name is free again', async () => {
    const make = ['service-users', 'create', 'Night Run', '--policy', 'ReadOnly', '--key'];
    const made = await json(...make);
    const again = await fishplate(make);
    expect(again.code).toBe(1);
    expect(again.err).toContain('[access.name-taken]');
    const { out } = await fishplate(['service-users', 'delete', 'night run']);
    expect(out).toBe('Night Run: deleted\n');
    const { err } = await fishplate([
      ...[
        'service-users',
        'list',
        '--client-id',
        made.AccessKey.Id,
        '--client-secret',
        made.AccessKey.Secret,
      ],
    ]);
    expect(err).toContain('[access.invalid-client]');
    expect((await json(...make)).Name).toBe('Night Run');
  });
});
