/** The one suite that every store passes: a way to open the store comes in, its tests are registered. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { describeQueries, describeValues } from './store-reads.ts';
import { describeRefusals } from './store-refusals.ts';
import { account, countUp, insert, token } from './store-rows.ts';
import { describeSealing, type SealingBed } from './store-sealing.ts';
import { describeVersions } from './store-versions.ts';
import { describeWrites } from './store-writes.ts';

/** An opened store, empty, and what the suite does to it from outside. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes everything and removes what is left. */
  readonly dispose: () => Promise<void>;
}

export interface OpenedDurableStore extends OpenedStore, SealingBed {
  /** Everything that the database keeps, as it would be found by somebody who copied its disk. */
  readonly readBytes: () => Promise<Buffer>;
}

/** What every store does, also one that keeps its data in memory only. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the store contract:`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.dispose());
    const store = (): Store => opened.store;
    describe('refusals:', () => describeRefusals(store));
    describe('writes:', () => describeWrites(store));
    describe('versions:', () => describeVersions(store, async () => store()));
    describe('queries:', () => describeQueries(store));
    describe('values:', () => describeValues(store));
  });
}

/** What a store does beside that when its data outlives it. */
export function describeDurableStore(name: string, open: () => Promise<OpenedDurableStore>): void {
  describeStore(name, open);
  describe(`${name} is durable:`, () => {
    let opened: OpenedDurableStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.dispose());
    describe('keys:', () => describeSealing(() => opened));
    describe('versions over another connection:', () => {
      let other: Store;
      beforeEach(async () => {
        other = await opened.openAnother();
      });
      afterEach(() => other.close());
      describeVersions(
        () => opened.store,
        async () => other,
      );
    });

    test('no secret is found in what it keeps on disk', async () => {
      const text = 'the-very-secret-text';
      await opened.store.write([
        insert('token', token('i1', text)),
        insert('account', account('visible-id')),
      ]);
      await opened.store.write([{ op: 'update', table: 'token', id: 'i1', set: { fingerprint: 'changed' } }]);
      const bytes = await opened.readBytes();
      expect(bytes.includes('visible-id')).toBe(true);
      for (const form of [text, Buffer.from(text).toString('base64url'), Buffer.from(text).toString('hex')]) {
        expect(bytes.includes(form)).toBe(false);
      }
    });

    test('a sealed value that was moved to another row is refused', async () => {
      await opened.store.write([insert('token', token('i1', 'one')), insert('token', token('i2', 'two'))]);
      await opened.swapColumn('token', 'token', ['i1', 'i2']);
      await expect(opened.store.get('token', 'i1')).rejects.toMatchObject({
        code: 'store.sealed-unreadable',
      });
      await expect(opened.store.list('token')).rejects.toMatchObject({ code: 'store.sealed-unreadable' });
    });

    test('everything is there after it was closed and opened again', async () => {
      const rows = [account('a1'), account('a2', { parentId: 'a1', details: { Timezone: 'Europe/Berlin' } })];
      await opened.store.write(rows.map((row) => insert('account', row)));
      await opened.store.write([insert('token', token('i1', 's3cret'))]);
      await opened.store.close();
      const again = await opened.openAnother();
      expect(await again.list('account')).toEqual(rows);
      expect((await again.get('token', 'i1'))?.token.reveal()).toBe('s3cret');
      await again.close();
    });

    test('a write is seen at once over another connection', async () => {
      const other = await opened.openAnother();
      await opened.store.write([insert('account', account('a1'))]);
      expect(await other.get('account', 'a1')).toEqual(account('a1'));
      await other.close();
    });

    test('no change is lost between two connections that count up one number', async () => {
      const other = await opened.openAnother();
      await opened.store.write([insert('counter', { id: 'c', value: 0 })]);
      const writers = [opened.store, other, opened.store, other].map((store) => countUp(store, 25));
      await Promise.all(writers);
      expect(await opened.store.get('counter', 'c')).toEqual({ id: 'c', value: 100 });
      await other.close();
    });
  });
}
