import { describe, expect, it } from 'vitest';
import type { Quote } from '../../src/conformance/script.ts';
import { checkSent } from '../../src/conformance/sent.ts';
import type { Method } from '../../src/definition/connector.ts';
import { method, smallConnector } from '../sandbox/small-connector.ts';

const text = { type: 'string' } as const;
const fields = {
  type: 'object',
  required: ['name'],
  properties: { name: text, size: { type: 'integer' } },
} as const;
const path = (name: string, made: Method): Method => ({
  ...made,
  parameters: {
    ...made.parameters,
    [name]: { name, id: 9, in: 'path', required: true, description: name, schema: text, arrays: 'comma' },
  },
});
const update = path('id', {
  ...method('things.update', 'PUT /org/{{org}}/things/{{id}}', {
    query: { dry: { type: 'boolean' } },
    body: fields,
  }),
  headers: { 'X-Version': '2' },
});
const posted = method('things.form', 'POST /org/{{org}}/form', { body: fields });
const form: Method = posted.body ? { ...posted, body: { ...posted.body, encoding: 'form' } } : posted;
const connector = smallConnector({ methodList: [update, form] });
const base = connector.environments.named.main?.hosts.api ?? [];

function faultsOf(own: Method, quote: Omit<Quote, 'method'>) {
  const faults: { expected: string; came: string }[] = [];
  checkSent(connector, { method: own.key, ...quote }, own, base, ({ expected, came }) =>
    faults.push({ expected, came }),
  );
  return faults;
}

const request = 'PUT https://api.example.com/v1/org/acme/things/t%201?dry=true';
const args = { id: 't 1', dry: true, body: { name: 'x', size: 2 } };

describe('a quote with arguments contradicts the definition', () => {
  it('in the URL, a header or the body that would be sent', () => {
    const faults = faultsOf(update, {
      request: request.replace('dry=true', 'dryRun=1'),
      arguments: args,
      requestHeaders: { 'x-version': '3', accept: 'text/csv' },
      body: { thing: { name: 'x', size: 2 } },
    });
    expect(faults).toEqual([
      {
        expected: expect.stringContaining('dryRun=1'),
        came: expect.stringContaining('/org/acme/things/t%201?dry=true'),
      },
      { expected: 'the header x-version: 3', came: '2' },
      { expected: 'the header accept: text/csv', came: 'no such header' },
      { expected: 'the quoted body: {"thing":{"name":"x","size":2}}', came: '{"name":"x","size":2}' },
    ]);
  });

  it('in the arguments that the method takes', () => {
    const [fault, ...others] = faultsOf(update, { request, arguments: { ...args, colour: 'red' } });
    expect([fault?.came, others]).toEqual([expect.stringContaining('colour'), []]);
  });

  it('in the text of a form', () => {
    expect(faultsOf(form, { arguments: { body: { name: 'x' } }, body: 'name=y' })).toHaveLength(1);
    expect(faultsOf(form, { arguments: { body: { name: 'x' } }, body: 'name=y&name=x' })).toHaveLength(1);
  });
});

describe('a quote without arguments contradicts the definition', () => {
  it('in a body that its schema refuses', () => {
    expect(faultsOf(update, { body: { size: 'big' } })).toMatchObject([
      { came: expect.stringMatching(/name.*size/) },
    ]);
    expect(faultsOf(update, { body: { name: 'x' } })).toEqual([]);
  });

  it('in the text of a form or a Content-Type, where the other kind of body would be sent', () => {
    const types = { form: 'application/x-www-form-urlencoded', json: 'application/json; charset=utf-8' };
    const asForm = [{ expected: 'a form, as the quoted request', came: 'JSON' }];
    expect(faultsOf(update, { body: 'name=x&size=1' })).toEqual(asForm);
    expect(faultsOf(update, { requestHeaders: { 'content-type': types.form } })).toEqual(asForm);
    expect(faultsOf(form, { requestHeaders: { 'Content-Type': types.json } })).toEqual([
      { expected: 'JSON, as the quoted request', came: 'a form' },
    ]);
    expect(faultsOf(form, { body: 'name=x', requestHeaders: { 'Content-Type': types.form } })).toEqual([]);
  });

  it('in headers that nothing can be compared with', () => {
    expect(faultsOf(update, { requestHeaders: { 'X-Version': '2' } })).toEqual([
      { expected: expect.stringContaining('X-Version'), came: expect.stringContaining('not known') },
    ]);
  });
});

it('a quote fits when all of it would be sent, whatever the order', () => {
  const sent = {
    requestHeaders: { 'X-Version': '2', 'Content-Type': 'application/json' },
    body: { size: 2, name: 'x' },
  };
  expect(faultsOf(update, { request, arguments: args, ...sent })).toEqual([]);
  expect(
    faultsOf(update, { request: 'PUT /v1/org/acme/things/t%201?dry=true', arguments: args, ...sent }),
  ).toEqual([]);
  expect(faultsOf(form, { arguments: { body: { size: 1, name: 'x y' } }, body: 'name=x+y&size=1' })).toEqual(
    [],
  );
});
