import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Changes, changedDocument } from '../definition/drift-bed.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { runLine } from './fake-io.ts';

const name = '/components/schemas/ThingRequest/properties/name/maxLength';

/** Runs the command on the fixture and the changed document, with a drift.yaml if one is given. */
const drift = (changes: Changes, { known, flags = [] }: { known?: string; flags?: string[] } = {}) =>
  withOverlay(['acme'], (folder) => {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, changedDocument(changes));
    if (known !== undefined) writeFileSync(join(folder, 'drift.yaml'), known);
    return runLine(['drift', folder, file, ...flags]);
  });

describe('fishplate drift', () => {
  it('lists differences by method and exits with 1', async () => {
    const { code, out, err } = await drift({ [name]: 50, '/servers/0/url': 'https://api.other.example' });
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toContain(
      [
        'things.create (CreateThing)',
        '  host api: url is https://api.acme.example, in the document https://api.other.example',
        '  body name: maxLength is nothing, in the document 50',
        '  response name: maxLength is nothing, in the document 50',
        '',
      ].join('\n'),
    );
    expect(out).toMatch(/\n\n6 of 6 operations, 10 differences, 0 known deviations\n$/);
  });

  it('lists operations without a method, and methods without an operation', async () => {
    const old = { get: { operationId: 'Old', responses: {} } };
    const { code, out } = await drift({ '/paths/~1{tenantId}~1me': undefined, '/paths/~1old': old });
    expect(code).toBe(1);
    expect(out).toBe(
      [
        'Operations without a method',
        '  Old: GET /old',
        '',
        'Methods without an operation',
        '  users.me: GET /{tenantId}/me',
        '',
        '5 of 6 operations, 0 differences, 0 known deviations',
        '',
      ].join('\n'),
    );
  });

  it('reports a known deviation that matches nothing any more', async () => {
    const known =
      'known: [{ method: "*", where: [body, response], path: "**", what: pattern, reason: So it is. }]';
    const { code, out } = await drift({}, { known });
    expect(code).toBe(1);
    expect(out).toBe(
      [
        'Known deviations that match nothing any more',
        '  * body|response ** pattern: So it is.',
        '',
        '6 of 6 operations, 0 differences, 0 known deviations',
        '',
      ].join('\n'),
    );
  });

  it('exits with 0 when there is nothing else than known deviations, and lists them when asked', async () => {
    const known =
      'known: [{ method: things.*, where: [body, response], path: "**.name", what: maxLength, reason: So it is. }]';
    const { code, out } = await drift({ [name]: 50 }, { known });
    expect([code, out]).toEqual([0, '6 of 6 operations, 0 differences, 5 known deviations\n']);
    expect((await drift({ [name]: 50 }, { known, flags: ['--known'] })).out).toBe(
      'Known deviations\n  5 x So it is.\n\n6 of 6 operations, 0 differences, 5 known deviations\n',
    );
  });

  it('says the same to machines as one object', async () => {
    const { code, out } = await drift(
      { '/paths/~1{tenantId}~1me/get/deprecated': true },
      { flags: ['--json'] },
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      operations: { total: 6, matched: 6, missing: [], extra: [] },
      differences: [
        {
          method: 'users.me',
          operationId: 'GetMe',
          where: 'operation',
          path: 'GET /{tenantId}/me',
          what: 'deprecated',
          expected: true,
          actual: false,
          message: 'is deprecated in the document, not here',
        },
      ],
      known: [],
      unusedKnown: [],
    });
  });

  it('reads a document that is piped in', async () => {
    await withOverlay(['acme'], async (folder) => {
      const { code } = await runLine(['drift', folder, '-'], { input: changedDocument({}) });
      expect(code).toBe(0);
    });
  });

  it.each([
    ['a folder without a connector', ['nowhere', '-'], '[connector.invalid]', 1],
    ['a file that is not there', ['test/fixtures/acme', 'nowhere.json'], '[cli.usage]', 2],
    ['a file that is no OpenAPI document', ['test/fixtures/acme', 'package.json'], '[drift.unreadable]', 1],
    ['one argument alone', ['test/fixtures/acme'], 'missing required argument', 2],
  ])('refuses %s', async (_, argv, message, expected) => {
    const { code, out, err } = await runLine(['drift', ...argv], { input: '{}' });
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(message);
  });

  it('refuses a drift.yaml that has problems, with their place', async () => {
    const { code, err } = await drift({}, { known: 'known: [{ method: "*" }]' });
    expect(code).toBe(1);
    expect(err).toMatch(/drift\.yaml:1:\d+ definition\.missing-key: /);
  });
});
