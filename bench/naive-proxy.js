/** The URL of a vendor comes in; the proxy that people write first goes out: express and axios as they come, and no checks at all. */
import { once } from 'node:events';
import { Agent } from 'node:http';
import axios from 'axios';
import express from 'express';
import { ARGUMENTS, pathOf } from './bed.js';

const headers = { 'content-type': 'application/json' };
const authorization = `Bearer ${'0123456789'.repeat(5)}`;

export async function createServed({ url, concurrency }) {
  const client = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) });
  const app = express();
  app.use(express.json());
  app.post('/accounts/:id', async (request, response) => {
    const { data, status } = await client.get(`${url}${pathOf('org-1', request.params.id)}`, {
      headers: { ...headers, authorization },
    });
    response.status(status).json(data);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    path: `/accounts/${ARGUMENTS.id}`,
    headers,
    body: JSON.stringify({ Parameters: ARGUMENTS }),
  };
}
