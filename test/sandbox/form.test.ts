import { describe, expect, it } from 'vitest';
import type { Body, FormStyle } from '../../src/definition/connector.ts';
import { encodeForm } from '../../src/request/form.ts';
import { readForm } from '../../src/sandbox/form.ts';

const schema = {
  type: 'object',
  properties: {
    amount: { type: 'integer' },
    live: { type: ['boolean', 'null'] },
    metadata: { type: 'object', additionalProperties: { type: 'string' } },
    types: { type: 'array', items: { type: 'string' } },
    items: { type: 'array', items: { $ref: '#/$defs/Item' } },
  },
};
const types = {
  Item: {
    type: 'object',
    properties: { id: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
  },
};
const bodyOf = (formStyle?: FormStyle): Body => ({
  ...{ required: true, schema, closed: true, encoding: 'form', fill: [] },
  ...(formStyle && { formStyle }),
});
const styles = [undefined, 'brackets', 'indices', 'dots', 'repeat'] as const;

describe('the form of a request, as the played vendor reads it', () => {
  it('leaves what is not of the type as it is, for the check to refuse', () => {
    expect(readForm('amount=five&live=perhaps&types=x', bodyOf('indices'), types)).toEqual({
      amount: 'five',
      live: 'perhaps',
      types: ['x'],
    });
  });

  it('gives no object a prototype, and does not follow names that never end', () => {
    const read = readForm('metadata[__proto__][x]=1', bodyOf('brackets'), types) as { metadata: object };
    expect(Object.keys(read.metadata)).toEqual(['__proto__']);
    expect({}).not.toHaveProperty('x');
    expect(() => readForm(`metadata${'[a]'.repeat(5_000)}=1`, bodyOf('brackets'), types)).not.toThrow();
  });

  it.each(styles)('in the style %s is what was meant, with the types of its schema', (style) => {
    const body = {
      amount: 5,
      live: true,
      metadata: { order: '1', ref: 'a b' },
      types: ['card', 'link'],
      items: [
        // A list within an item is told from the next item by its index alone.
        { id: 1, tags: style === 'brackets' ? ['a'] : ['a', 'b'] },
        { id: 2, tags: ['c'] },
      ],
    };
    expect(readForm(encodeForm(body, style), bodyOf(style), types)).toEqual(body);
  });
});
