import { describe, expect, it } from 'vitest';
import { integerId, nameUuid } from '../../src/definition/ids.ts';

// The expected values were computed by Python's uuid and hashlib: they must never change, since clients keep them.
describe('the UUID of a name', () => {
  it.each([
    ['acme', 'd92e0715-1a04-5c97-ad1a-4dee5db595fa'],
    ['acme/things.list', '0fd0f5ed-dca9-5b8a-9bab-14b4b906b995'],
    ['é', '6e75a267-767f-5941-8cde-7792e31fa8d0'],
  ])('of %s is of version 5 and always the same', (name, uuid) => {
    expect(nameUuid(name)).toBe(uuid);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('an integer id', () => {
  it('is always the same', () => {
    expect(integerId('acme', '1.0.0')).toBe(767122308);
    expect(integerId('acme', '1.0.0', 'things.list')).toBe(1076768853);
  });

  it('is positive and fits 32-bit integers', () => {
    for (let n = 0; n < 2_000; n++) {
      const id = integerId('any', String(n));
      expect(Number.isInteger(id) && id > 0 && id < 2 ** 31).toBe(true);
    }
  });

  it('tells parts apart by where they end', () => {
    expect(integerId('ab', 'c')).not.toBe(integerId('a', 'bc'));
  });
});
