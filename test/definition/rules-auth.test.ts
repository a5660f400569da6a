import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../src/definition/load.ts';
import { withOverlay } from '../helpers/overlay.ts';

type Edit = readonly [from: string | RegExp, to: string];

/** The messages of the problems of a fixture after one of its files was changed. */
const problemsOf = (fixture: string, file: string, ...edits: Edit[]): Promise<string[]> =>
  withOverlay([fixture], async (folder) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const edited = edits.reduce((each, [from, to]) => each.replace(from, to), text);
    expect(edited).not.toBe(text);
    writeFileSync(path, edited);
    const result = await loadConnector(folder);
    return 'problems' in result ? result.problems.map(({ message }) => message) : [];
  });

const kinds = (...edits: Edit[]) => problemsOf('auth-kinds', 'connector.yaml', ...edits);
const dialects = (file: string, ...edits: Edit[]) => problemsOf('dialects', file, ...edits);

describe('an auth method is refused', () => {
  it.each<[string, Edit, string]>([
    [
      'whose id another one has',
      ['id: json-client', 'id: basic-client'],
      'two auth methods have the id "basic-client"',
    ],
    [
      'that has neither secret nor key',
      ["    clientSecret: '{{secret}}'\n    fields", '    fields'],
      'basic needs the key "clientSecret"',
    ],
    [
      'that signs without a key',
      [/ {4}assertion: \{ key: '\{\{privateKey\}\}', keyId.*\n/, ''],
      'private_key_jwt needs the key "assertion"',
    ],
    [
      'that signs and has a secret as well',
      [
        '    credentials: private_key_jwt\n',
        "    clientSecret: '{{secret}}'\n    credentials: private_key_jwt\n",
      ],
      'private_key_jwt does without "clientSecret"',
    ],
    [
      'that signs nothing and has a key',
      ['    credentials: body\n', "    credentials: body\n    assertion: { key: '{{privateKey}}' }\n"],
      'body does without "assertion"',
    ],
    [
      'whose key has one line',
      ['    multiline: true\n', ''],
      '"privateKey" is a private key: it has several lines, and is a secret',
    ],
    [
      'whose key setting does not exist',
      ["{ key: '{{privateKey}}', keyId", "{ key: '{{privatKey}}', keyId"],
      'the placeholder {{privatKey}} names nothing',
    ],
    [
      'whose cookie cannot have its name',
      ['in: cookie, name: KEY', "in: cookie, name: 'K E'"],
      'no cookie can be called "K E"',
    ],
    [
      'whose secret would stand in a path',
      ['path: /login/json', "path: '/login/{{secret}}'"],
      'the secret "secret" would stand in a URL',
    ],
    [
      'whose login has no such host',
      ['host: api\n    path: /login/json', 'host: apii\n    path: /login/json'],
      'there is no host "apii"',
    ],
    [
      'whose login names no such setting',
      ["user.name: '{{keyId}}'", "user.name: '{{keyid}}'"],
      'the placeholder {{keyid}} names nothing',
    ],
    ['whose login is a GET with a body', ['verb: PUT', 'verb: GET'], 'a GET request has no body'],
  ])('%s', async (_, edit, expected) => {
    expect(await kinds(edit)).toEqual([expected]);
  });

  it('not, as the fixture has it', async () => {
    expect(await kinds(['title: Kinds', 'title: Kind'])).toEqual([]);
  });
});

describe('a method is refused', () => {
  const tickets = 'methods/tickets.yaml';
  it.each<[string, string, Edit, string[]]>([
    [
      'that people are warned of, as the connection test',
      'methods/me.yaml',
      ['verb: GET', 'verb: GET, warning: Only once'],
      ['the connection test "me.get" is a method that people are warned of'],
    ],
    [
      'whose ETag no method reads',
      tickets,
      ['etag: { reads: tickets.get, path: _etag }\n    body', 'etag: { reads: tickets.gt }\n    body'],
      ['there is no method "tickets.gt"'],
    ],
    [
      'whose ETag is read with what it is not given',
      tickets,
      ['path: /tickets/{{id}}\n    contentType', 'path: /tickets\n    contentType'],
      ['"tickets.get" cannot be called: this method has no id'],
    ],
    [
      'whose ETag is no reading matter',
      tickets,
      ['reads: tickets.get, path: _etag }\n    body', 'reads: tickets.delete }\n    body'],
      ['"tickets.delete" is no method that reads'],
    ],
    [
      'that needs an ETag to read',
      tickets,
      [
        "path: '/tickets/{{id}}', response",
        "path: '/tickets/{{id}}', etag: { reads: tickets.get }, response",
      ],
      ['a method that reads needs no ETag'],
    ],
    [
      'with a type for no body',
      tickets,
      ['verb: DELETE, path', 'verb: DELETE, contentType: application/json, path'],
      ['there is no body to have a type'],
    ],
    [
      'whose date has no time',
      tickets,
      ['since: { format: date-time', 'since: { format: date'],
      ['only a date with a time can be written so'],
    ],
    [
      'whose JSON would be a list of texts',
      tickets,
      ['encode: json', 'encode: json, arrays: repeat'],
      ['what is written as JSON is one text'],
    ],
    [
      'whose path would hold JSON',
      tickets,
      ['id: { description', 'id: { encode: json, description'],
      Array(4).fill('a path parameter is written as it is') as string[],
    ],
  ])('%s', async (_, file, edit, expected) => {
    expect(await dialects(file, edit)).toEqual(expected);
  });
});

describe('a setting', () => {
  it('belongs to the auth methods that alone name it, unless it counts for more', async () => {
    await withOverlay(['auth-kinds'], async (folder) => {
      const result = await loadConnector(folder);
      if ('problems' in result) throw new Error('the fixture has problems');
      const { privateKey, keyId, tokenUrl, certificate } = result.connector.settings;
      expect(privateKey?.auth).toEqual(['signing-client', 'ec-client']);
      expect(certificate?.auth).toEqual(['signing-client']);
      expect(keyId?.auth).not.toContain('bearer');
      expect(tokenUrl?.auth).toBeUndefined();
    });
  });

  it('that a path names as well is needed by all', async () => {
    await withOverlay(['auth-kinds'], async (folder) => {
      const path = join(folder, 'methods/me.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace('path: /me', "path: '/{{keyId}}/me'"));
      const result = await loadConnector(folder);
      expect('connector' in result && result.connector.settings.keyId?.auth).toBeUndefined();
    });
  });
});
