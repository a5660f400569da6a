import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withEnvironment } from '../../src/definition/environment.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { readFileBody } from '../../src/response/file.ts';
import { createRuntime } from '../../src/runtime.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { fixture } from '../helpers/overlay.ts';
import { memoryStore } from '../helpers/runtime.ts';

// Every byte there is, so that no reading as text could give it back.
const bytes = Buffer.from(Array.from({ length: 1_024 }, (_, index) => (index * 7) % 256));
const sha = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** A vendor that answers like this below /v1/things, and an installation that calls it. */
async function installAt(answer: RequestListener, maxResponseBytes?: number) {
  const server = createServer((request, response) => {
    const isTest = request.url?.includes('/me') === true;
    if (!isTest) return void answer(request, response);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"login":"robot"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const defined = await loadConnectorOrThrow(fixture('auth-kinds'));
  const send = createAxiosSend({
    allowAddresses: ['loopback'],
    ...(maxResponseBytes !== undefined && { maxResponseBytes }),
  });
  const runtime = createRuntime({
    connectors: [withEnvironment(defined, 'sandbox', 'Sandbox', { api: url, token: url })],
    store: await memoryStore(),
    send,
  });
  onTestFinished(async () => {
    await runtime.close();
    send.close();
    server.closeAllConnections();
    server.close();
  });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const { row } = await runtime.install(account, 'kinds', {
    authId: 'bearer',
    values: { environment: 'sandbox', secret: 'a-secret' },
  });
  expect(row.state).toBe('active');
  return (path = '/things') => runtime.request(account, row.id, { verb: 'GET', path });
}

const sending =
  (type: string, content: Uint8Array, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, { ...(type !== '' && { 'content-type': type }), ...headers }).end(content);

describe('an answer that is a file', () => {
  it('over the cap is refused like any other', async () => {
    const get = await installAt(sending('application/pdf', bytes), 1_000);
    await expect(get()).rejects.toMatchObject({ code: 'transport.too-large' });
  });

  it.each(['application/pdf', 'application/zip', 'image/png', 'application/octet-stream', 'text/csv', ''])(
    'arrives byte by byte, under its media type: %j',
    async (type) => {
      const get = await installAt(sending(type, bytes));
      const { body } = await get();
      const file = readFileBody(JSON.parse(JSON.stringify(body)));
      expect(file).toMatchObject({ mediaType: type || 'application/octet-stream', size: bytes.length });
      expect(sha(file?.bytes ?? new Uint8Array())).toBe(sha(bytes));
    },
  );

  it('keeps the name that the vendor gives it, and no folder', async () => {
    const names = [
      ['attachment; filename="invoice 1.pdf"', 'invoice 1.pdf'],
      ["attachment; filename=x.pdf; filename*=UTF-8''f%C3%A9v.pdf", 'fév.pdf'],
      ['attachment; filename="../../etc/passwd"', 'passwd'],
      ['attachment; filename=".."', undefined],
      ['inline', undefined],
    ] as const;
    for (const [disposition, name] of names) {
      const get = await installAt(sending('application/pdf', bytes, { 'content-disposition': disposition }));
      expect(readFileBody((await get()).body)?.fileName).toBe(name);
    }
  });

  it('is none where it is text in a charset that is known', async () => {
    const get = await installAt(sending('text/csv; charset=iso-8859-1', Buffer.from('é;1', 'latin1')));
    expect((await get()).body).toBe('é;1');
  });

  it('is not mistaken for one: what only looks like it is what the vendor said', () => {
    expect(readFileBody({ mediaType: 'a/b', size: 3, base64: 'AA==' })).toBeUndefined();
    expect(readFileBody('text')).toBeUndefined();
    expect(readFileBody({ data: [] })).toBeUndefined();
  });
});
