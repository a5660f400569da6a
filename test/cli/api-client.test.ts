import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../src/cli/api-client.ts';
import { Secret } from '../../src/secret.ts';

it('a refusal of the API keeps the time to wait that its header names', async () => {
  const server = createServer(({ url }, response) => {
    const isToken = url === '/oauth/token';
    const body = isToken ? { access_token: 't' } : { Code: 'vendor.throttled', Message: 'Slow down' };
    const headers = { 'content-type': 'application/json', ...(!isToken && { 'retry-after': '7' }) };
    response.writeHead(isToken ? 200 : 429, headers).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApi({ url, clientId: 'c', clientSecret: new Secret('s') });
  await expect(api.get('/v1.0/calls')).rejects.toMatchObject({
    code: 'vendor.throttled',
    retryAfterMs: 7_000,
  });
});
