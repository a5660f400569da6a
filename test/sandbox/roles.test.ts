import { describe, expect, it } from 'vitest';
import { createPlan } from '../../src/sandbox/plan.ts';
import { unknownNames } from '../../src/sandbox/plan-names.ts';
import { inferRoles } from '../../src/sandbox/roles.ts';
import { method, smallConnector, smallScript, tokenPaging } from './small-connector.ts';

const roles = inferRoles(smallConnector(), 'org');
const said = (key: string) => {
  const role = roles.byMethod.get(key);
  return role && `${role.does} ${role.of}`;
};

describe('roles, read from verbs and paths', () => {
  it('sees no role in reports, actions and paths that only look like a collection', () => {
    expect(said('things.report')).toBeUndefined();
    expect(said('events.send')).toBeUndefined();
    expect(said('me.get')).toBeUndefined();
    const odd = inferRoles(
      smallConnector({
        methodList: [
          method('bills.latest', 'GET /org/{{org}}/bills/latest/{{account}}'),
          method('bills.byAccount', 'GET /org/{{org}}/bills/account/{{account}}', { paging: tokenPaging }),
          method('bills.lock', 'PUT /org/{{org}}/bills/{{id}}/lock'),
        ],
      }),
      'org',
    );
    expect([...odd.byMethod.keys()]).toEqual([]);
  });

  it('sees list, create, get, update and delete of a collection', () => {
    expect(said('things.list')).toBe('list things');
    expect(said('things.create')).toBe('create things');
    expect(said('things.get')).toBe('get things');
    expect(said('things.update')).toBe('update things');
    expect(said('things.patch')).toBe('update things');
    expect(said('things.delete')).toBe('delete things');
  });

  it('sees an update in a POST to where an entity is read, and nowhere else', () => {
    const posting = inferRoles(
      smallConnector({
        methodList: [
          method('notes.create', 'POST /org/{{org}}/notes'),
          method('notes.get', 'GET /org/{{org}}/notes/{{id}}'),
          method('notes.change', 'POST /org/{{org}}/notes/{{id}}'),
          method('notes.share', 'POST /org/{{org}}/notes/{{id}}/share'),
          method('tags.create', 'POST /org/{{org}}/tags'),
          method('tags.delete', 'DELETE /org/{{org}}/tags/{{id}}'),
          method('tags.rename', 'POST /org/{{org}}/tags/{{id}}'),
        ],
      }),
      'org',
    );
    expect(posting.byMethod.get('notes.change')).toMatchObject({ does: 'update', of: 'notes', item: 'id' });
    expect(posting.byMethod.has('notes.share')).toBe(false);
    expect(posting.byMethod.has('tags.rename')).toBe(false);
  });

  it('sees nested collections with their parents, and lists that are plain arrays', () => {
    expect(said('parts.list')).toBe('list things/*/parts');
    expect(roles.byMethod.get('parts.get')).toEqual({
      does: 'get',
      of: 'things/*/parts',
      parents: ['thingId'],
      item: 'id',
    });
  });

  it('sees a singleton where a path can be read and put', () => {
    expect(said('settings.get')).toBe('read settings');
    expect(said('settings.update')).toBe('write settings');
  });

  it('takes a paged path that ends in a placeholder for a collection when it can be posted to', () => {
    const groups = inferRoles(
      smallConnector({
        methodList: [
          method('groups.list', 'GET /org/{{org}}/groups/{{type}}', { paging: tokenPaging }),
          method('groups.create', 'POST /org/{{org}}/groups/{{type}}'),
          method('groups.get', 'GET /org/{{org}}/groups/{{type}}/{{id}}'),
        ],
      }),
      'org',
    );
    expect([...groups.byMethod.values()].map((role) => `${role.does} ${role.of} ${role.parents}`)).toEqual([
      'list groups/* type',
      'create groups/* type',
      'get groups/* type',
    ]);
  });
});

describe('createPlan', () => {
  it('refuses a script that names what the definition does not have, all at once', () => {
    const script = {
      ...smallScript,
      organisationSetting: 'tenant',
      collections: { thngs: {} },
      bodyLimits: { upload: 1 },
      methods: { 'things.search': { as: 'search', of: 'gadgets' } },
    } as const;
    expect(unknownNames(smallConnector(), script).map((problem) => problem.path.join('.'))).toEqual([
      'organisationSetting',
      'bodyLimits.upload',
      'methods.things.search',
      'collections.thngs',
      'methods.things.search',
    ]);
    expect(() => createPlan(smallConnector(), script)).toThrow(
      expect.objectContaining({ code: 'sandbox.invalid', message: expect.stringContaining('thngs') }),
    );
  });

  it('needs the entities above a path to exist', () => {
    const plan = createPlan(smallConnector(), smallScript);
    expect(plan.methods.get('parts.get')?.ancestors).toEqual([
      { collection: 'things', parents: [], item: 'thingId' },
    ]);
    expect(plan.methods.get('things.report')?.ancestors).toEqual([
      { collection: 'things', parents: [], item: 'id' },
    ]);
    expect(plan.methods.get('things.get')?.ancestors).toEqual([]);
  });
});
