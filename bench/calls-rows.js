/** The URL of a vendor comes in; a function that makes one call goes out: bare, or through the runtime with all that it does. */
import { Pool } from 'undici';
import { ARGUMENTS, METHOD, openBed, pathOf } from './bed.js';

const headers = {
  authorization: `Bearer ${'0123456789'.repeat(5)}`,
  'content-type': 'application/json',
};

/** `option` says how many installations there are, and round how many of them the calls go; without one the request is bare. */
export function createCall({ url, option, concurrency }) {
  return option === undefined ? bare(url, concurrency) : through(url, concurrency, option);
}

function bare(url, connections) {
  const pool = new Pool(url, { connections });
  const path = pathOf('org-1');
  return async () => {
    const { body } = await pool.request({ path, method: 'GET', headers });
    return JSON.parse(await body.text());
  };
}

async function through(url, concurrency, { installations, inUse = installations, loggedCalls }) {
  const { runtime, account, ids } = await openBed({ url, concurrency, installations, loggedCalls });
  return () => runtime.call(account, ids[Math.floor(Math.random() * inUse)], METHOD, ARGUMENTS);
}
