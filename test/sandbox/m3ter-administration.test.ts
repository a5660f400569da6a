import { describe, expect, it } from 'vitest';
import { openM3ter } from './open-m3ter.ts';

const statement = { effect: 'allow', action: ['config:retrieve'], resource: ['config:meter/*'] };

async function openPolicies() {
  const opened = await openM3ter();
  const policy = await opened.make('/permissionpolicies', { name: 'Meters', permissionPolicy: [statement] });
  const [user = ''] = await opened.idsAt('/users');
  return { ...opened, policy, user };
}

describe('permission policies', () => {
  it('that are managed can be neither changed nor deleted', async () => {
    const { ask } = await openPolicies();
    const { data } = (await ask('/permissionpolicies')).json;
    expect(data.map(({ name }: { name: string }) => name)).toEqual(['Meters', 'ReadOnly', 'Administrator']);
    const body = { name: 'Mine', permissionPolicy: [statement], version: 1 };
    expect((await ask(`/permissionpolicies/${data[2].id}`, 'PUT', body)).status).toBe(400);
    expect((await ask(`/permissionpolicies/${data[2].id}`, 'DELETE')).json.message).toContain(
      'managedPolicy is true',
    );
  });

  it('are refused for users, groups and service users that are not there', async () => {
    const { ask, policy, user } = await openPolicies();
    for (const way of [
      'addtouser',
      'addtousergroup',
      'addtoserviceuser',
      'removefromuser',
      'removefromserviceuser',
    ]) {
      const { status } = await ask(`/permissionpolicies/${policy.id}/${way}`, 'POST', {
        principalId: 'nobody',
      });
      expect([way, status]).toEqual([way, 404]);
    }
    expect((await ask(`/permissionpolicies/nobody/addtouser`, 'POST', { principalId: user })).status).toBe(
      404,
    );
    expect((await ask(`/permissionpolicies/${policy.id}/removefromsupportusers`, 'POST')).status).toBe(404);
  });

  it('are assigned once, listed, and taken away again', async () => {
    const { ask, make, policy, user } = await openPolicies();
    expect((await ask(`/users/${user}/permissions`)).json).toEqual({ data: [] });
    const path = `/permissionpolicies/${policy.id}`;
    const first = await make(`${path}/addtouser`, { principalId: user });
    expect(first).toMatchObject({ permissionPolicyId: policy.id, principalId: user, principalType: 'USER' });
    expect((await make(`${path}/addtouser`, { principalId: user })).id).toBe(first.id);
    expect((await ask(`/users/${user}/permissions`)).json).toMatchObject({ id: policy.id, name: 'Meters' });
    expect((await ask(`${path}/removefromuser`, 'POST', { principalId: user })).json.id).toBe(first.id);
    expect((await ask(`/users/${user}/permissions`)).json).toEqual({ data: [] });
    expect((await make(`${path}/addtosupportusers`, {})).principalType).toBe('SUPPORTUSERS');
  });

  it('change what a service user may do, at once', async () => {
    const { ask, enterAs } = await openPolicies();
    const reader = await enterAs('ReadOnly');
    const product = { name: 'Product', code: 'product' };
    const create = () => ask('/products', 'POST', product, reader.token);
    expect((await create()).status).toBe(403);
    const { data } = (await ask('/permissionpolicies')).json;
    const administrator = data.find(({ name }: { name: string }) => name === 'Administrator');
    const principal = { principalId: reader.serviceUserId };
    await ask(`/permissionpolicies/${administrator.id}/addtoserviceuser`, 'POST', principal);
    expect((await create()).status).toBe(200);
    await ask(`/permissionpolicies/${administrator.id}/removefromserviceuser`, 'POST', principal);
    expect((await ask('/products', 'POST', { ...product, code: 'other' }, reader.token)).status).toBe(403);
  });
});

describe('resource groups', () => {
  it('hold each thing once, until it is taken out', async () => {
    const { ask, make, user } = await openPolicies();
    const group = await make('/resourcegroups/user', { name: 'Everybody' });
    const path = `/resourcegroups/user/${group.id}`;
    const item = { targetId: user, targetType: 'ITEM' };
    expect((await ask(`${path}/removeresource`, 'POST', item)).status).toBe(404);
    expect((await ask('/resourcegroups/meter/none/addresource', 'POST', item)).status).toBe(404);
    for (const count of [1, 2])
      expect([count, (await make(`${path}/addresource`, item)).id]).toEqual([count, group.id]);
    expect((await ask(`${path}/contents`, 'POST')).json.data).toMatchObject([item]);
    expect((await ask(`/users/${user}/usergroups`)).json).toMatchObject({ id: group.id, name: 'Everybody' });
    await make(`${path}/removeresource`, item);
    expect((await ask(`${path}/contents`, 'POST')).json.data).toEqual([]);
    expect((await ask(`/users/${user}/usergroups`)).json).toEqual({ data: [] });
  });

  it('have the permission policies that are assigned to them', async () => {
    const { ask, make, policy } = await openPolicies();
    const group = await make('/resourcegroups/user', { name: 'Everybody' });
    await make(`/permissionpolicies/${policy.id}/addtousergroup`, { principalId: group.id });
    expect((await ask(`/resourcegroups/user/${group.id}/permissions`)).json.data).toMatchObject([
      { id: policy.id },
    ]);
  });
});

describe('integrations', () => {
  it('map entities to records, and are found from either side', async () => {
    const { make, idsAt } = await openM3ter();
    const mapping = {
      m3terEntity: 'Account',
      m3terId: 'a1',
      externalSystem: 'Salesforce',
      externalTable: 'Account',
    };
    const first = await make('/externalmappings', { ...mapping, externalId: 'x1' });
    const second = await make('/externalmappings', { ...mapping, externalId: 'x2' });
    expect(await idsAt('/externalmappings/external/Account/a1')).toEqual([second.id, first.id]);
    expect(await idsAt('/externalmappings/external/Account/a2')).toEqual([]);
    expect(await idsAt('/externalmappings/externalid/Salesforce/Account/x1')).toEqual([first.id]);
    expect(await idsAt('/externalmappings?externalSystemId=Xero')).toEqual([]);
  });

  it('are read as they were made, whatever the answer is specified as', async () => {
    const { ask, make } = await openM3ter();
    const body = {
      name: 'To us',
      entityType: 'Notification',
      entityId: 'n1',
      destination: 'Webhook',
      configData: {},
    };
    const made = await make('/integrationconfigs', body);
    expect(made).toMatchObject({ ...body, enabled: true });
    expect((await ask(`/integrationconfigs/${made.id}`)).json).toMatchObject({ ...body, version: 1 });
    expect((await ask(`/integrationconfigs/${made.id}/enable`, 'POST')).json).toMatchObject({
      enabled: true,
      version: 2,
    });
    expect((await ask('/integrationconfigs/entity/Notification')).json).toMatchObject({ id: made.id });
    expect((await ask('/integrationconfigs/entity/Bill')).json).toEqual({ data: [] });
  });

  it('tell of their runs by entity, by destination and as the latest', async () => {
    const { ask, idsAt } = await openM3ter();
    const [, bill = ''] = await idsAt('/bills');
    const [run = ''] = await idsAt(`/integrationruns/Bill/${bill}`);
    expect(await idsAt(`/integrationruns/Bill/${bill}?status=ERROR`)).toEqual([]);
    expect(await idsAt(`/integrationruns/Bill/${bill}?startDate=2026-02-01T06:00:00Z`)).toEqual([]);
    expect((await ask(`/integrationruns/${run}`)).json).toMatchObject({ entityId: bill, status: 'COMPLETE' });
    expect((await ask(`/integrationruns/Bill/latest/${bill}`)).json.id).toBe(run);
    expect((await ask(`/integrationruns/Bill/latest?ids=nobody,${bill}`)).json.id).toBe(run);
    expect((await ask('/integrationruns/nobody')).status).toBe(404);
    expect(JSON.parse((await ask(`/integrationruns/logs/${run}`)).json.Payload)).toMatchObject({
      entityId: bill,
    });
  });

  it('switch webhook destinations off and on', async () => {
    const { ask, make } = await openM3ter();
    const credentials = { type: 'M3TER_SIGNED_REQUEST', apiKey: 'key', secret: 'hush' };
    const body = { name: 'Hook', description: 'Ours', url: 'https://hooks.example.com', credentials };
    const { id } = await make('/integrationdestinations/webhooks', body);
    const path = `/integrationdestinations/webhooks/${id}`;
    expect((await ask(`${path}/active?active=false`, 'PUT')).json).toMatchObject({
      active: false,
      version: 2,
    });
    expect((await ask(`${path}/active?active=true`, 'PUT')).json.active).toBe(true);
    expect((await ask('/integrationdestinations/webhooks/nobody/active?active=true', 'PUT')).status).toBe(
      404,
    );
  });
});

describe('events', () => {
  it('tell what happened to entities, with how they were before', async () => {
    const { ask, make, idsAt } = await openM3ter();
    const account = { name: 'Acme', code: 'acme', emailAddress: 'billing@example.com' };
    const { id } = await make('/accounts', account);
    await ask(`/accounts/${id}`, 'PUT', { ...account, name: 'Acme Ltd', version: 1 });
    await ask(`/accounts/${id}`, 'DELETE');
    const { data } = (await ask(`/events?resourceId=${id}`)).json;
    expect(data.map(({ eventName }: { eventName: string }) => eventName)).toEqual([
      'configuration.account.deleted',
      'configuration.account.updated',
      'configuration.account.created',
    ]);
    const { newDto, oldDto } = data[1].m3terEvent.eventData;
    expect([newDto.name, oldDto.name]).toEqual(['Acme Ltd', 'Acme']);
    expect(await idsAt(`/events?ids=${data[0].id}`)).toEqual([data[0].id]);
  });
});

describe('usage', () => {
  it('is what was submitted, within its time', async () => {
    const { ask, urls, token, base } = await openM3ter();
    const measurements = ['2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'].map((ts, index) => ({
      uid: `u${index}`,
      meter: 'storage',
      account: 'sample-account',
      ts,
    }));
    await fetch(`${base.replace(urls.api ?? '', urls.ingest ?? '')}/measurements`, {
      method: 'POST',
      body: JSON.stringify({ measurements }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    const query = { startDate: '2026-02-01T00:00:00Z', endDate: '2026-02-02T00:00:00Z' };
    expect((await ask('/usage/query', 'POST', query)).json.data).toEqual([measurements[0]]);
    expect((await ask('/usage/query', 'POST', { limit: 1 })).json.data).toHaveLength(1);
  });
});
