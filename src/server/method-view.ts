/** A method of a connector comes in; it goes out as the partner API describes methods. */
import type { Connector, JsonSchema, Method, Parameter } from '../definition/connector.ts';
import { integerId } from '../definition/ids.ts';
import { formatTemplate } from '../definition/template.ts';
import { describeValue, type Field, flattenSchema } from './fields.ts';

type Side = 'request' | 'response';

/** The integer id of a field: the same in every process, and pinned to the release. */
export function fieldId(connector: Connector, method: Method, side: Side, location: string): number {
  return integerId(connector.name, connector.version, method.key, side, location);
}

export type DescribeMethod = (connector: Connector, method: Method) => Readonly<Record<string, unknown>>;

/** Creates the description of methods (connector-method.schema.json); each is made once, when it is first asked for. */
export function createMethodViews(): DescribeMethod {
  const views = new WeakMap<Method, Readonly<Record<string, unknown>>>();
  return (connector, method) => {
    const view = views.get(method) ?? methodView(connector, method);
    views.set(method, view);
    return view;
  };
}

/** What a list of methods to choose from needs; without parameters and fields it is small and quickly made. */
export function methodBrief(method: Method): Record<string, unknown> {
  return {
    Id: method.id,
    MethodUniqueIdentifier: method.uuid,
    Key: method.key,
    Name: method.name,
    Description: method.description,
    Category: method.category,
    MethodType: 'Action',
    HttpMethod: method.verb,
    EndPoint: formatTemplate(method.path),
    IsReadOnly: method.readOnly,
    IsIdempotent: method.idempotent,
    IsDeprecated: method.deprecated,
    IsBeta: method.beta,
    IsPaged: method.paging !== undefined,
    PageSize: pageSizeOf(method),
    TakesMerge: method.reads !== undefined,
    TakesStrict: method.batch?.strict !== undefined,
    BatchedList: method.batch?.items ?? null,
    Warning: method.warning ?? null,
    SensitivePaths: method.sensitive,
  };
}

interface PageSizeView {
  readonly Parameter: string;
  readonly Maximum: number | null;
  readonly Position: string | null;
}

/** What asks for the size of a page, the largest that the vendor gives, where the definition says it, and what says which page. */
function pageSizeOf({ paging, parameters }: Method): PageSizeView | null {
  const size = paging?.size === undefined ? undefined : parameters[paging.size];
  if (!size) return null;
  const maximum = typeof size.schema === 'object' ? size.schema.maximum : undefined;
  return {
    Parameter: size.name,
    Maximum: typeof maximum === 'number' ? maximum : null,
    Position: paging?.parameter ?? null,
  };
}

function methodView(connector: Connector, method: Method): Record<string, unknown> {
  return {
    ...methodBrief(method),
    Parameters: Object.values(method.parameters).map(parameterView(connector)),
    RequestFormat: { Fields: fieldViews(connector, method, 'request') },
    ResponseFormat: { Fields: fieldViews(connector, method, 'response') },
  };
}

const targets = {
  path: 'MergeField',
  query: 'QueryString',
  header: 'HttpHeader',
  body: 'RequestBody',
} as const;

const parameterView =
  (connector: Connector) =>
  (parameter: Parameter): Record<string, unknown> => {
    const { types, itemTypes, format, values } = describeValue(parameter.schema, connector.types);
    const isList = types.includes('array');
    const lookup = parameter.lookup === undefined ? undefined : connector.lookups[parameter.lookup];
    return {
      Id: parameter.id,
      Name: parameter.name,
      TargetType: targets[parameter.in],
      TargetName: parameter.wire ?? parameter.name,
      DisplayName: titleOf(parameter.name),
      Description: parameter.description,
      DataType: dataTypeOf(isList ? itemTypes : types, format),
      IsList: isList,
      IsOptional: !parameter.required,
      DefaultValue: defaultOf(parameter.schema),
      TriggerName: lookup?.label ?? null,
      TriggerId: lookup?.id ?? null,
      Values: values,
    };
  };

function fieldViews(connector: Connector, method: Method, side: Side): Record<string, unknown>[] {
  const schema: JsonSchema | undefined = side === 'request' ? method.body?.schema : method.response;
  return flattenSchema(schema, connector.types).map((field) => ({
    Id: fieldId(connector, method, side, field.location),
    ConnectorField: field.location,
    SystemField: field.segments.map(({ name }) => pascalCase(name)).join(''),
    DisplayField: titleOf(field.segments.findLast(({ name }) => name !== '')?.name ?? ''),
    Description: field.description,
    DataType: dataTypeOf(field.types, field.format),
    DataTypeFormat: field.format ?? null,
    IsOptional: field.optional,
    IsReadOnly: field.readOnly,
    Values: valuesOf(field),
  }));
}

const valuesOf = (field: Field) => field.values.map((value) => ({ Value: value, Name: value }));

const defaultOf = (schema: JsonSchema): unknown =>
  typeof schema === 'boolean' ? null : (schema.default ?? null);

/** The partner API's data types: Text, Integer, Float, Boolean, DateTime, Undefined. */
function dataTypeOf(types: readonly string[], format: string | undefined): string {
  const [type, ...others] = types;
  if (others.length > 0) return 'Undefined';
  if (type === 'string') return format === 'date-time' || format === 'date' ? 'DateTime' : 'Text';
  if (type === 'integer') return 'Integer';
  if (type === 'number') return 'Float';
  return type === 'boolean' ? 'Boolean' : 'Undefined';
}

const wordsOf = (name: string) => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [name];

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const pascalCase = (name: string) => wordsOf(name).map(capital).join('');

/** `purchaseOrderId` -> `Purchase Order ID`. */
function titleOf(name: string): string {
  return wordsOf(name)
    .map((word) => (/^ids?$/i.test(word) ? word.toUpperCase().replace('S', 's') : capital(word)))
    .join(' ');
}
