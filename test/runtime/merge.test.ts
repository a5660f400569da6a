import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../src/merged-call.ts';
import { createTestBed } from '../helpers/runtime.ts';

const entity = (version: number, over = {}) => ({
  body: JSON.stringify({ id: 'a', name: 'Old', colour: 'red', version, dtCreated: 'yesterday', ...over }),
});

describe('a merging update', () => {
  it('is refused where nothing reads what the method replaces', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const before = vendor.requests.length;
    await expect(
      runtime.call(account, id, 'parts.create', { body: { name: 'x' } }, { merge: true }),
    ).rejects.toMatchObject({ code: 'call.no-merge' });
    expect(vendor.requests.length).toBe(before);
  });

  it('reads, changes what was given, and sends what the body knows, on the version it read', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(7), { body: '{"id":"a"}' });
    await runtime.call(account, id, 'parts.update', { id: 'a', body: { name: 'New' } }, { merge: true });
    const [read, write] = vendor.requests.slice(-2);
    expect([read?.method, write?.method]).toEqual(['GET', 'PUT']);
    expect(JSON.parse(String(write?.body))).toEqual({ name: 'New', colour: 'red', version: 7 });
  });

  it('sends nothing that was read and the body does not know, at any depth', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(1, { sizes: [{ width: 1, area: 2 }, { width: 3 }], extra: { any: 'x' } }), {});
    await runtime.call(account, id, 'parts.update', { id: 'a', body: { name: 'New' } }, { merge: true });
    expect(JSON.parse(String(vendor.requests.at(-1)?.body))).toMatchObject({
      sizes: [{ width: 1 }, { width: 3 }],
      extra: { any: 'x' },
    });
    expect(String(vendor.requests.at(-1)?.body)).not.toContain('area');
  });

  it('still refuses what the caller gives and the body does not know, at any depth', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(1, { sizes: [{ width: 1, area: 2 }] }));
    const body = { sizes: [{ width: 2, area: 4 }] };
    await expect(
      runtime.call(account, id, 'parts.update', { id: 'a', body }, { merge: true }),
    ).rejects.toMatchObject({ code: 'arguments.invalid', problems: [{ path: 'body.sizes.0.area' }] });
    expect(vendor.requests.at(-1)?.method).toBe('GET');
  });

  it('takes a field away with null', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(1), {});
    await runtime.call(account, id, 'parts.update', { id: 'a', body: { colour: null } }, { merge: true });
    expect(JSON.parse(String(vendor.requests.at(-1)?.body))).toEqual({ name: 'Old', version: 1 });
  });

  it('reads and merges once more when somebody else was faster, and not a third time', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const conflict = { status: 409, body: '{"message":"stale"}' };
    vendor.next(entity(1), conflict, entity(2, { colour: 'green' }), {});
    await runtime.call(account, id, 'parts.update', { id: 'a', body: { name: 'New' } }, { merge: true });
    expect(JSON.parse(String(vendor.requests.at(-1)?.body))).toEqual({
      name: 'New',
      colour: 'green',
      version: 2,
    });
    vendor.next(entity(1), conflict, entity(2), conflict, entity(3), {});
    await expect(
      runtime.call(account, id, 'parts.update', { id: 'a', body: { name: 'New' } }, { merge: true }),
    ).rejects.toMatchObject({ code: 'vendor.conflict' });
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[{"name":"Old","colour":"red"}]'],
    ['a text', '"Old"'],
    ['a number', '5'],
    ['an error in the place of the entity', '{"problem":"try again"}'],
    ['the entity within something else', '{"data":{"name":"Old","colour":"red"}}'],
  ])('replaces nothing when the vendor answers %s where the entity was asked for', async (_, body) => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ body });
    const before = vendor.requests.length;
    await expect(
      runtime.call(account, id, 'parts.update', { id: 'a', body: { name: 'New' } }, { merge: true }),
    ).rejects.toMatchObject({ code: 'response.unreadable', outcome: 'not-sent', vendor: { status: 200 } });
    expect(vendor.requests.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  it('keeps what it read of fields that a body takes without naming them', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(1, { weight: 3 }), {});
    await runtime.call(account, id, 'openParts.update', { id: 'a', body: { name: 'New' } }, { merge: true });
    expect(JSON.parse(String(vendor.requests.at(-1)?.body))).toMatchObject({
      ...{ name: 'New', colour: 'red', weight: 3 },
    });
  });

  it('of a version that the caller names is not tried on another one', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(5), { status: 409 });
    await expect(
      runtime.call(
        account,
        id,
        'parts.update',
        { id: 'a', body: { name: 'New', version: 4 } },
        { merge: true },
      ),
    ).rejects.toMatchObject({ code: 'vendor.conflict' });
    expect(JSON.parse(String(vendor.requests.at(-1)?.body))).toMatchObject({ version: 4 });
  });

  it('still refuses what the schema does not allow, before it writes', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next(entity(1));
    await expect(
      runtime.call(
        account,
        id,
        'parts.update',
        { id: 'a', body: { colour: 'blue', nam: 'x' } },
        { merge: true },
      ),
    ).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [{ path: 'body.colour' }, { path: 'body.nam', hint: 'did you mean "name"?' }],
    });
    expect(vendor.requests.at(-1)?.method).toBe('GET');
  });
});

describe('JSON Merge Patch', () => {
  // The cases of RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});
