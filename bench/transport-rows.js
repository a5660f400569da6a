/** The URL of a vendor comes in; a function that makes one GET and parses the JSON goes out: bare, ours, or as people write it. */
import { Agent } from 'node:http';
import axios from 'axios';
import { Pool } from 'undici';
import { createAxiosSend } from '../dist/transport/axios.js';

const PATH = '/things/t1?expand=all';
const headers = {
  authorization: `Bearer ${'0123456789'.repeat(5)}`,
  'content-type': 'application/json',
};

export function createCall({ url, option, concurrency }) {
  if (option === 'undici') return bare(url, concurrency);
  if (option === 'axios') return plain(url, concurrency);
  const adapter = option === 'send-http' ? 'http' : 'undici';
  const send = createAxiosSend({ adapter, allowAddresses: ['loopback'], connections: concurrency });
  const request = { method: 'GET', url: `${url}${PATH}`, headers };
  return async () => {
    const { body } = await send(request, { timeoutMs: 60_000 });
    return JSON.parse(body);
  };
}

function bare(url, connections) {
  const pool = new Pool(url, { connections });
  return async () => {
    const { body } = await pool.request({ path: PATH, method: 'GET', headers });
    return JSON.parse(await body.text());
  };
}

function plain(url, maxSockets) {
  const client = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets }) });
  return async () => (await client.get(`${url}${PATH}`, { headers })).data;
}
