import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import { expectsJson } from '../../src/response/expected.ts';

const types: Record<string, JsonSchema> = {
  Thing: { type: 'object' },
  Text: { type: 'string' },
  Loop: { $ref: '#/$defs/Loop' },
};
const thing = { $ref: '#/$defs/Thing' };
const text = { $ref: '#/$defs/Text' };

describe('a response schema', () => {
  it.each<[JsonSchema | undefined]>([
    [undefined],
    [true],
    [{}],
    [{ description: 'Anything.' }],
    [{ type: 'string' }],
    [{ type: ['object', 'string'] }],
    [{ type: 'integer' }],
    [text],
    [{ anyOf: [thing, text] }],
    [{ oneOf: [] }],
    [{ $ref: '#/$defs/Loop' }],
    [{ $ref: '#/$defs/Nowhere' }],
  ])('%j does not promise JSON', (schema) => {
    expect(expectsJson(schema, types)).toBe(false);
  });

  it.each<[JsonSchema]>([
    [{ type: 'object' }],
    [{ type: 'array' }],
    [{ type: ['object', 'array'] }],
    [{ properties: { id: { type: 'string' } } }],
    [{ items: true }],
    [thing],
    [{ allOf: [{ description: 'x' }, thing] }],
    [{ anyOf: [thing, { type: 'array' }] }],
    [{ oneOf: [thing, thing] }],
  ])('%j can only be JSON', (schema) => {
    expect(expectsJson(schema, types)).toBe(true);
  });
});
