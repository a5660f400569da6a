/** The URL of a vendor comes in; a runtime with the m3ter connector, a store on disk and installations goes out. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createAxiosSend,
  createMetrics,
  createRuntime,
  createStartSpan,
  joinObservers,
  loadConnectorOrThrow,
  openStore,
  Secret,
  withEnvironment,
} from '../dist/index.js';

/** What every measured call asks for. */
export const METHOD = 'accounts.get';
export const ARGUMENTS = { id: 'acc-1' };
export const pathOf = (organisation, id = ARGUMENTS.id) => `/organizations/${organisation}/accounts/${id}`;

/** The same over HTTP. */
export const requestOf = ({ account, id, token }) => ({
  path: `/v1.0/account/connectors/${id}/methods/${METHOD}`,
  headers: {
    authorization: `Bearer ${token}`,
    'x-cyclr-account': account,
    'content-type': 'application/json',
  },
  body: JSON.stringify({ Parameters: ARGUMENTS }),
});

const ENVIRONMENT = 'bench';
/** Counted as ever, but never reached: what a call waits for would be measured otherwise. */
const UNREACHED = 10_000_000;
const ROWS_PER_WRITE = 2_000;

/** The shipped definition with its hosts at `url`. */
async function loadConnector(url) {
  const connector = await loadConnectorOrThrow(fileURLToPath(new URL('../connector/m3ter', import.meta.url)));
  const limits = Object.fromEntries(
    Object.entries(connector.limits).map(([name, limit]) => [
      name,
      { ...limit, requests: UNREACHED, perSeconds: 1 },
    ]),
  );
  return withEnvironment({ ...connector, limits }, ENVIRONMENT, 'Bench', {
    api: url,
    ingest: url,
    token: url,
  });
}

/**
 * Opens the runtime as `fishplate serve` does: metrics and traces are listened to, nobody records spans. One
 * installation is made the usual way, the others of its kind are written beside it, each with a key of its own.
 */
export async function openBed({ url, concurrency, installations = 1, loggedCalls = 'all' }) {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const key = new Secret(randomBytes(32).toString('base64'));
  const store = await openStore({ location: join(folder, 'bench.db'), keys: { key } });
  const send = createAxiosSend({ allowAddresses: ['loopback'], connections: concurrency });
  const metrics = createMetrics({ store, now: Date.now });
  const connector = await loadConnector(url);
  const observer = joinObservers([metrics.event], createStartSpan({}));
  const runtime = createRuntime({
    connectors: [connector],
    ...{ store, send, observer, loggedCalls },
    onError: (message) => console.error(message),
  });
  const { id: account } = await runtime.accounts.create({ name: 'Bench' });
  const values = {
    environment: ENVIRONMENT,
    accessKeyId: 'key',
    apiSecret: 'a-secret-of-some-length',
    organisationId: 'org-1',
  };
  const { row } = await runtime.install(account, connector.name, { values });
  if (row.state !== 'active')
    throw new Error(`the installation is ${row.state}: ${row.stateReason?.message}`);
  await runtime.call(account, row.id, METHOD, ARGUMENTS);
  const ids = await multiply(store, row, installations);
  return { runtime, store, account, ids, observer, metrics };
}

/** Rows like those of an installation that is in use, token and all. */
async function multiply(store, row, count) {
  const [token, values] = await Promise.all([
    store.get('token', row.id),
    store.list('installationValue', { where: { installationId: row.id } }),
  ]);
  const ids = [row.id];
  let changes = [];
  while (ids.length < count) {
    const id = randomUUID();
    changes.push({ op: 'insert', table: 'installation', row: { ...row, id } });
    for (const value of values)
      changes.push({
        op: 'insert',
        table: 'installationValue',
        row: {
          ...value,
          id: `${id}/${value.setting}`,
          installationId: id,
          ...(value.setting === 'organisationId' && { value: `org-${ids.length + 1}` }),
        },
      });
    changes.push({ op: 'insert', table: 'token', row: { ...token, id } });
    ids.push(id);
    if (changes.length >= ROWS_PER_WRITE || ids.length === count) {
      await store.write(changes);
      changes = [];
    }
  }
  return ids;
}
