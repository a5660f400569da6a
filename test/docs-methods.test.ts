import { describe, expect, it } from 'vitest';
import { buildPages } from '../scripts/docs-pages.js';
import { deepFreeze } from '../src/definition/compile.ts';
import type { Connector } from '../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../src/definition/load.ts';
import { loadSource } from '../src/definition/source.ts';
import { withOverlay } from './helpers/overlay.ts';

const names = ['settings', 'names', 'environments', 'limits', 'coverage', 'categories'];
const markers = (marked: readonly string[]) =>
  marked.map((name) => `<!-- ${name} -->\nold\n<!-- /${name} -->`).join('\n');

/** The pages of the fixture connector, changed by `change` once it is compiled. */
const pagesOf = (change: (connector: Connector) => Connector = (connector) => connector) =>
  withOverlay(['acme', 'acme-parts'], async (folder) => {
    const connector = change(await loadConnectorOrThrow(folder));
    const documented = { folder: 'acme', connector: deepFreeze(connector), source: await loadSource(folder) };
    const pages = buildPages({
      errorCatalogue: {},
      problemCatalogue: {},
      connectors: [documented],
      readPage: (path) => (path === 'acme/README.md' ? markers(names) : markers(['errors', 'problems'])),
    });
    return { guide: pages.get('acme/README.md') ?? '', methods: pages.get('acme/METHODS.md') ?? '' };
  });

/** The method reference where one method of the fixture is different. */
const pageWith = async (key: string, change: object) => {
  const { methods } = await pagesOf((connector) => {
    const method = connector.methods[key];
    if (!method) throw new Error(`the fixture has no method ${key}`);
    return { ...connector, methods: { ...connector.methods, [key]: { ...method, ...change } } };
  });
  return methods;
};

const sectionsOf = (page: string) => page.split(/^#{2,3} /m);
const sectionOf = (page: string, key: string) =>
  sectionsOf(page).find((section) => section.includes(`\n\`${key}\` - `)) ?? '';
const typeOf = (page: string, name: string) =>
  sectionsOf(page).find((section) => section.startsWith(`${name}\n`)) ?? '';

describe('a method reference', () => {
  it('gives each method with key, verb and path, in the names of the vendor', async () => {
    const { methods } = await pagesOf();
    expect(sectionOf(methods, 'things.get')).toContain(
      '`things.get` - `GET /{tenantId}/things/{id}` - *read only*',
    );
    expect(methods).toContain('`{tenantId}` is filled with the setting Tenant');
  });

  it('gives parameters with place, type and lookup, and paging parameters by themselves', async () => {
    const section = sectionOf((await pagesOf()).methods, 'things.list');
    expect(section).toContain('| `ids` | query | list of string | Only these. |');
    expect(section).toContain('| `limit` | query | integer (1 or more) | A number. |');
    expect(section).toContain('- Pages: `next` string and `size` integer (1-50), in the query.');
    expect(section).toContain('- Answer: pages of [Thing](#thing).');
    expect(sectionOf((await pagesOf()).methods, 'things.get')).toContain(
      '| `id` | path | string | yes | Id of the thing. Lookup: `things`. |',
    );
  });

  it('gives the fields of a body, those of its references included', async () => {
    const section = sectionOf((await pagesOf()).methods, 'things.create');
    expect(section).toContain('| `name` | string | yes |');
    expect(section).toContain('| `colour` | `red`, `green` |  |');
    expect(section).toContain('| `born` | date |  |');
  });

  it('says only what differs where the body has all fields of an earlier method of the category', async () => {
    const page = await pageWith('things.upload', {
      body: {
        required: true,
        closed: true,
        encoding: 'json',
        fill: [],
        schema: {
          allOf: [{ $ref: '#/$defs/ThingRequest' }],
          type: 'object',
          properties: { note: { type: 'string', maxLength: 9 } },
        },
      },
    });
    const section = sectionOf(page, 'things.upload');
    expect(section).toContain('Body: the fields of [Create Thing](#create-thing), and:');
    expect(section).toContain('| `note` | string (up to 9) |');
    expect(section).not.toContain('`colour`');
  });

  it('repeats a field that the earlier method requires and this one does not', async () => {
    const page = await pageWith('things.upload', {
      body: {
        required: true,
        closed: true,
        encoding: 'json',
        fill: [],
        schema: {
          ...{ type: 'object', properties: { name: { type: 'string' }, colour: { type: 'string' } } },
        },
      },
    });
    expect(sectionOf(page, 'things.upload')).toContain('| `name` | string |');
  });

  it('says of a body of several kinds which they are', async () => {
    const schema = { anyOf: [{ $ref: '#/$defs/ThingRequest' }, { $ref: '#/$defs/Rows' }] };
    const body = { required: false, closed: false, encoding: 'json', fill: [], schema };
    expect(sectionOf(await pageWith('things.create', { body }), 'things.create')).toContain(
      'Body: [ThingRequest](#thingrequest) or [Rows](#rows). The body may be left out. Further fields may be given.',
    );
  });

  it('marks what is beta, deprecated, repeatable, sent elsewhere or limited otherwise', async () => {
    const change = { beta: true, deprecated: true, idempotent: true, host: 'files', limits: ['slow'] };
    expect(sectionOf(await pageWith('things.create', change), 'things.create')).toContain(
      '- *idempotent* - **beta** - **deprecated** - host `files` - limits `slow`',
    );
  });

  it('says what is made up, split, merged and secret', async () => {
    const { methods } = await pagesOf();
    const upload = sectionOf(methods, 'parts.upload');
    expect(upload).toContain(
      '- Given a value before the first attempt when left out: `rows[].uid` (a UUID).',
    );
    expect(upload).toContain('in several requests of at most 3 items and 400 bytes.');
    expect(upload).toContain('A strict call first looks each `thing` up by `things.list`.');
    expect(sectionOf(methods, 'parts.update')).toContain('over what `parts.get` reads.');
    const secret = await pageWith('things.get', { sensitive: ['key.secret'] });
    expect(sectionOf(secret, 'things.get')).toContain('- Holds secrets in clear: `key.secret`.');
  });

  it('has a section for every type that is mentioned, and for none that is not', async () => {
    const { methods } = await pagesOf();
    expect(typeOf(methods, 'Thing')).toContain('| `id` | string |');
    expect(typeOf(methods, 'ThingRequest')).toBe('');
  });

  it('says how files are sent, where the connector takes any', async () => {
    const without = await pagesOf((connector) => ({ ...connector, uploads: {} }));
    expect(without.methods).not.toContain('## Uploads');
    const poll = {
      method: 'things.get',
      parameter: 'id',
      status: 'state',
      done: ['DONE'],
      failed: ['BROKEN'],
    };
    const upload = {
      ...{ key: 'rows', label: 'Rows', description: 'Rows as CSV.', request: 'things.create' },
      ...{ file: { name: 'name', type: 'type', bytes: 'bytes' }, url: 'url', headers: 'headers', job: 'id' },
      ...{
        hosts: ['*.files.example'],
        urlLifetimeSeconds: 60,
        contentTypes: ['text/csv'],
        maximumBytes: 5000,
      },
      poll: { ...poll, intervalSeconds: 2 },
    };
    const { methods } = await pagesOf((connector) => ({ ...connector, uploads: { rows: upload } }));
    expect(methods).toContain(
      '| `rows` | Rows as CSV. | `text/csv` | 5,000 bytes | `things.create` gives a URL,',
    );
    expect(methods).toContain('`things.get` until its `state` is `DONE` or `BROKEN` |');
  });

  it('keeps bars and line breaks from breaking its tables', async () => {
    const parameters = {
      id: {
        name: 'id',
        id: 1,
        in: 'path',
        required: true,
        description: 'a|b\nc',
        schema: {},
        arrays: 'comma',
      },
    };
    expect(sectionOf(await pageWith('things.get', { parameters }), 'things.get')).toContain(
      '| `id` | path | anything | yes | a\\|b c |',
    );
  });
});

describe('the tables of a setup guide', () => {
  it('say of each setting who gives it, whether it must be given, and what it may be', async () => {
    const { guide } = await pagesOf();
    expect(guide).toContain(
      '| Key Secret | `keySecret` | console or account | yes | yes | Secret of that key. |',
    );
    expect(guide).toContain('| Region | `region` | account | `eu` unless given |');
    expect(guide).toContain('| Key ID | `ACME_KEY` |');
    expect(guide).not.toContain('old');
  });

  it('give hosts by environment, limits with the methods they bind, and categories with their sections', async () => {
    const { guide } = await pagesOf();
    expect(guide).toContain('| any other `region` | Other | `https://api.{region}.acme.example` |');
    expect(guide).toMatch(/\| `api` \| 10 in a second \| \d+ \| Ten a second\. \|/);
    expect(guide).toContain('| [Things](METHODS.md#things) | 5 |');
  });
});
