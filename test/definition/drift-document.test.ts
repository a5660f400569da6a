import { describe, expect, it } from 'vitest';
import { readOpenApi } from '../../src/definition/drift/document.ts';

const refusal = (text: string): string => {
  try {
    readOpenApi(text);
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    expect(code).toBe('drift.unreadable');
    expect(hint).toMatch(/^[A-Z].*\.$/);
    return message;
  }
  return 'not refused';
};

describe('an OpenAPI document', () => {
  it.each([
    ['{"openapi": ', 'not JSON'],
    ['[1, 2]', 'not an object'],
    ['', 'not an object'],
    ['just words', 'not an object'],
    ['openapi: 3.0.1\nopenapi: 3.0.1\n', 'line 2'],
    ['a: &x 1\nb: *x\n', 'alias'],
    ['{"swagger": "2.0", "paths": {}}', 'Swagger 2.0'],
    ['{"name": "acme"}', 'no "openapi"'],
    ['{"openapi": "4.0.0", "paths": {}}', 'OpenAPI 4.0.0'],
    ['{"openapi": 3.0, "paths": {}}', 'OpenAPI 3'],
    ['{"openapi": "3.0.1"}', 'no "paths"'],
  ])('is refused when it is none: %j', (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it.each([
    ['JSON', '{"openapi": "3.0.1", "paths": {"/a": {}}}'],
    ['JSON with a byte order mark', '\uFEFF{"openapi": "3.0.1", "paths": {"/a": {}}}'],
    ['YAML', 'openapi: 3.0.1\npaths:\n  /a: {}\n'],
  ])('is read from %s', (_, text) => {
    expect(readOpenApi(text)).toEqual({ openapi: '3.0.1', paths: { '/a': {} } });
  });
});
