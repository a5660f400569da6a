import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import { createPlan } from '../../src/sandbox/plan.ts';
import { idleParameters } from '../../src/sandbox/plan-fields.ts';
import { unknownNames } from '../../src/sandbox/plan-names.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallScript } from './small-connector.ts';

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const around = (name: string, schema: JsonSchema, more: Record<string, JsonSchema> = {}): JsonSchema => ({
  type: 'object',
  required: [name, ...Object.keys(more)],
  properties: { [name]: schema, ...more },
});
const text: JsonSchema = { type: 'string' };

const connector = smallConnector({
  types: {
    Ticket: {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer' },
        subject: text,
        status: text,
        requester: text,
        watchers: { type: 'array', items: ref('User') },
      },
    },
    NewTicket: {
      type: 'object',
      required: ['subject'],
      properties: { subject: text, watchers: { type: 'array', items: text } },
    },
    User: { type: 'object', required: ['login', 'id'], properties: { id: { type: 'integer' }, login: text } },
    Repo: {
      type: 'object',
      required: ['id', 'name'],
      properties: {
        id: { type: 'integer' },
        name: text,
        description: text,
        owner: { type: 'object', properties: { login: text } },
      },
    },
  },
  methodList: [
    method('tickets.list', 'GET /tickets.json', {
      query: { limit: { type: 'integer' }, expand: text, since: text, requester: text },
      response: around('tickets', { type: 'array', items: ref('Ticket') }, { has_more: { type: 'boolean' } }),
    }),
    method('tickets.create', 'POST /tickets.json', {
      body: around('ticket', ref('NewTicket')),
      response: around('ticket', ref('Ticket'), { audit: { type: 'object', properties: { note: text } } }),
    }),
    method('tickets.get', 'GET /tickets/{{id}}.json', { response: around('ticket', ref('Ticket')) }),
    method('tickets.update', 'PUT /tickets/{{id}}.json', {
      body: around('ticket', { type: 'object', properties: { subject: text } }),
      response: around('ticket', ref('Ticket')),
    }),
    method('tickets.delete', 'DELETE /tickets/{{id}}.json'),
    method('tickets.close', 'PUT /tickets/{{id}}/close', {
      body: { type: 'object', properties: { status: text } },
      response: around('ticket', ref('Ticket')),
    }),
    method('repos.list', 'GET /user/repos', { response: { type: 'array', items: ref('Repo') } }),
    method('repos.create', 'POST /user/repos', {
      body: { type: 'object', properties: { name: text } },
      response: ref('Repo'),
    }),
    method('repos.get', 'GET /repos/{{owner}}/{{repo}}', { response: ref('Repo') }),
    method('repos.update', 'PATCH /repos/{{owner}}/{{repo}}', {
      body: { type: 'object', properties: { description: text } },
      response: ref('Repo'),
    }),
    method('repos.delete', 'DELETE /repos/{{owner}}/{{repo}}'),
    method('repos.byId', 'GET /repositories/{{id}}', { response: ref('Repo') }),
    method('repos.rename', 'POST /rename/{{owner}}/{{repo}}', {
      body: { type: 'object', properties: { name: text } },
      response: ref('Repo'),
    }),
    method('me.get', 'GET /me', { response: { type: 'object' } }),
  ],
});

const own = { owner: { login: 'ada' } };
const where = { 'owner.login': '{{owner}}', name: '{{repo}}' };
const script: SandboxScript = {
  organisations: smallScript.organisations,
  policies: smallScript.policies,
  entities: { version: null },
  collections: {
    tickets: { seeds: [{ subject: 'a' }, { subject: 'b' }, { subject: 'c' }] },
    'user/repos': {
      seeds: [
        { id: 12, name: 'one', ...own },
        { name: 'two', ...own },
      ],
    },
  },
  methods: {
    'tickets.close': { as: 'change', of: 'tickets', set: '{{body}}' },
    'repos.create': { as: 'create', of: 'user/repos', with: own },
    'repos.get': { as: 'get', of: 'user/repos', where },
    'repos.update': { as: 'update', of: 'user/repos', where },
    'repos.delete': { as: 'delete', of: 'user/repos', where },
    'repos.byId': { as: 'get', of: 'user/repos' },
    'repos.rename': {
      as: 'answer',
      steps: [{ change: 'user/repos', name: 'it', where, needed: true, set: '{{body}}' }],
      body: '{{it}}',
    },
  },
};

async function open() {
  const { enter, urls } = await openSandbox(connector, script);
  const { token } = await enter('All');
  return (verbAndPath: string, body?: unknown) => {
    const [method = '', path = ''] = verbAndPath.split(' ');
    return call(`${urls.api}${path}`, { token, method, body });
  };
}

describe('what sandbox.yaml says of collections', () => {
  it('is refused when there is no such collection, with those that there are, and with all else that is wrong', () => {
    const wrong: SandboxScript = {
      ...script,
      collections: { refunds: {}, tickets: { filters: { colour: null } } },
      methods: { 'tickets.list': { as: 'list', of: 'ticket' }, 'x.y': { as: 'sample' } },
    };
    expect(unknownNames(connector, wrong).map(({ message }) => message)).toEqual([
      'the definition has no method "x.y"',
      'the definition has no collection "refunds": there are tickets, user/repos; give it a type to have it all the same',
      'the definition has no collection "ticket": there are tickets, user/repos; give it a type to have it all the same',
      'no list of tickets has a parameter "colour"',
    ]);
  });

  it('need not say that usual parameters filter nothing; others are told of', () => {
    expect(unknownNames(connector, script)).toEqual([]);
    expect(idleParameters(connector, script, createPlan(connector, script).collections)).toEqual([
      { method: 'tickets.list', collection: 'tickets', parameters: ['since'] },
    ]);
  });
});

describe('a vendor whose paths end in .json and whose bodies are wrapped', () => {
  it('refuses what is not wrapped, and ids that nobody has', async () => {
    const ask = await open();
    expect((await ask('POST /tickets.json', { subject: 'x' })).status).toBe(400);
    expect((await ask('GET /tickets/99.json')).status).toBe(404);
  });

  it('is played with its wrappers, and what stands beside them', async () => {
    const ask = await open();
    expect((await ask('POST /tickets.json', { ticket: { subject: 'x' } })).json).toEqual({
      ticket: { id: 4, subject: 'x' },
      audit: {},
    });
    expect((await ask('GET /tickets/4.json')).json).toEqual({ ticket: { id: 4, subject: 'x' } });
    const changed = await ask('PUT /tickets/4.json', { ticket: { subject: 'y' } });
    expect(changed.json).toEqual({ ticket: { id: 4, subject: 'y' } });
    await ask('DELETE /tickets/4.json');
    expect((await ask('GET /tickets/4.json')).status).toBe(404);
  });

  it('shows in full what a request only names', async () => {
    const ask = await open();
    const made = await ask('POST /tickets.json', { ticket: { subject: 'x', watchers: ['ada'] } });
    expect(made.json.ticket.watchers).toEqual([{ login: 'ada', id: 1 }]);
  });

  it('lists without pages, as many as are asked for; what it does not know of filters nothing', async () => {
    const ask = await open();
    const all = (await ask('GET /tickets.json?expand=x&since=2026')).json;
    expect([all.tickets.length, all.has_more]).toEqual([3, false]);
    expect((await ask('GET /tickets.json?limit=2')).json.tickets).toHaveLength(2);
    expect((await ask('GET /tickets.json?requester=x')).json.tickets).toEqual([]);
  });

  it('takes the whole body of a change', async () => {
    const ask = await open();
    const closed = await ask('PUT /tickets/1/close', { status: 'closed' });
    expect(closed.json).toEqual({ ticket: { id: 1, subject: 'a', status: 'closed' } });
  });
});

describe('entities that are listed at one path and read at another, by several ids', () => {
  it('are unknown when one of the ids is', async () => {
    const ask = await open();
    for (const path of ['/repos/bob/one', '/repos/ada/none', '/repositories/99'])
      expect([path, (await ask(`GET ${path}`)).status]).toEqual([path, 404]);
    const missing = await ask('GET /repos/bob/one');
    expect(missing.json.message).toBe('There is no repos with the owner.login bob and name one');
  });

  it('are created, read, changed and deleted as the script says', async () => {
    const ask = await open();
    expect((await ask('GET /repos/ada/one')).json).toMatchObject({ id: 12 });
    expect((await ask('GET /repositories/12')).json).toMatchObject({ name: 'one' });
    expect((await ask('POST /user/repos', { name: 'new' })).json).toEqual({ id: 2, name: 'new', ...own });
    expect((await ask('PATCH /repos/ada/new', { description: 'x' })).json.description).toBe('x');
    expect((await ask('POST /rename/ada/new', { name: 'newer' })).json).toMatchObject({
      id: 2,
      name: 'newer',
    });
    expect((await ask('GET /user/repos')).json).toHaveLength(3);
    await ask('DELETE /repos/ada/newer');
    expect((await ask('GET /repos/ada/newer')).status).toBe(404);
    expect((await ask('GET /user/repos')).json).toHaveLength(2);
  });
});

it('a verb behind an id, and an id in brackets, are read as path segments', () => {
  const odd = smallConnector({
    methodList: [
      method('jobs.list', 'GET /jobs', { response: { type: 'array', items: ref('Repo') } }),
      method('jobs.get', "GET /jobs('{{id}}')", { response: ref('Repo') }),
      method('jobs.cancel', 'POST /jobs/{{id}}:cancel', { response: ref('Repo') }),
      method('me.get', 'GET /me'),
    ],
  });
  const plan = createPlan(odd, { ...script, collections: {}, methods: {} });
  expect(plan.methods.get('jobs.get')?.behaviour).toMatchObject({ does: 'get', item: 'id' });
  expect(plan.methods.get('jobs.cancel')?.ancestors).toMatchObject([{ collection: 'jobs', item: 'id' }]);
});
