import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallMethods, smallScript, tokenPaging } from './small-connector.ts';

const job: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string' },
    version: { type: 'integer' },
    state: { type: 'string' },
    madeIds: { type: 'array', items: { type: 'string' } },
    file: { type: 'string' },
  },
};
const page: JsonSchema = { type: 'object', properties: { items: { type: 'array', items: job } } };

const connector = smallConnector({
  methodList: [
    ...smallMethods,
    method('jobs.list', 'GET /org/{{org}}/jobs', { paging: tokenPaging, response: page }),
    method('jobs.get', 'GET /org/{{org}}/jobs/{{id}}', { response: job }),
    method('jobs.create', 'POST /org/{{org}}/jobs', { body: { type: 'object' }, response: job }),
    method('jobs.stop', 'POST /org/{{org}}/jobs/{{id}}/stop', { response: job }),
    method('notes.list', 'GET /org/{{org}}/notes', { paging: tokenPaging, response: page }),
    method('things.tidy', 'POST /org/{{org}}/tidy', {
      body: { type: 'object', properties: { names: { type: 'array' }, owner: { type: 'string' } } },
      response: { type: 'object' },
    }),
  ],
});

const script: SandboxScript = {
  ...smallScript,
  collections: {
    ...smallScript.collections,
    jobs: {
      course: {
        field: 'state',
        stages: [
          { is: 'waiting' },
          { is: 'working', afterSeconds: 10 },
          {
            is: 'done',
            afterSeconds: 10,
            set: { madeIds: '{{madeIds}}' },
            steps: [
              {
                each: 'things',
                name: 'thing',
                where: { name: ['a', 'b'] },
                collect: { madeIds: '{{copyId}}' },
                steps: [{ create: 'things', name: 'copy', with: { name: 'copy of {{thing_name}}' } }],
              },
            ],
          },
        ],
      },
      derived: {
        file: {
          when: { state: ['done'] },
          link: { lifetimeSeconds: 5, once: true, format: 'csv', of: 'things' },
        },
      },
    },
    notes: { type: 'Thing', unique: [] },
  },
  journal: { in: 'notes', entry: { name: '{{name}} {{happened}}' }, names: { things: 'thing' }, maximum: 3 },
  methods: {
    ...smallScript.methods,
    'jobs.stop': {
      as: 'change',
      of: 'jobs',
      only: { state: ['waiting', 'working'] },
      set: { state: 'stopped' },
    },
    'notes.list': { as: 'list', of: 'notes' },
    'things.tidy': {
      as: 'answer',
      steps: [
        {
          given: ['body_owner'],
          change: 'things',
          where: { name: '{{body_names}}' },
          set: { ownerId: '{{body_owner}}' },
          name: 'given',
        },
        {
          missing: ['body_owner'],
          remove: 'things',
          where: { name: '{{body_names}}' },
          needed: true,
          name: 'gone',
        },
        { if: { body_names: 'b' }, create: 'things', with: { name: 'in place of b' } },
      ],
      body: { given: '{{givenIds}}', gone: '{{goneIds}}' },
    },
  },
};

async function open() {
  const opened = await openSandbox(connector, script, {});
  const { token } = await opened.enter('All');
  const ask = (path: string, verb?: string, body?: unknown) =>
    call(`${opened.urls.api}/org/one${path}`, { token, body, ...(verb !== undefined && { method: verb }) });
  const make = async (path: string, body: object) => (await ask(path, 'POST', body)).json;
  const names = async () => (await ask('/things')).json.items.map(({ name }: { name: string }) => name);
  return { ...opened, ask, make, names };
}

describe('jobs', () => {
  it('cannot be stopped once they are done', async () => {
    const { ask, make, clock } = await open();
    const { id } = await make('/jobs', {});
    clock.advance(20_000);
    const { status, json } = await ask(`/jobs/${id}/stop`, 'POST');
    expect([status, json]).toEqual([
      409,
      { message: 'This jobs cannot do that now: state is done, not waiting or working' },
    ]);
  });

  it('go through all states whose time has passed, although nobody looked, and do their steps once', async () => {
    const { ask, make, names, clock } = await open();
    for (const name of ['a', 'b', 'c']) await make('/things', { name });
    const { id, state } = await make('/jobs', {});
    expect(state).toBe('waiting');
    clock.advance(200_000);
    expect(await names()).toEqual(['copy of b', 'copy of a', 'c', 'b', 'a']);
    const done = (await ask(`/jobs/${id}`)).json;
    expect(done).toMatchObject({
      state: 'done',
      version: 3,
      madeIds: [expect.any(String), expect.any(String)],
    });
    clock.advance(200_000);
    expect(await names()).toHaveLength(5);
  });

  it('stay as they were stopped', async () => {
    const { ask, make, clock } = await open();
    const { id } = await make('/jobs', {});
    clock.advance(10_000);
    expect((await ask(`/jobs/${id}/stop`, 'POST')).json.state).toBe('stopped');
    clock.advance(200_000);
    expect((await ask(`/jobs/${id}`)).json.state).toBe('stopped');
  });

  it('go on where they were after a restart', async () => {
    const first = await open();
    const { id } = await first.make('/jobs', {});
    first.clock.advance(10_000);
    await first.ask(`/jobs/${id}`);
    const second = await open();
    second.sandbox.restore(JSON.parse(JSON.stringify(first.sandbox.snapshot())));
    const { token } = await second.enter('All');
    const read = async () => (await call(`${second.urls.api}/org/one/jobs/${id}`, { token })).json.state;
    second.clock.advance(19_999);
    expect(await read()).toBe('working');
    second.clock.advance(1);
    expect(await read()).toBe('done');
  });

  it('give a file once, and a new URL each time they are read', async () => {
    const { ask, make, clock } = await open();
    const { id } = await make('/jobs', {});
    clock.advance(20_000);
    const [first, second] = [(await ask(`/jobs/${id}`)).json.file, (await ask(`/jobs/${id}`)).json.file];
    expect((await fetch(first)).status).toBe(200);
    expect((await fetch(first)).status).toBe(404);
    clock.advance(5000);
    expect((await fetch(second)).status).toBe(403);
  });
});

describe('steps', () => {
  it('are refused when one of the things that they need is not there, before anything is done', async () => {
    const { ask, make, names } = await open();
    await make('/things', { name: 'a' });
    const { status, json } = await ask('/tidy', 'POST', { names: ['a', 'nobody'] });
    expect([status, json]).toEqual([404, { message: 'There is no things with the name nobody' }]);
    expect(await names()).toEqual(['a']);
  });

  it('are done for what the request gives, and left out where their condition does not hold', async () => {
    const { make, ask, names } = await open();
    const [a, b] = [await make('/things', { name: 'a' }), await make('/things', { name: 'b' })];
    expect((await ask('/tidy', 'POST', { names: ['a'], owner: 'me' })).json).toEqual({ given: [a.id] });
    expect((await ask(`/things/${a.id}`)).json).toMatchObject({ ownerId: 'me', version: 2 });
    expect((await ask('/tidy', 'POST', { names: ['b'] })).json).toEqual({ gone: [b.id] });
    expect(await names()).toEqual(['in place of b', 'a']);
  });
});

describe('the journal', () => {
  it('notes what happens to the collections that it names, and keeps the newest', async () => {
    const { ask, make } = await open();
    const { id } = await make('/things', { name: 'a' });
    await make('/things', { name: 'b' });
    await ask(`/things/${id}`, 'PUT', { name: 'c', version: 1 });
    await ask(`/things/${id}`, 'DELETE');
    await make('/jobs', {});
    const { items } = (await ask('/notes')).json;
    expect(items.map(({ name }: { name: string }) => name)).toEqual([
      'thing deleted',
      'thing updated',
      'thing created',
    ]);
  });
});
