import { describe, expect, it } from 'vitest';
import type { FormStyle } from '../../src/definition/connector.ts';
import { buildPreview } from '../../src/preview.ts';
import { encodeForm } from '../../src/request/form.ts';
import { prepareRequest } from '../../src/request/prepare.ts';
import { acme, methodOf, settle } from '../helpers/acme.ts';

const order = {
  amount: 5,
  live: true,
  note: null,
  metadata: { order: '1', none: null, deep: { a: 'x y' } },
  types: ['card', null, 'link'],
  items: [{ id: 1, tags: ['a', 'b'] }, { id: 2 }],
  empty: [],
};
const written = (style: FormStyle | undefined, body: unknown = order) =>
  decodeURIComponent(encodeForm(body, style).replaceAll('+', ' ')).split('&');

describe('a form', () => {
  it('never says null, which a form cannot, and leaves out what holds nothing', () => {
    for (const style of ['brackets', 'indices', 'dots', 'repeat'] as const) {
      const text = encodeForm({ a: null, b: undefined, c: [], d: { e: null } }, style);
      expect(text).toBe(style === 'repeat' ? 'd=%7B%22e%22%3Anull%7D' : '');
    }
    expect(encodeForm({ a: null, b: undefined, c: [] }, undefined)).toBe('c=%5B%5D');
  });

  it('keeps names and values apart from what divides them', () => {
    expect(encodeForm({ 'a&b': { 'c=d': 'e&f=g' } }, 'brackets')).toBe('a%26b%5Bc%3Dd%5D=e%26f%3Dg');
    expect(written('brackets', { a: { __proto__x: 1 } })).toEqual(['a[__proto__x]=1']);
  });

  it.each<[FormStyle | undefined, string[]]>([
    [
      undefined,
      [
        'amount=5',
        'live=true',
        'metadata={"order":"1","none":null,"deep":{"a":"x y"}}',
        'types=["card",null,"link"]',
        'items=[{"id":1,"tags":["a","b"]},{"id":2}]',
        'empty=[]',
      ],
    ],
    [
      'brackets',
      [
        ...[
          'amount=5',
          'live=true',
          'metadata[order]=1',
          'metadata[deep][a]=x y',
          'types[]=card',
          'types[]=link',
        ],
        ...['items[][id]=1', 'items[][tags][]=a', 'items[][tags][]=b', 'items[][id]=2'],
      ],
    ],
    [
      'indices',
      [
        ...[
          'amount=5',
          'live=true',
          'metadata[order]=1',
          'metadata[deep][a]=x y',
          'types[0]=card',
          'types[1]=link',
        ],
        ...['items[0][id]=1', 'items[0][tags][0]=a', 'items[0][tags][1]=b', 'items[1][id]=2'],
      ],
    ],
    [
      'dots',
      [
        ...[
          'amount=5',
          'live=true',
          'metadata.order=1',
          'metadata.deep.a=x y',
          'types[0]=card',
          'types[1]=link',
        ],
        ...['items[0].id=1', 'items[0].tags[0]=a', 'items[0].tags[1]=b', 'items[1].id=2'],
      ],
    ],
    [
      'repeat',
      [
        ...[
          'amount=5',
          'live=true',
          'metadata={"order":"1","none":null,"deep":{"a":"x y"}}',
          'types=card',
          'types=link',
        ],
        ...['items={"id":1,"tags":["a","b"]}', 'items={"id":2}'],
      ],
    ],
  ])('of the style %s is written as its vendors read it', (style, pairs) => {
    expect(written(style)).toEqual(pairs);
  });

  it('is shown as it is sent, secrets masked, in a preview and in its curl line', async () => {
    const connector = await acme();
    const method = methodOf(connector, 'things.create', {
      sensitive: ['card.number'],
      body: { required: true, schema: true, closed: false, encoding: 'form', formStyle: 'indices', fill: [] },
    });
    const settings = settle(connector);
    const args = { body: { metadata: { order: '1', key: 'the-key-secret' }, card: { number: '4242' } } };
    const prepared = prepareRequest(method, args, settings, { now: () => 0, uuid: () => 'u' });
    expect(prepared.wire.body).toBe(
      'metadata%5Border%5D=1&metadata%5Bkey%5D=the-key-secret&card%5Bnumber%5D=4242',
    );
    const auth = connector.auth[0];
    if (!auth) throw new Error('the fixture has no auth method');
    const text = 'metadata%5Border%5D=1&metadata%5Bkey%5D=%5Bredacted%5D&card%5Bnumber%5D=%5Bredacted%5D';
    const preview = buildPreview(method, auth, settings, prepared, []);
    expect(preview.body).toBe(text);
    expect(preview.curl).toContain(`--data '${text}'`);
    expect(preview.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });
});
