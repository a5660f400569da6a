import { beforeAll, describe, expect, it } from 'vitest';
import { useHarness } from './harness-bed.ts';

const { fishplate, address } = useHarness();
beforeAll(async () => {
  const { accessKeyId, apiSecret, organisationId } = address();
  const values = { accessKeyId, apiSecret, organisationId, environment: 'sandbox' };
  const { code, err } = await fishplate([
    ...['install', 'm3ter'],
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: expect.any(String) });
});

const body = '{"name": "Keyed", "code": "keyed-1", "emailAddress": "a@example.com"}';
const create = (...more: string[]) =>
  fishplate(['call', 'm3ter', 'accounts.create', '--body', body, ...more]);
const accounts = async () => {
  const { out } = await fishplate(['call', 'm3ter', 'accounts.list', 'codes=keyed-1']);
  return (JSON.parse(out) as { data: unknown[] }).data;
};

describe('--idempotency-key', () => {
  it.each([
    ['empty', ''],
    ['two lines', 'a\nb'],
    ['not ASCII', '\u00e4'],
  ])('that is %s is refused, and nothing is called', async (_, key) => {
    const { code, err } = await create('--idempotency-key', key);
    expect(code).not.toBe(0);
    expect(err).toContain('idempotency key');
    expect(await accounts()).toEqual([]);
  });

  it('does not go with --all, which reads', async () => {
    const { code, err } = await fishplate([
      ...['call', 'm3ter', 'accounts.list', '--all', '--idempotency-key', 'k'],
    ]);
    expect(code).not.toBe(0);
    expect(err).toContain('--all reads');
  });

  it('makes a call once, however often the command is given, and says so', async () => {
    const first = await create('--idempotency-key', 'first');
    const again = await create('--idempotency-key', 'first');
    expect([first.code, again.code, first.err]).toEqual([0, 0, '']);
    expect(again.out).toBe(first.out);
    expect(again.err).toContain('nothing was sent');
    expect(await accounts()).toHaveLength(1);
  });

  it('does the same for a request in words of its own', async () => {
    const path = '/organizations/{{organisationId}}/accounts';
    const raw = ['request', 'm3ter', 'POST', path, '--body', body.replaceAll('keyed-1', 'keyed-2')];
    const first = await fishplate([...raw, '--idempotency-key', 'raw']);
    const again = await fishplate([...raw, '--idempotency-key', 'raw']);
    expect([first.code, again.out]).toEqual([0, first.out]);
    expect(again.err).toContain('nothing was sent');
  });

  it('can be seen in a preview, which sends nothing', async () => {
    const argv = ['preview', 'm3ter', 'accounts.create', '--body', body];
    const wrong = await fishplate([...argv, '--idempotency-key', ' ']);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('[call.key-invalid]')]);
    const before = (await accounts()).length;
    const { code, out } = await fishplate([...argv, '--idempotency-key', 'seen']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^POST /)]);
    expect(await accounts()).toHaveLength(before);
  });

  it('given for another call is refused', async () => {
    const other = [
      'call',
      'm3ter',
      'accounts.create',
      '--body',
      '{"name": "x", "code": "x", "emailAddress": "x@x.xx"}',
    ];
    const { code, err } = await fishplate([...other, '--idempotency-key', 'first']);
    expect(code).not.toBe(0);
    expect(err).toContain('given to another call before');
  });
});
