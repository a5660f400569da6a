import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer, unpackBody } from '../../src/transport/response-body.ts';
import { errorOf } from './error-of.ts';
import { adapters, createLocalSend, serve } from './local-server.ts';

const MOST = 1_000_000;
const text = '{"a":"zażółć"}';

/** An answer with these bytes, over this adapter. */
async function fetchFrom(
  adapter: 'undici' | 'http',
  bytes: Uint8Array,
  headers: Record<string, string>,
  maxResponseBytes = MOST,
) {
  const origin = await serve((_, response) => {
    response.writeHead(200, headers);
    response.end(bytes);
  });
  return createLocalSend({ adapter, maxResponseBytes })({ method: 'GET', url: origin, headers: {} });
}

describe.each(adapters)('over %s', (adapter) => {
  it.each([
    ['a bomb', gzipSync(Buffer.alloc(50 * MOST)), 'gzip'],
    ['a bomb in brotli', brotliCompressSync(Buffer.alloc(50 * MOST)), 'br'],
    ['a bomb in deflate', deflateSync(Buffer.alloc(50 * MOST)), 'deflate'],
  ])('%s is not unpacked to its end', async (_, bytes, encoding) => {
    expect(bytes.length).toBeLessThan(MOST);
    expect(await errorOf(fetchFrom(adapter, bytes, { 'content-encoding': encoding }))).toMatchObject({
      code: 'transport.too-large',
      outcome: 'sent-unknown',
    });
  });

  it.each([
    ['was cut', gzipSync(text).subarray(0, -9), 'gzip'],
    ['is not what it says', Buffer.from(text), 'gzip'],
    ['was cut in brotli', brotliCompressSync(text.repeat(50)).subarray(0, -5), 'br'],
  ])('a packed answer that %s is never a success', async (_, bytes, encoding) => {
    expect(await errorOf(fetchFrom(adapter, bytes, { 'content-encoding': encoding }))).toMatchObject({
      code: 'transport.interrupted',
      outcome: 'sent-unknown',
    });
  });

  it.each([
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['identity', Buffer.from(text)],
  ])('%s is unpacked', async (encoding, bytes) => {
    const answer = await fetchFrom(adapter, bytes, { 'content-encoding': encoding });
    expect(answer.body).toBe(text);
  });

  it('JSON that is not in UTF-8 is refused, not read with holes', async () => {
    const bytes = Buffer.from('{"name":"Zo\xeb"}', 'latin1');
    const error = await errorOf(fetchFrom(adapter, bytes, { 'content-type': 'application/json' }));
    expect(error).toMatchObject({ code: 'response.unreadable', vendor: { status: 200 } });
    expect(error.outcome).toBeUndefined();
  });

  it('a text is read in the charset that it names', async () => {
    const bytes = Buffer.from('n;Zo\xeb', 'latin1');
    for (const charset of ['iso-8859-1', '"ISO-8859-1"', 'windows-1252']) {
      const headers = { 'content-type': `text/csv; charset=${charset}` };
      expect((await fetchFrom(adapter, bytes, headers)).body).toBe('n;Zoë');
    }
  });
});

describe('bytes', () => {
  it('are unpacked in the reverse of the order in which they were packed, twice at most', async () => {
    const twice = gzipSync(brotliCompressSync(text));
    expect(await unpackBody(twice, 'br, GZIP', MOST)).toEqual({ bytes: Buffer.from(text) });
    expect(await unpackBody(gzipSync(twice), 'br, gzip, gzip', MOST)).toMatchObject({ fault: 'damaged' });
    expect(await unpackBody(twice, 'zstd', MOST)).toMatchObject({ fault: 'damaged' });
    expect(await unpackBody(new Uint8Array(), 'gzip', MOST)).toMatchObject({ bytes: new Uint8Array() });
  });

  it('may be as many as the cap, and not one more', async () => {
    const packed = gzipSync('x'.repeat(1_000));
    expect(await unpackBody(packed, 'gzip', 1_000)).toMatchObject({ bytes: { length: 1_000 } });
    expect(await unpackBody(packed, 'gzip', 999)).toMatchObject({ fault: 'tooLarge' });
  });

  const read = (bytes: Uint8Array, type: string, status = 200) =>
    readAnswer({ host: 'h', status, headers: { 'content-type': type }, bytes }).body;

  it('are UTF-8 in JSON, whatever it says, unless they are not', () => {
    expect(read(Buffer.from(text), 'application/json; charset=iso-8859-1')).toBe(text);
    expect(read(Buffer.from('"\xeb"', 'latin1'), 'application/json; charset=iso-8859-1')).toBe('"ë"');
    expect(read(Buffer.from('\ufeff{}'), 'application/json')).toBe('{}');
    expect(read(Buffer.from('ë'), 'text/plain; charset=klingon')).toBe('ë');
    expect(read(Buffer.from('\xeb', 'latin1'), 'application/json', 500)).toBe('\ufffd');
  });

  const bytesOf = (bytes: Uint8Array, type: string) =>
    readAnswer({ host: 'h', status: 200, headers: { 'content-type': type }, bytes }).bytes;

  it.each(['application/pdf', 'image/png', 'application/zip', 'APPLICATION/GZIP; x=y', 'font/woff2'])(
    'are kept as they are where their type is none of text: %s',
    (type) => expect(bytesOf(Buffer.from('%PDF-1.7'), type)).toEqual(Buffer.from('%PDF-1.7')),
  );

  it('are kept as they are where they cannot be read as the text that they are said to be', () => {
    const latin = Buffer.from('naïve', 'latin1');
    expect(bytesOf(latin, 'text/csv')).toEqual(latin);
    expect(bytesOf(latin, 'text/csv; charset=klingon')).toEqual(latin);
    expect(bytesOf(Buffer.from('a\0b'), 'application/octet-stream')).toHaveLength(3);
    expect(bytesOf(latin, '')).toEqual(latin);
  });

  it.each([
    ['text/csv; charset=iso-8859-1', Buffer.from('naïve', 'latin1')],
    ['text/csv', Buffer.from('naïve')],
    ['image/svg+xml', Buffer.from('<svg/>')],
    ['application/octet-stream', Buffer.from('a,b')],
    ['application/json', Buffer.from('{}')],
    ['application/vnd.acme+json', Buffer.from('{}')],
    ['application/pdf', Buffer.alloc(0)],
  ])('are read, and not kept, where they are text: %s', (type, bytes) => {
    expect(bytesOf(bytes, type)).toBeUndefined();
  });

  it('come back as they were, whatever text they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        expect(read(Buffer.from(`x${given}`), 'application/json')).toBe(`x${given}`);
      }),
    );
  });
});
