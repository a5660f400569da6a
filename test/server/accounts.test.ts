import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await createApi();
});

describe('accounts are refused', () => {
  it.each([
    ['without a name', {}, 'Name is required'],
    ['with a blank name', { Name: '  ' }, 'Name is required'],
    [
      'with negative retention',
      { Name: 'A', StepDataSuccessRetentionHours: -10 },
      'StepDataSuccessRetentionHours',
    ],
    ['with a time zone that is none', { Name: 'A', Timezone: 'Europe/Atlantis' }, 'Europe/Atlantis'],
    [
      'with a webhook without URL',
      { Name: 'A', TransactionErrorWebhookEnabled: true },
      'TransactionErrorWebhookUrl',
    ],
    [
      'with a blank webhook URL',
      { Name: 'A', TransactionErrorWebhookEnabled: true, TransactionErrorWebhookUrl: ' ' },
      'not a valid http',
    ],
    [
      'with a script for a URL',
      { Name: 'A', TransactionErrorWebhookUrl: 'javascript:alert(1)' },
      'not a valid http',
    ],
    ['below an unknown parent', { Name: 'A', ParentAccountId: 'nobody' }, 'nobody'],
    ['with a key that is mistyped', { Name: 'A', Descripton: 'x' }, 'Descripton is not known here'],
    ['with one key in two spellings', { Name: 'A', name: 'B' }, 'Name is given more than once'],
    ['with an id that no URL can hold', { Name: 'A', Id: 'a/b' }, 'Id'],
  ])('%s', async (_, body, message) => {
    const response = await api.ask('POST', '/v1.0/accounts', { body });
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain(message);
  });

  it('with an id that is taken: 400, as the partner API has it', async () => {
    await api.ask('POST', '/v1.0/accounts', { body: { Id: 'mine', Name: 'A' } });
    expectRefusal(
      await api.ask('POST', '/v1.0/accounts', { body: { Id: 'mine', Name: 'B' } }),
      400,
      'account.exists',
    );
  });

  it.each([
    ['GET', '/v1.0/accounts/nobody'],
    ['PUT', '/v1.0/accounts/nobody'],
    ['DELETE', '/v1.0/accounts/nobody'],
    ['GET', '/v1.0/accounts/nobody/subaccounts'],
    ['GET', '/v1.0/accounts/nobody/usage'],
  ] as const)('when unknown: %s %s', async (verb, path) => {
    expectRefusal(
      await api.ask(verb, path, { body: verb === 'PUT' ? {} : undefined }),
      404,
      'account.unknown',
    );
  });

  it('when a change would give another id', async () => {
    const response = await api.ask('PUT', `/v1.0/accounts/${api.account}`, { body: { Id: 'other' } });
    expectRefusal(response, 400, 'input.invalid');
  });

  it('when the webhook is enabled without naming its URL again', async () => {
    const path = `/v1.0/accounts/${api.account}`;
    await api.ask('PUT', path, { body: { TransactionErrorWebhookUrl: 'https://hooks.example' } });
    const response = await api.ask('PUT', path, { body: { TransactionErrorWebhookEnabled: true } });
    expectRefusal(response, 400, 'input.invalid');
  });
});

describe('an account', () => {
  const full = {
    Id: 'JO-1',
    Name: 'Jo',
    Description: 'made by a test',
    Timezone: 'Europe/London',
    AuditInfo: 'audit',
    TaskAuditInfo: 'tasks',
    StepDataSuccessRetentionHours: 120,
    StepDataErroredRetentionHours: 0,
    TransactionErrorWebhookEnabled: true,
    TransactionErrorWebhookUrl: 'hooks.example/123',
    TransactionErrorWebhookIncludeWarnings: true,
  };

  it('is created with 200 and answered with everything that was given', async () => {
    const { status, body } = await api.ask('POST', '/v1.0/accounts', { body: full });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...full,
      TransactionErrorWebhookUrl: 'https://hooks.example/123',
      ParentAccountId: null,
      CreatedDate: '2026-01-01T00:00:00.000Z',
      NextBillDateUtc: '2026-02-01T00:00:00.000Z',
    });
    expect((await api.ask('GET', '/v1.0/accounts/JO-1')).body).toEqual(body);
  });

  it('is given an id and the usual values when only its name is given, in any case', async () => {
    const { body } = await api.ask('POST', '/v1.0/accounts', { body: { name: 'Small', DESCRIPTION: null } });
    expect(body).toMatchObject({
      Name: 'Small',
      Description: null,
      Timezone: 'UTC',
      StepDataSuccessRetentionHours: null,
    });
    expect(body.Id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('changes only the keys that are present, and null is a value', async () => {
    await api.ask('POST', '/v1.0/accounts', { body: full });
    const { body } = await api.ask('PUT', '/v1.0/accounts/JO-1', {
      body: { Description: 'new', StepDataSuccessRetentionHours: null },
    });
    expect(body).toMatchObject({
      Name: 'Jo',
      Description: 'new',
      StepDataSuccessRetentionHours: null,
      StepDataErroredRetentionHours: 0,
      TransactionErrorWebhookUrl: 'https://hooks.example/123',
    });
  });

  it('takes back what it was answered, unchanged', async () => {
    const { body } = await api.ask('POST', '/v1.0/accounts', { body: full });
    expect((await api.ask('PUT', '/v1.0/accounts/JO-1', { body })).body).toEqual(body);
  });

  it('is deleted with 200 and gone', async () => {
    await api.ask('POST', '/v1.0/accounts', { body: full });
    expect((await api.ask('DELETE', '/v1.0/accounts/JO-1', { body: {} })).status).toBe(200);
    expectRefusal(await api.ask('GET', '/v1.0/accounts/JO-1'), 404, 'account.unknown');
  });

  it('counts the calls of this month as usage', async () => {
    const installation = await api.install();
    await api.ask('GET', `/v1.0/account/connectors/${installation}/methods/things.list`);
    const { body } = await api.ask('GET', `/v1.0/accounts/${api.account}/usage`);
    // The call, and the connection test of the install.
    expect(body).toEqual({
      Id: api.account,
      TasksUsed: 2,
      StartTime: '2026-01-01T00:00:00.000Z',
      EndTime: '2026-02-01T00:00:00.000Z',
    });
    api.world.advance(40 * 86_400_000);
    expect(
      (await api.ask('GET', `/v1.0/accounts/${api.account}/usage`, { token: await api.signIn(['ReadOnly']) }))
        .body.TasksUsed,
    ).toBe(0);
  });
});

describe('lists of accounts', () => {
  beforeEach(async () => {
    for (const name of ['C', 'A', 'B'])
      await api.ask('POST', '/v1.0/accounts', {
        body: { Name: name, Id: `id-${name}`, ParentAccountId: api.account },
      });
  });
  const names = async (query: string) =>
    (await api.ask('GET', `/v1.0/accounts/${api.account}/subaccounts?${query}`)).body.map(
      ({ Name }: { Name: string }) => Name,
    );

  it('are bare arrays, sorted and paged by query, whatever the case of its names', async () => {
    expect(await names('orderBy=Name')).toEqual(['A', 'B', 'C']);
    expect(await names('orderBy=name&sortOrderAsc=false')).toEqual(['C', 'B', 'A']);
    expect(await names('OrderBy=Name&PageSize=2&page=2')).toEqual(['C']);
  });

  it('below another one leave out what the caller may not read', async () => {
    const all = { effect: 'allow', actions: ['accounts:read'], resources: ['*'] } as const;
    const not = { effect: 'deny', actions: ['*'], resources: ['account/id-B'] } as const;
    await api.access.policies.create('local', { name: 'NotB', statements: [all, not] });
    const list = async (token: string) =>
      (await api.ask('GET', `/v1.0/accounts/${api.account}/subaccounts?pageSize=2`, { token })).body.map(
        ({ Id }: { Id: string }) => Id,
      );
    expect(await list(await api.signIn(['NotB']))).toEqual(['id-A', 'id-C']);
    expect(await list(await api.signIn(['Administrator'], `account:${api.account}`))).toEqual([]);
  });

  it.each([
    'page=0',
    'pageSize=1001',
    'pageSize=many',
    'orderBy=Colour',
    'sortOrderAsc=maybe',
    'size=3',
    'page=1&page=2',
  ])('refuse ?%s', async (query) =>
    expectRefusal(await api.ask('GET', `/v1.0/accounts?${query}`), 400, 'input.invalid'),
  );
});
