import { describe, expect, it } from 'vitest';
import { createTestBed } from '../helpers/runtime.ts';

const body = { name: 'Nut' };

describe('the idempotency key of a preview', () => {
  it('is refused when it is none, and shown where the vendor takes one', async () => {
    const { runtime, account, install, vendor } = await createTestBed('acme-keyed');
    const id = await install();
    const before = vendor.requests.length;
    const preview = (method: string, idempotencyKey?: string) =>
      runtime.preview(account, id, method, { body }, idempotencyKey === undefined ? {} : { idempotencyKey });
    await expect(preview('orders.create', ' ')).rejects.toMatchObject({ code: 'call.key-invalid' });
    const own = await preview('orders.create', 'order-4711');
    expect(own.headers['idempotency-key']).toBe('order-4711');
    expect(own.provenance).toContainEqual({ name: 'Idempotency-Key', in: 'header', source: 'argument' });
    const made = await preview('orders.create');
    expect(made.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.provenance).toContainEqual({ name: 'Idempotency-Key', in: 'header', source: 'generated' });
    expect(vendor.requests.length).toBe(before);
  });
});
