import { describe, expect, it } from 'vitest';
import type { JsonSchema, Method } from '../../src/definition/connector.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { call, openSandbox } from './open-sandbox.ts';
import { method, smallConnector, smallScript } from './small-connector.ts';

const text: JsonSchema = { type: 'string' };
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const many = (name: string): JsonSchema => ({ type: 'array', items: ref(name) });
const asForm = (made: Method): Method =>
  made.body ? { ...made, body: { ...made.body, encoding: 'form' } } : made;

/** Requests in PascalCase, answers in snake_case, ids of a form of their own, numbers that are only listed. */
const connector = smallConnector({
  types: {
    Message: {
      type: 'object',
      required: ['sid', 'status'],
      properties: {
        sid: { type: 'string', pattern: '^(?:SM|MM)[0-9a-f]{32}$' },
        id: { type: 'integer' },
        friendly_name: text,
        status: { type: 'string', enum: ['queued', 'sent'] },
        object: { const: 'message' },
        labels: {
          type: 'array',
          items: { type: 'object', properties: { id: { type: 'integer' }, name: text } },
        },
        created: { type: 'integer' },
      },
    },
    Number: { type: 'object', required: ['sid'], properties: { sid: text, phone_number: text } },
  },
  methodList: [
    method('messages.list', 'GET /org/{{org}}/Messages.json', {
      query: {
        FriendlyName: text,
        Status: { type: 'string', enum: ['queued', 'sent', 'all'] },
        labels: { type: 'array', items: text },
      },
      response: many('Message'),
    }),
    asForm(
      method('messages.create', 'POST /org/{{org}}/Messages.json', {
        body: {
          type: 'object',
          properties: { FriendlyName: text, Status: text, Labels: text, Created: { type: 'integer' } },
        },
        response: ref('Message'),
      }),
    ),
    method('messages.get', 'GET /org/{{org}}/Messages/{{sid}}.json', { response: ref('Message') }),
    asForm(
      method('messages.update', 'POST /org/{{org}}/Messages/{{sid}}.json', {
        body: { type: 'object', properties: { Status: text } },
        response: ref('Message'),
      }),
    ),
    method('numbers.list', 'GET /org/{{org}}/Numbers.json', {
      query: { PhoneNumber: text },
      response: many('Number'),
    }),
    method('me.get', 'GET /org/{{org}}/me', { response: ref('Number') }),
  ],
});

const script: SandboxScript = {
  ...smallScript,
  entities: { id: 'id', version: null },
  collections: {
    Messages: {
      id: 'sid',
      defaults: { status: 'queued' },
      seeds: [{ sid: 'SM0', friendly_name: 'Seed', status: 'sent', labels: [{ id: 7, name: 'bug' }] }],
    },
    Numbers: {
      id: 'sid',
      seeds: [
        { sid: 'PN1', phone_number: '+1' },
        { sid: 'PN2', phone_number: '+2' },
      ],
    },
  },
  methods: { 'me.get': { as: 'answer', body: { sid: 'me' } } },
};

async function open() {
  const { urls, enter } = await openSandbox(connector, script);
  const { token } = await enter('All');
  return async (path: string, body?: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const at = `${urls.api}/org/one/${path}`;
    return (await call(at, { token, ...(body !== undefined && { body, headers }) })).json;
  };
}

describe('a vendor that takes forms and writes names otherwise than it reads them', () => {
  it('keeps what a request says under the names that it answers with, creating and changing', async () => {
    const ask = await open();
    const made = await ask('Messages.json', 'FriendlyName=One&Status=sent');
    expect(made).toMatchObject({ friendly_name: 'One', status: 'sent', object: 'message' });
    expect(made).not.toHaveProperty('FriendlyName');
    const changed = await ask(`Messages/${made.sid}.json`, 'Status=queued');
    expect(changed).toEqual({ ...made, status: 'queued' });
    expect(await ask(`Messages/${made.sid}.json`)).toEqual(changed);
  });

  it('gives ids of the form that their schema asks for, and counts up the numbers that paths do not use', async () => {
    const ask = await open();
    const [first, second] = [await ask('Messages.json', 'Status=sent'), await ask('Messages.json', '')];
    for (const { sid } of [first, second]) expect(sid).toMatch(/^(?:SM|MM)[0-9a-f]{32}$/);
    expect(first.sid).not.toBe(second.sid);
    expect([first.id, second.id]).toEqual([2, 3]);
    expect((await ask('Messages/SM0.json')).id).toBe(1);
  });

  it('filters by names that differ in case alone, by what lists of objects hold, and by nothing for "all"', async () => {
    const ask = await open();
    await ask('Messages.json', 'FriendlyName=One');
    const found = async (query: string) =>
      (await ask(`Messages.json?${query}`)).map((each: { friendly_name: string }) => each.friendly_name);
    expect(await found('FriendlyName=One')).toEqual(['One']);
    expect(await found('Status=sent')).toEqual(['Seed']);
    expect(await found('Status=all')).toEqual(['One', 'Seed']);
    expect(await found('labels=bug')).toEqual(['Seed']);
    expect(await found('labels=7,none')).toEqual(['Seed']);
    expect(await found('labels=none')).toEqual([]);
  });

  it('lists the seeds of what is only listed, once sandbox.yaml names its path', async () => {
    const ask = await open();
    expect(await ask('Numbers.json')).toEqual([
      { sid: 'PN2', phone_number: '+2' },
      { sid: 'PN1', phone_number: '+1' },
    ]);
    expect(await ask('Numbers.json?PhoneNumber=%2B1')).toEqual([{ sid: 'PN1', phone_number: '+1' }]);
  });
});
