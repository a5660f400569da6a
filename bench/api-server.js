/** The URL of a vendor comes in; our API goes out, as `fishplate serve` has it: token, permissions, call log, request log, metrics. */
import { createWriteStream } from 'node:fs';
import { createAccess } from '../dist/access/access.js';
import { createLogger } from '../dist/cli/watching.js';
import { createApp } from '../dist/server/app.js';
import { listen } from '../dist/server/listen.js';
import { realWorld } from '../dist/world.js';
import { openBed, requestOf } from './bed.js';

export async function createServed({ url, concurrency }) {
  const { runtime, store, account, ids, observer, metrics } = await openBed({ url, concurrency });
  const access = createAccess({ store, world: realWorld });
  const logger = createLogger(createWriteStream('/dev/null'), 'info', ['a-secret-of-some-length']);
  const app = createApp({ runtime, access, logger, observer, metrics });
  const server = await listen(app, { port: 0, runtime });
  const token = await tokenOf(access);
  return { url: server.url, ...requestOf({ account, id: ids[0], token }) };
}

/** Of a service user that may call methods and nothing else. */
async function tokenOf({ policies, serviceUsers, accessKeys, tokens }) {
  const statements = [{ effect: 'allow', actions: ['methods:*'], resources: ['*'] }];
  const { id: policy } = await policies.create('local', { name: 'Callers', statements });
  const { id: user } = await serviceUsers.create('local', { name: 'Bench', policies: [policy] });
  const { key, secret } = await accessKeys.create('local', user, {});
  const { accessToken } = await tokens.issue({ clientId: key.id, clientSecret: secret });
  return accessToken;
}
