import { describe, expect, it } from 'vitest';
import { readBody, readRefusal, valueAt } from '../../src/response/read.ts';
import { codeOfRefusal, messageOf } from '../../src/response/refusal-words.ts';

const answer = (body: string, type?: string, status = 200) => ({
  status,
  headers: type === undefined ? {} : { 'content-type': type },
  body,
});

describe('the content of an answer', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/json',
    'application/problem+json',
    'application/vnd.acme.v2+json',
  ])('that says %s and is not JSON is an error, without the text itself', (type) => {
    const read = () => readBody(answer('{"token": "s3cret', type, 201));
    expect(read).toThrow(
      expect.objectContaining({
        code: 'response.unreadable',
        vendor: { status: 201 },
        message: `the vendor answered 201 with ${type}, but it is not JSON`,
      }),
    );
    expect(read).not.toThrow(/s3cret/);
  });

  it.each<[string, string, string | undefined, unknown]>([
    ['an object', '{"a":1}', 'application/json', { a: 1 }],
    ['null', 'null', 'application/json', null],
    ['false', 'false', 'application/json', false],
    ['JSON without a type', ' [1] ', undefined, [1]],
    ['a text without a type', 'hello', undefined, 'hello'],
    ['a page of HTML', '<html>', 'text/html', '<html>'],
    ['CSV', 'a,b', 'text/csv', 'a,b'],
    ['lines of JSON', '{"a":1}\n{"a":2}', 'application/x-ndjson', '{"a":1}\n{"a":2}'],
    ['JSON that says it is a text', '{"a":1}', 'text/plain; note=json', '{"a":1}'],
    ['nothing', '', 'application/json', undefined],
    ['blanks', ' \r\n', 'application/json', undefined],
  ])('is read: %s', (_, body, type, content) => {
    expect(readBody(answer(body, type))).toEqual(content);
  });
});

describe('an integer in an answer', () => {
  it('that a number cannot hold is given as a text, so that no digit is lost', () => {
    const body = '{"id":12345678901234567890,"n":9007199254740992}';
    expect(readBody(answer(body, 'application/json'))).toEqual({
      id: '12345678901234567890',
      n: 9007199254740992,
    });
  });
});

describe('the content of an answer that can only be JSON', () => {
  const expected = { json: () => true, clean: (text: string) => text.replaceAll('s3cret', '***') };
  const read = (body: string, type?: string) => readBody(answer(body, type), expected);

  it.each<[string, string, string | undefined, string]>([
    [
      'a page',
      '<html><title>Bad\n gateway</title><p>x',
      'text/html',
      ' with text/html where JSON is expected: "Bad gateway"',
    ],
    [
      'a page without a title',
      '<h1>Hello</h1> <b>you</b>',
      'text/html',
      ' with text/html where JSON is expected: "Hello you"',
    ],
    ['a text', 'no s3cret here', 'text/plain', ' with text/plain where JSON is expected: "no *** here"'],
    ['a text without a type', 'hello', undefined, ' with a text where JSON is expected: "hello"'],
    ['what broke off', '{"token": "s3cr', 'text/plain', ' with text/plain where JSON is expected'],
    ['a number', '5', 'text/plain', ' with text/plain where JSON is expected: "5"'],
    [
      'what is too long',
      'x'.repeat(500),
      'text/plain',
      ` with text/plain where JSON is expected: "${'x'.repeat(97)}..."`,
    ],
  ])('is an error where it is %s, which may have been done', (_, body, type, words) => {
    expect(() => read(body, type)).toThrow(
      expect.objectContaining({
        code: 'response.unreadable',
        outcome: 'sent-unknown',
        message: `the vendor answered 200${words}`,
        vendor: { status: 200 },
        hint: expect.stringContaining('Something other than the vendor'),
      }),
    );
  });

  it.each([
    ['lists', '['.repeat(501) + ']'.repeat(501)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('is an error where its %s are nested so deeply that it could not be written out again', (_, body) => {
    const code = 'response.unreadable';
    expect(() => read(body, 'application/json')).toThrow(expect.objectContaining({ code }));
    expect(() => read(body, 'text/html')).toThrow(expect.objectContaining({ code, outcome: 'sent-unknown' }));
    expect(readRefusal(answer(body, 'application/json'))).toBe(body);
  });

  it('may be nested deeply, and hold many brackets in texts', () => {
    const body = '['.repeat(500) + JSON.stringify('[{"\\'.repeat(1_000)) + ']'.repeat(500);
    expect(JSON.stringify(read(body, 'application/json'))).toBe(body);
  });

  it('is quoted in no time, however it is made', () => {
    for (const body of [
      '<'.repeat(5_000_000),
      `<title${'>'.repeat(5_000_000)}`,
      `${'<title'.repeat(900_000)}`,
    ])
      expect(() => read(body, 'text/html')).toThrow('where JSON is expected');
  });

  it.each<[string, string | undefined, unknown]>([
    ['{"a":1}', 'text/html', { a: 1 }],
    ['[1]', 'application/octet-stream', [1]],
    ['{"a":1}', undefined, { a: 1 }],
    ['{"a":1}', 'application/json', { a: 1 }],
    ['', 'text/html', undefined],
  ])('is read: %j as %s', (body, type, content) => {
    expect(read(body, type)).toEqual(content);
  });
});

describe('the content of a refusal', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['{"a":', '{"a":'],
    ['null', 'null'],
    ['', ''],
  ])('is read whatever its form: %j', (body, content) => {
    expect(readRefusal(answer(body, 'application/json', 500))).toEqual(content);
  });
});

describe('the value at a path', () => {
  const value: unknown = JSON.parse('{"a": {"b": [{"c": 0}, null]}, "d": "text", "__proto__": {"own": 1}}');

  it.each([
    'x',
    'a.x',
    'a.b.2',
    'a.b.1.c',
    'd.length',
    'd.0',
    'a.toString',
    'constructor',
    'a.b.0.c.x',
    '.a',
    'a.',
  ])('is undefined for %s, also where objects inherit something', (path) => {
    expect(valueAt(value, path)).toBeUndefined();
  });

  it.each([
    ['a.b.0.c', 0],
    ['a.b.1', null],
    ['d', 'text'],
    ['__proto__.own', 1],
  ])('%s is found', (path, found) => {
    expect(valueAt(value, path)).toBe(found);
  });

  it('is the whole for no path', () => {
    expect(valueAt(value, '')).toBe(value);
    expect(valueAt(undefined, '')).toBeUndefined();
    expect(valueAt(undefined, 'a')).toBeUndefined();
  });
});

describe("the vendor's own words", () => {
  it.each<[unknown]>([
    [undefined],
    [null],
    [{}],
    [[]],
    [5],
    [''],
    ['  \n'],
    ['<!DOCTYPE html><h1>Bad gateway</h1>'],
    ['\n<HTML><body>nginx</body></HTML>'],
    [{ message: '', error: { code: 5 } }],
    [{ message: 5 }],
  ])('are none in %j', (content) => {
    expect(messageOf(content)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{ message: 'm', error: 'e' }, 'm'],
    [{ Message: 'M' }, 'M'],
    [{ error: 'invalid_client', error_description: 'No such client' }, 'No such client'],
    [{ type: 'x', title: 'Wrong', detail: 'The name is taken' }, 'The name is taken'],
    [{ error: { message: 'deep' } }, 'deep'],
    [{ errors: [{ message: 'first' }, { message: 'second' }] }, 'first'],
    [{ errors: ['plain'] }, 'plain'],
    [{ error: { errors: [{ message: 'inner' }], code: 404, message: 'outer' } }, 'outer'],
    [[{ message: 'Salesforce says so', errorCode: 'MALFORMED_ID' }], 'Salesforce says so'],
    [
      { errors: { title: ["can't be blank", 'is short'], size: ['is odd'] } },
      "title: can't be blank, is short; size: is odd",
    ],
    [{ title: 'Errors occurred.', errors: { Name: ['is required.'] } }, 'Name: is required.'],
    [{ error: { code: '', message: { lang: 'en', value: 'OData says so' } } }, 'OData says so'],
    [{ 'odata.error': { code: '', message: { lang: 'en', value: 'Old OData' } } }, 'Old OData'],
    [{ errorMessages: ['No such issue'], errors: {} }, 'No such issue'],
    [{ errorMessages: [], errors: { summary: 'is required' } }, 'summary: is required'],
    [{ errors: 'Not Found' }, 'Not Found'],
    [{ error: 'RecordInvalid', description: 'Record validation errors' }, 'Record validation errors'],
    [{ error: 'only this' }, 'only this'],
    [{ title: 'Not found' }, 'Not found'],
    ['Slow down, please', 'Slow down, please'],
  ])('are found in %j', (content, message) => {
    expect(messageOf(content)).toBe(message);
  });

  it('are one line that no terminal obeys, and not too long', () => {
    expect(messageOf({ message: ' a\r\n  b\t\u001b[31mc\u0007 ' })).toBe('a b [31mc');
    const long = messageOf('x'.repeat(10_000));
    expect(long).toHaveLength(500);
    expect(long?.endsWith('...')).toBe(true);
  });

  it('are cleaned before they are cut, so that no half of a secret is left at the end', () => {
    const message = `${'x'.repeat(490)}THE-LONG-SECRET`;
    expect(messageOf({ message }, (text) => text.replace('THE-LONG-SECRET', '*'))).toBe(
      `${'x'.repeat(490)}*`,
    );
  });
});

describe("the vendor's own code", () => {
  it.each<[unknown, number, string | undefined]>([
    [{}, 400, undefined],
    [{ message: 'no code' }, 400, undefined],
    [{ error: 'This is a sentence' }, 400, undefined],
    [{ code: 404 }, 404, undefined],
    [{ error: { code: 403, status: 'PERMISSION_DENIED' } }, 403, 'PERMISSION_DENIED'],
    [{ code: 20404, message: 'm' }, 404, '20404'],
    [{ error: { code: 'card_declined', type: 'card_error' } }, 402, 'card_declined'],
    [[{ message: 'm', errorCode: 'MALFORMED_ID' }], 400, 'MALFORMED_ID'],
    [{ message: 'Validation Failed', errors: [{ code: 'missing_field' }] }, 422, 'missing_field'],
    [{ error: 'invalid_client', error_description: 'No such client' }, 401, 'invalid_client'],
    [{ category: 'VALIDATION_ERROR' }, 400, 'VALIDATION_ERROR'],
  ])('in %j of %i is %j', (content, status, code) => {
    expect(codeOfRefusal(content, status)).toBe(code);
  });

  it('and its words are looked for where the definition says first, in lists and by field as well', () => {
    const content = {
      message: 'm',
      code: 'c',
      fault: { words: ['a', 'b'], by: { name: ['is odd'] }, no: 7 },
    };
    expect(messageOf(content, undefined, ['nowhere', 'fault.words'])).toBe('a; b');
    expect(messageOf(content, undefined, ['fault.by'])).toBe('name: is odd');
    expect(messageOf(content, undefined, ['nowhere'])).toBe('m');
    expect(codeOfRefusal(content, 400, ['fault.no'])).toBe('7');
    expect(codeOfRefusal(content, 400, ['nowhere'])).toBe('c');
  });
});
