import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, ReleaseStatus } from '../../src/definition/connector.ts';
import { createLibrary, type Library } from '../../src/definition/library.ts';
import { compileAcme } from '../helpers/acme.ts';

const release = (version: string, status: ReleaseStatus = 'live', name = 'acme') =>
  compileAcme(({ connector }) => Object.assign(connector, { version, status, name }));

let old: Connector;
let live: Connector;
let draft: Connector;
let other: Connector;
let library: Library;

beforeAll(async () => {
  [old, live, draft, other] = await Promise.all([
    release('1.9.0', 'deprecated'),
    release('1.10.0'),
    release('2.0.0', 'draft'),
    release('0.1.0', 'draft', 'other'),
  ]);
  library = createLibrary([live, other, draft, old]);
});

describe('a library', () => {
  it('refuses two connectors of one name and version', () => {
    expect(() => createLibrary([old, live, old])).toThrow(
      expect.objectContaining({ code: 'connector.invalid', message: 'acme 1.9.0 is given twice' }),
    );
  });

  it.each(['', 'acne', 'ACME', 'constructor', '__proto__', '0', '-1', '767122308.0'])(
    'knows no connector "%s"',
    (name) => {
      expect(() => library.find(name)).toThrow(expect.objectContaining({ code: 'connector.unknown' }));
      expect(library.releases(name)).toEqual([]);
    },
  );

  it('hints at the name that was meant', () => {
    expect(() => library.find('acne')).toThrow(expect.objectContaining({ hint: 'did you mean "acme"?' }));
  });

  it('knows no release that is not there, and says which', () => {
    expect(() => library.find('acme', '3.0.0')).toThrow('there is no connector "acme 3.0.0"');
    expect(() => library.find(String(old.id), '1.10.0')).toThrow(
      expect.objectContaining({ code: 'connector.unknown' }),
    );
  });

  it('gives the live release, however many are newer', () => {
    expect(library.find('acme')).toBe(live);
    expect(library.find(live.uuid.toUpperCase())).toBe(live);
  });

  it('gives the newest when none is live', () => {
    expect(library.find('other')).toBe(other);
    expect(createLibrary([old, draft]).find('acme')).toBe(draft);
  });

  it('gives the very release that an id or a version names', () => {
    expect(library.find(String(old.id))).toBe(old);
    expect(library.find('acme', '2.0.0')).toBe(draft);
    expect(library.find(live.uuid, '1.9.0')).toBe(old);
  });

  it('orders releases as versions, not as texts', () => {
    expect(library.releases('acme')).toEqual([draft, live, old]);
    expect(library.releases(live.uuid)).toEqual([draft, live, old]);
  });
});

describe('a method', () => {
  it.each(['', 'things', 'things.lst', 'THINGS.LIST', 'constructor', '__proto__'])(
    '"%s" is unknown',
    (key) => {
      expect(() => library.method(live, key)).toThrow(expect.objectContaining({ code: 'method.unknown' }));
    },
  );

  it('that is nearly right is told so', () => {
    expect(() => library.method(live, 'things.lst')).toThrow(
      expect.objectContaining({ hint: 'did you mean "things.list"?' }),
    );
  });

  it('is found by key, UUID in any case, and integer id', () => {
    const list = live.methods['things.list'];
    for (const name of ['things.list', list?.uuid, list?.uuid.toUpperCase(), String(list?.id)])
      expect(library.method(live, name ?? '')).toBe(list);
  });

  it('of another release is another method, and not found by that id here', () => {
    const id = old.methods['things.list']?.id ?? 0;
    expect(() => library.method(live, String(id))).toThrow(
      expect.objectContaining({ code: 'method.unknown' }),
    );
    expect(library.methodById(id)).toEqual({ connector: old, method: old.methods['things.list'] });
  });

  it('of no connector is unknown by id', () => {
    expect(() => library.methodById(1)).toThrow(expect.objectContaining({ code: 'method.unknown' }));
  });
});
