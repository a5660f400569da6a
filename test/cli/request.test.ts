import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useHarness } from './harness-bed.ts';

describe('fishplate request --form', () => {
  const bed = useHarness();

  /** An installation of XMCO at a host that keeps what it is sent. */
  async function installed() {
    const sent: { type: string | undefined; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      if (request.method !== 'GET') sent.push({ type: request.headers['content-type'], body });
      response.setHeader('content-type', 'application/json').end('{"user":{"first_name":"a","surname":"b"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await bed.fishplate([
      'setup',
      'xmco',
      `baseUrl=http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ]);
    onTestFinished(async () => void (await bed.fishplate(['setup', 'xmco', 'baseUrl='])));
    const name = `Forms ${crypto.randomUUID()}`;
    await bed.fishplate(['install', 'xmco', 'apiKey=some-good-key', '--name', name]);
    return { name, sent };
  }

  it('refuses what no form can hold, and two ways at once, and sends nothing', async () => {
    const { name, sent } = await installed();
    const list = await bed.fishplate(['request', name, 'POST', '/things', '--form', '--body', '[1]']);
    expect([list.code, list.err]).toEqual([1, expect.stringContaining('whose fields have names')]);
    const both = ['--form', '--content-type', 'application/json', '--body', '{}'];
    const twice = await bed.fishplate(['request', name, 'POST', '/things', ...both]);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('both say')]);
    expect(sent).toEqual([]);
  });

  it('sends a form, and --content-type another kind of JSON', async () => {
    const { name, sent } = await installed();
    const post = ['request', name, 'POST', '/things', '--body', '{"a": "b c", "n": 1}'];
    await bed.fishplate([...post, '--form']);
    await bed.fishplate([...post, '--content-type', 'application/merge-patch+json']);
    await bed.fishplate(post);
    expect(sent).toEqual([
      { type: 'application/x-www-form-urlencoded', body: 'a=b+c&n=1' },
      { type: 'application/merge-patch+json', body: '{"a":"b c","n":1}' },
      { type: 'application/json', body: '{"a":"b c","n":1}' },
    ]);
  });
});
