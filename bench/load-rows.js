/** A request comes in; a function that sends it and reads the answer goes out. Anything but 200 is an error. */
import { Pool } from 'undici';

export function createCall({ option: { url, path, method = 'POST', headers, body }, concurrency }) {
  const pool = new Pool(url, { connections: concurrency });
  return async () => {
    const answer = await pool.request({ path, method, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}: ${text}`);
  };
}
