import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
beforeAll(async () => {
  api = await createApi();
});
const get = (path: string) => api.ask('GET', `/v1.0/${path}`, { account: '' });
const namesOf = (body: { Name: string }[]) => body.map(({ Name }) => Name);

describe('connectors', () => {
  it.each(['connectors/1234', 'connectors/nothing', 'connectors/acme/9.9.9', 'connectors/1234/methods'])(
    'that are unknown are 404: %s',
    async (path) => expectRefusal(await get(path), 404, 'connector.unknown'),
  );

  it('are listed with what an installer needs', async () => {
    const { body } = await get(
      'connectors?pageSize=30&orderBy=Name&sortOrderAsc=true&includeCustomConnectors=true',
    );
    expect(body).toHaveLength(1);
    const [acme] = body;
    expect(acme).toMatchObject({
      Name: 'acme',
      Title: 'Acme',
      Version: '1.0.0',
      Status: 'Approved',
      Categories: ['Testing'],
      AuthType: 'OAuth2',
      OAuth2Type: 'ClientCredentials',
      Authentication: [
        {
          Id: 'key',
          AuthName: 'Key',
          AuthType: 'OAuth2',
          OAuth2Type: 'ClientCredentials',
          AuthScheme: 'Bearer',
        },
      ],
    });
    expect(acme.Parameters[1]).toMatchObject({
      Name: 'Key Secret',
      TargetName: 'keySecret',
      DataType: 'Text',
      IsAccountConnectorProperty: true,
      IsPartnerConnectorProperty: true,
      IsSensitive: true,
      IsOptional: false,
      TriggerName: null,
      Values: [],
    });
    const flags = acme.Parameters.map((each: Record<string, unknown>) => [
      each.TargetName,
      each.IsAccountConnectorProperty,
      each.IsPartnerConnectorProperty,
      each.IsOptional,
      each.Values,
    ]);
    expect(flags).toContainEqual(['region', true, false, true, ['eu']]);
    expect(flags).toContainEqual(['style', false, true, true, ['comma', 'repeat']]);
    expect(Number.isInteger(acme.Id) && acme.Id > 0).toBe(true);
  });

  it.each([
    ['query=ACM', 1],
    ['query=nothing', 0],
    ['category=testing', 1],
    ['category=CRMs', 0],
    ['pageSize=1&page=2', 0],
  ])('are filtered and paged by ?%s', async (query, count) => {
    expect((await get(`connectors?${query}`)).body).toHaveLength(count);
  });

  it('are one object by integer id, and a list of releases by name, title or UUID', async () => {
    const [acme] = (await get('connectors')).body;
    expect((await get(`connectors/${acme.Id}`)).body).toEqual(acme);
    for (const path of ['acme', 'ACME', acme.UniqueIdentifier, 'acme/1.0.0'])
      expect((await get(`connectors/${path}`)).body).toEqual([acme]);
  });
});

describe('methods', () => {
  it('that are unknown are 404, and what is no integer is 400', async () => {
    expectRefusal(await get('methods/1234'), 404, 'method.unknown');
    expectRefusal(await get('methods/things.list'), 400, 'input.invalid');
    expectRefusal(await get('connectors/acme/methods/things.lst'), 404, 'method.unknown');
    expectRefusal(await get('connectors/acme/methods/nonsense/schema'), 400, 'input.invalid');
  });

  it('are listed by name, the same for every way to name the connector', async () => {
    const { body } = await get('connectors/acme/methods');
    expect(namesOf(body)).toEqual([
      'Create Rows',
      'Create Thing',
      'Get Current User',
      'Get Thing',
      'List Things',
      'Search Things',
    ]);
    const [acme] = (await get('connectors')).body;
    for (const path of [`connectors/${acme.Id}/methods/`, 'connectors/acme/1.0.0/methods'])
      expect((await get(path)).body).toEqual(body);
  });

  it.each([
    ['category=users', ['Get Current User']],
    ['&query=create', ['Create Rows', 'Create Thing']],
    ['query=things.list', ['List Things']],
    ['category=Things&query=get', ['Get Thing']],
    ['pageSize=2&page=2', ['Get Current User', 'Get Thing']],
    ['orderBy=Name&sortOrderAsc=false&pageSize=1&page=1', ['Search Things']],
  ])('are filtered, sorted and paged by ?%s', async (query, names) => {
    expect(namesOf((await get(`connectors/acme/methods?${query}`)).body)).toEqual(names);
  });

  it('are listed in brief without parameters and formats, in the same order', async () => {
    const full = (await get('connectors/acme/methods')).body;
    const { body } = await get('connectors/acme/methods?brief=true');
    expect(namesOf(body)).toEqual(namesOf(full));
    const { Parameters: _, RequestFormat: __, ResponseFormat: ___, ...rest } = full[0];
    expect(body[0]).toEqual(rest);
  });

  it('are described with ids, targets and fields', async () => {
    const { body } = await get('connectors/acme/methods/things.list');
    expect(body).toMatchObject({
      Key: 'things.list',
      Name: 'List Things',
      Category: 'Things',
      MethodType: 'Action',
      HttpMethod: 'GET',
      EndPoint: '/{{tenant}}/things',
      IsReadOnly: true,
      IsPaged: true,
      PageSize: { Parameter: 'size', Maximum: 50, Position: 'next' },
    });
    expect(body.MethodUniqueIdentifier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    const parameter = (name: string) => body.Parameters.find(({ Name }: { Name: string }) => Name === name);
    expect(parameter('limit')).toMatchObject({
      TargetType: 'QueryString',
      TargetName: 'limit',
      DataType: 'Integer',
      IsOptional: true,
    });
    expect(parameter('ids')).toMatchObject({ DisplayName: 'IDs', DataType: 'Text', IsList: true });
    expect(
      body.ResponseFormat.Fields.map(({ ConnectorField }: { ConnectorField: string }) => ConnectorField),
    ).toEqual(['[data].name', '[data].colour', '[data].born', '[data].id', 'next']);
    expect((await get(`methods/${body.Id}`)).body).toEqual(body);
  });

  it('say which parameters have a lookup and which fields must be given', async () => {
    const { body } = await get('connectors/acme/methods/things.get');
    expect(body.Parameters[0]).toMatchObject({
      TargetType: 'MergeField',
      IsOptional: false,
      TriggerName: 'Thing',
    });
    const create = (await get('connectors/acme/methods/things.create')).body;
    expect(create.RequestFormat.Fields).toMatchObject([
      {
        ConnectorField: 'name',
        SystemField: 'Name',
        DisplayField: 'Name',
        DataType: 'Text',
        IsOptional: false,
      },
      { ConnectorField: 'colour', IsOptional: true, Values: [{ Value: 'red' }, { Value: 'green' }] },
      { ConnectorField: 'born', DataType: 'DateTime', DataTypeFormat: 'date' },
    ]);
  });

  it('give no two fields or parameters of a connector the same id', async () => {
    const { body } = await get('connectors/acme/methods');
    const ids = body.flatMap(
      (
        method: Record<string, { Fields: { Id: number }[] }> & { Id: number; Parameters: { Id: number }[] },
      ) => [
        method.Id,
        ...method.Parameters.map(({ Id }) => Id),
        ...(method.RequestFormat?.Fields ?? []).map(({ Id }) => Id),
        ...(method.ResponseFormat?.Fields ?? []).map(({ Id }) => Id),
      ],
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have schemas that are complete in themselves', async () => {
    const { body } = await get('connectors/acme/methods/things.create/schema');
    expect(body.Parameters).toMatchObject({ type: 'object', additionalProperties: false, properties: {} });
    expect(body.Body.$ref).toBe('#/$defs/ThingRequest');
    expect(Object.keys(body.Body.$defs)).toEqual(['ThingRequest']);
    expect(Object.keys(body.Response.$defs)).toEqual(['Thing', 'ThingRequest']);
    const list = (await get('connectors/acme/methods/things.list/schema')).body;
    expect(list.Body).toBeNull();
    expect(Object.keys(list.Parameters.properties)).toEqual(['ids', 'limit', 'next', 'size']);
    expect(list.Parameters.$defs).toBeUndefined();
  });

  it('name the lookup of a parameter in its schema, as bodies do', async () => {
    const { Parameters } = (await get('connectors/acme/methods/things.get/schema')).body;
    expect(Parameters.properties.id).toMatchObject({ type: 'string', lookup: 'things' });
  });
});
