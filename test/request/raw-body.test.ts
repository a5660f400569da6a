import { beforeAll, describe, expect, it } from 'vitest';
import type { Body, Connector } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { buildRawMethod, type RawRequest } from '../../src/request/raw-method.ts';

let acme: Connector;
beforeAll(async () => {
  acme = await loadConnectorOrThrow('test/fixtures/acme');
});

const FORM = 'application/x-www-form-urlencoded';
const request = (change: Partial<RawRequest>): RawRequest => ({
  verb: 'POST',
  path: '/x',
  host: 'api',
  ...change,
});

/** The connector, with all its bodies written another way. */
const written = (change: Partial<Body>): Connector => ({
  ...acme,
  methods: Object.fromEntries(
    Object.entries(acme.methods).map(([key, method]) => [
      key,
      method.body ? { ...method, body: { ...method.body, ...change } } : method,
    ]),
  ),
});

describe('the body of a request of the caller’s own', () => {
  it.each([
    ['a type without a body', { contentType: FORM }, 'contentType', 'goes with a body'],
    ['a type that is neither', { body: {}, contentType: 'text/xml' }, 'contentType', 'must be'],
    [
      'a line break in the type',
      { body: {}, contentType: 'application/json\r\nX: 1' },
      'contentType',
      'must',
    ],
    ['a list as a form', { body: [1], contentType: FORM }, 'body', 'must be an object'],
    ['a text as a form', { body: 'a=1', contentType: FORM }, 'body', 'must be an object'],
  ])('is refused for %s', (_, change, path, message) => {
    expect(() => buildRawMethod(acme, request(change))).toThrow(
      expect.objectContaining({
        code: 'arguments.invalid',
        problems: [{ path, message: expect.stringContaining(message) }],
      }),
    );
  });

  it('is written as most methods of the host write theirs', () => {
    expect(buildRawMethod(acme, request({ body: {} })).body).toMatchObject({ encoding: 'json' });
    const forms = written({ encoding: 'form', formStyle: 'indices' });
    const { body } = buildRawMethod(forms, request({ body: {} }));
    expect(body).toMatchObject({ encoding: 'form', formStyle: 'indices' });
    const patches = written({ contentType: 'application/json-patch+json' });
    expect(buildRawMethod(patches, request({ body: {} })).body).toMatchObject({
      contentType: 'application/json-patch+json',
    });
  });

  it('is written as the caller says, in the style of the vendor’s forms where it has any', () => {
    const forms = written({ encoding: 'form', formStyle: 'indices' });
    const json = buildRawMethod(forms, request({ body: {}, contentType: 'application/merge-patch+json' }));
    expect(json.body).toMatchObject({ encoding: 'json', contentType: 'application/merge-patch+json' });
    const styled = buildRawMethod(forms, request({ body: {}, contentType: `${FORM}; charset=utf-8` }));
    expect(styled.body).toMatchObject({ encoding: 'form', formStyle: 'indices' });
    const plain = buildRawMethod(acme, request({ body: {}, contentType: FORM })).body;
    expect(plain).toMatchObject({ encoding: 'form' });
    expect(plain).not.toHaveProperty('formStyle');
  });

  it('comes with a key where the connector’s defaults declare one, but not with GET', () => {
    const keyed: Connector = { ...acme, idempotencyKey: { header: 'Idempotency-Key' } };
    expect(buildRawMethod(keyed, request({ body: {} })).idempotencyKey).toEqual({
      header: 'Idempotency-Key',
    });
    expect(buildRawMethod(keyed, request({ verb: 'GET' }))).not.toHaveProperty('idempotencyKey');
    expect(buildRawMethod(acme, request({ body: {} }))).not.toHaveProperty('idempotencyKey');
  });
});
