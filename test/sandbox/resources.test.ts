import { describe, expect, it } from 'vitest';
import { call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallMethods, smallScript } from './small-connector.ts';

async function open(script = smallScript, connector = smallConnector()) {
  const opened = await openSandbox(connector, script);
  const { token } = await opened.enter('All');
  const base = `${opened.urls.api}/org/one`;
  const ask = (path: string, verb = 'GET', body?: unknown) =>
    call(`${base}${path}`, { token, method: verb, body });
  return { ...opened, token, base, ask };
}

const names = (reply: { json: { items: { name: string }[] } }) => reply.json.items.map((item) => item.name);

describe('a request is refused', () => {
  it('for a path that is not there, a verb that the path has not, and an id that is unknown', async () => {
    const { ask } = await open();
    expect((await ask('/nothing')).status).toBe(404);
    const verb = await ask('/things', 'DELETE');
    expect([verb.status, verb.headers.get('allow'), verb.json.message]).toEqual([
      405,
      'GET, POST',
      expect.stringContaining('DELETE'),
    ]);
    const id = await ask('/things/none');
    expect([id.status, id.json.message]).toEqual([404, 'There is no things with the id none']);
    expect((await ask('/things/%E0%A4%A')).status).toBe(404);
  });

  it('for a parent that does not exist, before anything else of it is played', async () => {
    const { ask } = await open();
    expect((await ask('/things/none/parts')).status).toBe(404);
    expect((await ask('/things/none/parts', 'POST', {})).status).toBe(404);
    expect((await ask('/things/none/report')).status).toBe(404);
  });

  it('for a body that is missing, unreadable, of another type, or breaks the schema - with all that is wrong', async () => {
    const { ask, base, token } = await open();
    expect((await ask('/things', 'POST')).json.message).toContain('missing');
    expect((await ask('/things', 'POST', '{"name"')).status).toBe(400);
    expect((await ask('/things', 'POST', ['x'])).json.message).toBe(
      'the body must be an object, not an array',
    );
    const wrong = await ask('/things', 'POST', { name: '', size: 'big' });
    expect([wrong.status, wrong.json.message]).toEqual([
      400,
      expect.stringMatching(/name .*; size must be a number/),
    ]);
    const headers = { 'content-type': 'text/csv' };
    expect((await call(`${base}/things`, { token, body: 'a,b', headers })).status).toBe(415);
  });

  it('are refused as JSON where the vendor takes forms, and as a form where it takes JSON', async () => {
    const connector = smallConnector();
    const create = connector.methods['things.create'];
    if (!create?.body) throw new Error('no such method');
    const asForm = { ...create, body: { ...create.body, encoding: 'form' as const } };
    const forms = { ...connector, methods: { ...connector.methods, 'things.create': asForm } };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [vendor, good, bad, wanted] of [
      [forms, { body: 'name=One', headers }, { body: { name: 'One' } }, headers['content-type']],
      [connector, { body: { name: 'One' } }, { body: 'name=One', headers }, 'application/json'],
    ] as const) {
      const { urls, enter } = await openSandbox(vendor, smallScript);
      const { token } = await enter('All');
      const url = `${urls.api}/org/one/things`;
      expect((await call(url, { token, ...good })).status).toBe(200);
      const refused = await call(url, { token, ...bad });
      expect([refused.status, refused.text]).toEqual([415, expect.stringContaining(`send ${wanted}`)]);
    }
  });

  it('for query values of the wrong type or outside their bounds', async () => {
    const { ask } = await open();
    for (const query of ['limit=0', 'limit=51', 'limit=ten', 'limit=1.5', 'minSize=big', 'next=invented'])
      expect([query, (await ask(`/things?${query}`)).status]).toEqual([query, 400]);
    for (const query of ['page=0', 'page=-1', 'page=x'])
      expect([query, (await ask(`/things/numbered?${query}`)).status]).toEqual([query, 400]);
  });

  it('for a value that must be unique, on creation and on change', async () => {
    const { ask } = await open();
    await ask('/things', 'POST', { name: 'a', code: 'x' });
    const other = (await ask('/things', 'POST', { name: 'b', code: 'y' })).json;
    expect((await ask('/things', 'POST', { name: 'c', code: 'x' })).status).toBe(409);
    expect((await ask(`/things/${other.id}`, 'PUT', { name: 'b', code: 'x', version: 1 })).status).toBe(409);
    expect((await ask(`/things/${other.id}`, 'PUT', { name: 'b', code: 'y', version: 1 })).status).toBe(200);
    expect((await ask('/things', 'POST', { name: 'no code' })).status).toBe(200);
    expect((await ask('/things', 'POST', { name: 'no code either' })).status).toBe(200);
  });

  it('for a missing, stale or wrongly typed version; nothing is changed then', async () => {
    const { ask } = await open();
    const { id } = (await ask('/things', 'POST', { name: 'a' })).json;
    expect((await ask(`/things/${id}`, 'PUT', { name: 'b' })).status).toBe(400);
    expect((await ask(`/things/${id}`, 'PUT', { name: 'b', version: 2 })).status).toBe(409);
    expect((await ask(`/things/${id}`, 'PUT', { name: 'b', version: '1' })).status).toBe(409);
    expect((await ask(`/things/${id}`)).json).toMatchObject({ name: 'a', version: 1 });
  });

  it('with the statuses, messages and body that the script gives', async () => {
    const { ask } = await open({
      ...smallScript,
      errorBody: { error: { code: '{{status}}', text: '{{message}}' } },
      refusals: { unknownId: { status: 410, message: 'Gone. {{detail}}' } },
    });
    const reply = await ask('/things/x');
    expect(reply.status).toBe(410);
    expect(reply.json).toEqual({ error: { code: 410, text: 'Gone. There is no things with the id x' } });
  });
});

describe('entities', () => {
  it('get an id, a version, the fields of the script and what answers require; unknown fields are dropped', async () => {
    const { ask } = await open();
    const body = { name: 'a', id: 'mine', version: 9, colour: 'green', surprise: true, createdOn: 'x' };
    const { json } = await ask('/things', 'POST', body);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'a',
      version: 1,
      colour: 'green',
      createdOn: '2026-03-01T12:00:00.000Z',
      note: 'none',
    });
  });

  it('are replaced by PUT and merged by PATCH, keeping id and creation', async () => {
    const { ask, clock } = await open();
    const { id } = (await ask('/things', 'POST', { name: 'a', code: 'c', size: 3 })).json;
    clock.advance(1000);
    const merged = (await ask(`/things/${id}`, 'PATCH', { name: 'b', version: 1 })).json;
    expect(merged).toMatchObject({
      id,
      name: 'b',
      code: 'c',
      size: 3,
      version: 2,
      createdOn: '2026-03-01T12:00:00.000Z',
    });
    const replaced = (await ask(`/things/${id}`, 'PUT', { name: 'c', version: 2 })).json;
    expect(replaced).toMatchObject({ id, name: 'c', version: 3, createdOn: '2026-03-01T12:00:00.000Z' });
    expect(replaced).not.toHaveProperty('size');
  });

  it('have no version where the vendor has none', async () => {
    const { ask } = await open({ ...smallScript, entities: { version: null } });
    const { json } = await ask('/things', 'POST', { name: 'a' });
    expect((await ask(`/things/${json.id}`, 'PUT', { name: 'b' })).json).toMatchObject({ name: 'b' });
  });

  it('are gone after DELETE, with the status of the script and no body where the definition has none', async () => {
    const { ask } = await open({ ...smallScript, statuses: { create: 201, empty: 204 } });
    const created = await ask('/things', 'POST', { name: 'a' });
    expect(created.status).toBe(201);
    const deleted = await ask(`/things/${created.json.id}`, 'DELETE');
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await ask(`/things/${created.json.id}`)).status).toBe(404);
    expect((await ask(`/things/${created.json.id}`, 'DELETE')).status).toBe(404);
  });

  it('of one organisation or parent are not seen in another', async () => {
    const { ask, sandbox, urls } = await open();
    const [a, b] = [await ask('/things', 'POST', { name: 'a' }), await ask('/things', 'POST', { name: 'b' })];
    const part = (await ask(`/things/${a.json.id}/parts`, 'POST', { label: 'wheel' })).json;
    expect((await ask(`/things/${a.json.id}/parts`)).json).toEqual([part]);
    expect((await ask(`/things/${b.json.id}/parts`)).json).toEqual([]);
    expect((await ask(`/things/${b.json.id}/parts/${part.id}`)).status).toBe(404);
    const { key } = sandbox.access.createServiceUser({
      name: 'elsewhere',
      organisationId: 'two',
      policies: ['All'],
      generateKey: true,
    });
    const reply = await call(`${urls.api}/oauth/token`, {
      body: { grant_type: 'client_credentials' },
      headers: {
        authorization: `Basic ${Buffer.from(`${key?.accessKeyId}:${key?.apiSecret.reveal()}`).toString('base64')}`,
      },
    });
    const foreign = await call(`${urls.api}/org/two/things`, { token: reply.json.access_token });
    expect(foreign.json.items).toEqual([]);
  });

  it('start with the seeds of the script in every organisation, unless asked otherwise', async () => {
    const script = {
      ...smallScript,
      collections: {
        things: {
          ...smallScript.collections?.things,
          seeds: [{ name: 'first', ownerId: '{{organisationId}}' }, { name: 'second' }],
        },
      },
    };
    const { ask } = await open(script);
    const { json } = await ask('/things');
    expect(json.items).toMatchObject([{ name: 'second' }, { name: 'first', ownerId: 'one', version: 1 }]);
    const bare = await openSandbox(smallConnector(), script, { seed: false });
    const { token } = await bare.enter('All');
    expect((await call(`${bare.urls.api}/org/one/things`, { token })).json.items).toEqual([]);
  });

  it('that there is only one of are there from the start and keep their version', async () => {
    const { ask } = await open({
      ...smallScript,
      collections: { ...smallScript.collections, settings: { defaults: { theme: 'light' } } },
    });
    expect((await ask('/settings')).json).toEqual({ version: 1, theme: 'light' });
    expect((await ask('/settings', 'PUT', { theme: 'dark' })).status).toBe(400);
    expect((await ask('/settings', 'PUT', { theme: 'dark', version: 1 })).json).toEqual({
      version: 2,
      theme: 'dark',
    });
    expect((await ask('/settings')).json).toEqual({ version: 2, theme: 'dark' });
  });
});

describe('lists', () => {
  it('are newest first and go on after the last item although others came and went meanwhile', async () => {
    const { ask } = await open();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await ask('/things', 'POST', { name })).json.id);
    const first = await ask('/things?limit=2');
    expect(names(first)).toEqual(['e', 'd']);
    await ask('/things', 'POST', { name: 'f' });
    await ask(`/things/${ids[3]}`, 'DELETE');
    const second = await ask(`/things?limit=2&next=${first.json.paging.next}`);
    expect(names(second)).toEqual(['c', 'b']);
    const third = await ask(`/things?limit=2&next=${second.json.paging.next}`);
    expect([names(third), third.json.paging]).toEqual([['a'], undefined]);
  });

  it('end without a token when the last page is full, and have what the schema requires', async () => {
    const { ask } = await open();
    for (const name of ['a', 'b']) await ask('/things', 'POST', { name });
    const { json } = await ask('/things?limit=2');
    expect([json.items.length, json.paging, json.took]).toEqual([2, undefined, 1]);
  });

  it('make no token up, even if the schema requires one', async () => {
    const page = {
      type: 'object',
      required: ['items', 'paging'],
      properties: {
        items: { type: 'array', items: { $ref: '#/$defs/Thing' } },
        paging: { type: 'object', required: ['next'], properties: { next: { type: 'string' } } },
      },
    };
    const methodList = smallMethods.map((each) =>
      each.key === 'things.list' ? { ...each, response: page } : each,
    );
    const { ask } = await open(smallScript, smallConnector({ methodList }));
    await ask('/things', 'POST', { name: 'a' });
    expect((await ask('/things')).json.paging).toEqual({});
  });

  it('tell the number of all items and have the page size that the script says', async () => {
    const { ask } = await open({ ...smallScript, pages: { token: { size: 2, total: 'paging.total' } } });
    for (const name of ['a', 'b', 'c']) await ask('/things', 'POST', { name });
    const { json } = await ask('/things');
    expect([json.items.length, json.paging.total]).toEqual([2, 3]);
  });

  it('can be counted by page number', async () => {
    const { ask } = await open();
    for (const name of ['a', 'b', 'c']) await ask('/things', 'POST', { name });
    expect(names(await ask('/things/numbered?page=2&limit=2'))).toEqual(['a']);
    expect(names(await ask('/things/numbered?page=3&limit=2'))).toEqual([]);
  });

  it('are filtered by fields, by lists in either form, and by bounds', async () => {
    const { ask } = await open();
    const ids: string[] = [];
    for (const [name, size, ownerId] of [
      ['a', 1, 'x'],
      ['b', 2, 'y'],
      ['c', 3, 'x'],
    ] as const)
      ids.push((await ask('/things', 'POST', { name, size, ownerId })).json.id);
    expect(names(await ask('/things?owner=x'))).toEqual(['c', 'a']);
    expect(names(await ask('/things?minSize=2'))).toEqual(['c', 'b']);
    expect(names(await ask(`/things?ids=${ids[0]},${ids[1]}`))).toEqual(['b', 'a']);
    expect(names(await ask(`/things?ids=${ids[0]}&ids=${ids[2]}`))).toEqual(['c', 'a']);
    expect(names(await ask('/things?ids=&owner='))).toEqual(['c', 'b', 'a']);
    expect(names(await ask('/things?unheardOf=1'))).toEqual(['c', 'b', 'a']);
  });
});

describe('everything else', () => {
  it('is a sample of the answer’s schema, the same each time', async () => {
    const { ask } = await open();
    const { id } = (await ask('/things', 'POST', { name: 'a' })).json;
    const report = await ask(`/things/${id}/report`);
    expect(report.json).toEqual({ total: 3 });
    expect((await ask(`/things/${id}/report`)).json).toEqual(report.json);
  });

  it('never pages a sample on and on', async () => {
    const page = { type: 'object', properties: { items: { type: 'array' }, after: { type: 'string' } } };
    const paging = {
      style: 't',
      kind: 'token',
      parameter: 'after',
      items: 'items',
      next: 'after',
      first: 0,
    } as const;
    const odd = method('runs.list', 'GET /org/{{org}}/runs', { paging, response: page });
    const { ask } = await open(smallScript, smallConnector({ methodList: [...smallMethods, odd] }));
    expect((await ask('/runs')).json).toEqual({ items: ['sample'] });
  });

  it('is also what a bulk request gets: nothing is stored', async () => {
    const bulk = method('things.create', 'POST /org/{{org}}/things', {
      body: { type: 'array', items: { $ref: '#/$defs/NewThing' } },
      response: { type: 'array', items: { $ref: '#/$defs/Thing' } },
    });
    const { ask } = await open(smallScript, smallConnector({ methodList: [...smallMethods, bulk] }));
    expect((await ask('/things', 'POST', [{ name: 'a' }])).json).toMatchObject([{ colour: 'red' }]);
    expect((await ask('/things')).json.items).toEqual([]);
  });

  it('answers application/json, also when it refuses', async () => {
    const { ask } = await open();
    for (const path of ['/me', '/things/none', '/nothing'])
      expect((await ask(path)).headers.get('content-type')).toBe('application/json');
  });
});
