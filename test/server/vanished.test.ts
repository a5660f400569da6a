import { describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import { fixture } from '../helpers/overlay.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeVendor } from '../helpers/vendor.ts';
import { createApi, expectRefusal } from './api.ts';

const acme = await loadConnectorOrThrow(fixture('acme'));
const kinds = await loadConnectorOrThrow(fixture('auth-kinds'));

/** An API on the same store without the connector `acme`; `before` is the runtime that had it. */
async function without() {
  const store = await memoryStore();
  const { send } = createFakeVendor();
  const past: Runtime[] = [];
  const api = await createApi(
    {},
    (runtime) => {
      past.push(runtime);
      return createRuntime({ connectors: [kinds], store, send });
    },
    { store, connectors: [acme, kinds] },
  );
  const [before = api.runtime] = past;
  const id = await api.install();
  const { row: other } = await before.install(api.account, 'kinds', { name: 'Other' });
  return { ...api, before, id, other: other.id };
}

describe('an installation whose connector is no longer at hand', () => {
  it('is listed and read as failing, with the reason, beside the others', async () => {
    const { ask, id, other } = await without();
    const { body } = await ask('GET', '/v1.0/account/connectors');
    expect(body).toMatchObject([
      {
        ...{ Id: id, State: 'failing', Authenticated: false },
        StateReason: { Code: 'connector.unknown', Message: 'there is no connector "acme 1.0.0"' },
        Connector: { Name: 'acme', Version: '1.0.0', Parameters: [] },
      },
      { Id: other, State: 'setup-required', Connector: { Name: 'kinds' } },
    ]);
    expect((await ask('GET', `/v1.0/account/connectors/${id}`)).body).toEqual(body[0]);
  });

  it('refuses calls and tests with that reason, and is as it was when the connector is back', async () => {
    const { ask, id, before, account } = await without();
    const path = `/v1.0/account/connectors/${id}`;
    expectRefusal(await ask('POST', `${path}/methods/things.list`, { body: {} }), 404, 'connector.unknown');
    expectRefusal(await ask('POST', `${path}/test`), 404, 'connector.unknown');
    expect((await before.installation(account, id)).row.state).toBe('active');
  });

  it('can be deleted', async () => {
    const { ask, id } = await without();
    expect((await ask('DELETE', `/v1.0/account/connectors/${id}`)).status).toBe(200);
    expectRefusal(await ask('GET', `/v1.0/account/connectors/${id}`), 404, 'installation.unknown');
  });
});
