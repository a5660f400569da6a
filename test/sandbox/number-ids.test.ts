import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallScript, tokenPaging } from './small-connector.ts';

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const page = (name: string): JsonSchema => ({
  type: 'object',
  properties: { items: { type: 'array', items: ref(name) } },
});

const connector = smallConnector({
  types: {
    Ticket: {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer' },
        number: { type: 'integer' },
        title: { type: 'string' },
        parentId: { type: ['integer', 'null'] },
        parentTitle: { type: 'string' },
      },
    },
    Note: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' }, text: { type: 'string' } },
    },
  },
  methodList: [
    method('tickets.list', 'GET /org/{{org}}/tickets', {
      query: { next: { type: 'string' }, limit: { type: 'integer' }, parentId: { type: 'integer' } },
      paging: tokenPaging,
      response: page('Ticket'),
    }),
    method('tickets.create', 'POST /org/{{org}}/tickets', {
      body: { type: 'object', properties: { title: { type: 'string' }, number: { type: 'integer' } } },
      response: ref('Ticket'),
    }),
    method('tickets.get', 'GET /org/{{org}}/tickets/{{id}}', { response: ref('Ticket') }),
    method('tickets.delete', 'DELETE /org/{{org}}/tickets/{{id}}'),
    method('tickets.follow', 'POST /org/{{org}}/tickets/{{id}}/follow', { response: ref('Ticket') }),
    method('notes.list', 'GET /org/{{org}}/tickets/{{ticketId}}/notes', {
      response: { type: 'array', items: ref('Note') },
    }),
    method('notes.create', 'POST /org/{{org}}/tickets/{{ticketId}}/notes', {
      body: { type: 'object', properties: { text: { type: 'string' } } },
      response: ref('Note'),
    }),
    method('me.get', 'GET /org/{{org}}/me', { response: ref('Note') }),
  ],
});

const script: SandboxScript = {
  ...smallScript,
  entities: { version: null },
  collections: {
    tickets: {
      seeds: [{ title: 'first' }, { id: 1, title: 'one' }, { id: 7, title: 'seven', parentId: 1 }],
      derived: { parentTitle: { by: 'parentId', in: 'tickets', field: 'title' } },
    },
  },
  methods: {
    'me.get': { as: 'answer', body: { id: '41', text: '7' } },
    'tickets.follow': {
      as: 'answer',
      steps: [{ create: 'tickets', name: 'made', with: { title: '{{it_title}}!', parentId: '{{itId}}' } }],
      body: '{{made}}',
    },
  },
};

async function open(own: SandboxScript = script) {
  const { enter, urls } = await openSandbox(connector, own);
  const { token } = await enter('All');
  return (path: string, verb = 'GET', body?: unknown) =>
    call(`${urls.api}/org/one${path}`, { token, method: verb, body });
}

describe('where the schema says that ids are numbers, the sandbox', () => {
  it('refuses what lies below a number that nobody has', async () => {
    const ask = await open();
    expect((await ask('/tickets/99')).status).toBe(404);
    expect((await ask('/tickets/99/notes')).status).toBe(404);
    expect((await ask('/tickets/one')).status).toBe(404);
  });

  it('keeps the numbers of seeds, and gives others the next that is free', async () => {
    const ask = await open();
    const { items } = (await ask('/tickets')).json;
    expect(items.map(({ id, title }: { id: unknown; title: string }) => [id, title])).toEqual([
      [7, 'seven'],
      [1, 'one'],
      [2, 'first'],
    ]);
  });

  it('counts up, never gives a number twice, and starts where it is told to', async () => {
    const ask = await open();
    expect((await ask('/tickets', 'POST', {})).json.id).toBe(3);
    await ask('/tickets/3', 'DELETE');
    expect((await ask('/tickets', 'POST', {})).json.id).toBe(4);
    const later = await open({ ...script, entities: { version: null, idStart: 1000 } });
    expect((await later('/tickets', 'POST', {})).json.id).toBe(1001);
  });

  it('finds entities, what lies below them, what refers to them, and pages through them', async () => {
    const ask = await open();
    expect((await ask('/tickets/7')).json).toMatchObject({ id: 7, parentId: 1, parentTitle: 'one' });
    const note = await ask('/tickets/7/notes', 'POST', { text: 'x' });
    expect([note.status, note.json]).toEqual([200, { id: 1, text: 'x' }]);
    expect((await ask('/tickets/7/notes')).json).toHaveLength(1);
    expect((await ask('/tickets/1/notes')).json).toHaveLength(0);
    expect((await ask('/tickets?parentId=1')).json.items).toHaveLength(1);
    const first = (await ask('/tickets?limit=2')).json;
    const second = (await ask(`/tickets?limit=2&next=${first.paging.next}`)).json;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([7, 1, 2]);
  });

  it('makes numbers of texts that a script puts where only numbers fit, and of no others', async () => {
    const ask = await open();
    expect((await ask('/me')).json).toEqual({ id: 41, text: '7' });
    expect((await ask('/tickets/7/follow', 'POST')).json).toMatchObject({
      id: 3,
      title: 'seven!',
      parentId: 7,
    });
  });
});

describe('a collection whose entities are named by another field', () => {
  const numbered: SandboxScript = {
    ...script,
    collections: { tickets: { id: 'number', seeds: [{ id: 500, number: 1, title: 'one' }] } },
  };

  it('is read by that field, which creation may give, once', async () => {
    const ask = await open(numbered);
    expect((await ask('/tickets/1')).json).toMatchObject({ id: 500, number: 1 });
    expect((await ask('/tickets/500')).status).toBe(404);
    expect((await ask('/tickets', 'POST', { title: 'two' })).json).toMatchObject({ number: 2 });
    expect((await ask('/tickets', 'POST', { number: 12 })).json).toMatchObject({ number: 12 });
    expect((await ask('/tickets', 'POST', { number: 12 })).status).toBe(409);
  });
});
