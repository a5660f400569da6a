import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeVendor } from '../helpers/vendor.ts';
import { createApi, expectRefusal } from './api.ts';

describe('an installation whose connector is no longer at hand', () => {
  const without = async () => {
    const store = await memoryStore();
    const { send } = createFakeVendor();
    const api = await createApi({}, () => createRuntime({ connectors: [], store, send }), { store });
    return { ...api, id: await api.install() };
  };

  it('is listed and read as failing, with the reason, beside those that work', async () => {
    const { ask, id } = await without();
    const { body } = await ask('GET', '/v1.0/account/connectors');
    expect(body).toMatchObject([
      {
        ...{ Id: id, State: 'failing', Authenticated: false },
        StateReason: { Code: 'connector.unknown', Message: 'there is no connector "acme 1.0.0"' },
        Connector: { Name: 'acme', Version: '1.0.0', Parameters: [] },
      },
    ]);
    expect((await ask('GET', `/v1.0/account/connectors/${id}`)).body).toEqual(body[0]);
  });

  it('refuses calls and tests with that reason, and can be deleted', async () => {
    const { ask, id } = await without();
    const path = `/v1.0/account/connectors/${id}`;
    expectRefusal(await ask('POST', `${path}/methods/things.list`, { body: {} }), 404, 'connector.unknown');
    expectRefusal(await ask('POST', `${path}/test`), 404, 'connector.unknown');
    expect((await ask('DELETE', path)).status).toBe(200);
    expectRefusal(await ask('GET', path), 404, 'installation.unknown');
  });
});
