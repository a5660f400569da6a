import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/cli/watching.ts';
import { Secret } from '../../src/secret.ts';
import { createLogRedaction } from '../../src/telemetry/redact-log.ts';

function logged(
  act: (logger: ReturnType<typeof createLogger>) => void,
  secrets: readonly string[] = [],
): string {
  let text = '';
  const log = { write: (line: string) => (text += line) };
  act(createLogger(log as never, 'info', secrets));
  return text;
}

describe('a line of the log', () => {
  it.each([
    ['authorization', { authorization: 'Basic s3cr3t-value' }],
    [
      'a client secret, however it is spelled',
      { clientSecret: 's3cr3t-value', client_secret: 's3cr3t-value' },
    ],
    ['cookies', { headers: { cookie: 's3cr3t-value', 'set-cookie': ['s3cr3t-value'] } }],
    [
      'tokens and keys in lists',
      { all: [{ access_token: 's3cr3t-value' }, { 'x-api-key': 's3cr3t-value' }] },
    ],
    ['what lies deeper than anybody looks', { a: { b: { c: { d: { e: { f: { g: 's3cr3t-value' } } } } } } }],
    ['a secret', { value: new Secret('s3cr3t-value') }],
  ])('hides %s by the name of its field', (_, fields) => {
    const text = logged((logger) => logger.info(fields, 'event'));
    expect(text).toContain('event');
    expect(text).not.toContain('s3cr3t-value');
  });

  it('hides values that this process knows to be secret, also within a message', () => {
    const text = logged(
      (logger) => logger.error({ note: 'a s3cr3t/value' }, 'not s3cr3t%2Fvalue either'),
      ['s3cr3t/value'],
    );
    expect(text).not.toMatch(/s3cr3t(?:\/|%2F)value/);
    expect(text).toContain('[redacted]');
  });

  it.each([
    'Authorization: Bearer abcdefghij0123456789',
    'Basic a2V5OnRoZS1rZXktc2VjcmV0LXRoYXQtaXMtbG9uZw==',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    'GET https://x.example/y?access_token=abcdefghij0123456789&z=1',
  ])('hides what looks like a credential: %s', (message) => {
    const text = logged((logger) => logger.warn({}, message));
    expect(text).toContain('[redacted]');
    expect(text).not.toMatch(/abcdefghij0123456789|a2V5OnRo|dozjgNryP4J3/);
  });

  it('is otherwise as it was given, and its fields are not copied', () => {
    const fields = { requestId: 'r1', status: 200, nested: { list: [1, { a: 'b' }] } };
    expect(createLogRedaction([]).fields(fields)).toBe(fields);
    const line = JSON.parse(logged((logger) => logger.info(fields, 'Basic authentication needs a bearer')));
    expect(line).toMatchObject({ level: 'info', ...fields, msg: 'Basic authentication needs a bearer' });
  });
});
