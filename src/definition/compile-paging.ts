/** A paging style and the method that uses it come in; the compiled style, its parameters and the schema of a page go out. */
import type { JsonSchema, Paging, Parameter } from './connector.ts';
import { integerId } from './ids.ts';
import type { RawConnector, RawMethod, RawPagingStyle, RawParameter } from './raw.ts';
import { isIndex, stepsOf } from './value-at.ts';

/** Undefined for a method without pages. */
export function compilePaging(connector: RawConnector, raw: RawMethod): Paging | undefined {
  const style = raw.paging?.style;
  const paging = style === undefined ? undefined : connector.paging?.[style];
  if (style === undefined || !paging) return undefined;
  const { maximum: _, in: __, next, ...rest } = paging;
  const most = raw.paging?.maximumItems ?? paging.maximumItems;
  return {
    ...rest,
    ...(most !== undefined && { maximumItems: most }),
    ...(paging.kind === 'link' && { parameter: paging.parameter ?? NEXT_PAGE }),
    ...nextPlace(next),
    style,
    first: paging.first ?? (paging.kind === 'page' ? 1 : 0),
  };
}

/** The argument with the address of the next page, unless a style calls it something else. */
const NEXT_PAGE = 'nextPage';

function nextPlace(next: RawPagingStyle['next']): Pick<Paging, 'next' | 'nextItem' | 'nextHeader'> {
  if (next === undefined) return {};
  if (typeof next === 'string') return { next };
  if ('body' in next) return { next: next.body };
  return 'lastItem' in next ? { nextItem: next.lastItem } : { nextHeader: next.header };
}

/** The parameters that a paging style brings along. Those in the body have the paths of their fields for names. */
export function pagingParameters(
  connector: RawConnector,
  key: string,
  raw: RawMethod,
  paging: Paging | undefined,
): Record<string, Parameter> {
  if (!paging) return {};
  const inBody =
    (raw.paging?.in ?? connector.paging?.[paging.style]?.in) === 'body' && paging.kind !== 'link';
  const make = (name: string | undefined, parameter: RawParameter): [string, Parameter][] => {
    if (name === undefined) return [];
    const { description, ...schema } = parameter;
    const id = integerId(connector.name, connector.version, key, 'parameter', name);
    const place = inBody ? 'body' : 'query';
    const made = { name, id, required: false, description, schema: schema as JsonSchema };
    return [[name, { ...made, in: place, arrays: 'comma' }]];
  };
  const maximum = raw.paging?.maximum ?? connector.paging?.[paging.style]?.maximum;
  const cursor: RawParameter =
    paging.kind === 'token' || paging.kind === 'link'
      ? { type: 'string', description: cursorDescriptions[paging.kind] }
      : {
          type: 'integer',
          minimum: 0,
          description: paging.kind === 'offset' ? 'How many items to pass over.' : 'Number of the page.',
        };
  const size: RawParameter = {
    type: 'integer',
    minimum: 1,
    ...(maximum !== undefined && { maximum }),
    description: 'Most items in one page.',
  };
  return Object.fromEntries([...make(paging.parameter, cursor), ...make(paging.size, size)]);
}

const cursorDescriptions = {
  token: 'Where to go on: the token that the page before gave.',
  link: 'Where to go on: the path and query that the page before gave. No other query parameter is sent beside it.',
};

/** The schema of a page: the items where the style says they are, and the next token beside them. */
export function pageSchema(paging: Paging, items: JsonSchema): JsonSchema {
  const nest = (path: string, schema: JsonSchema): JsonSchema =>
    stepsOf(path).reduceRight<JsonSchema>(
      (inner, step) =>
        isIndex(step) ? { type: 'array', items: inner } : { type: 'object', properties: { [step]: inner } },
      schema,
    );
  const places: [string | undefined, JsonSchema][] = [
    [paging.items, { type: 'array', items }],
    [paging.next, { type: ['string', 'null'] }],
    [paging.total, { type: 'integer' }],
    [paging.totalOverflow, { type: 'boolean' }],
    [paging.pages, { type: 'integer' }],
    [paging.last, { type: 'boolean' }],
    [paging.more, { type: 'boolean' }],
  ];
  const given = places.flatMap(([path, schema]): [string, JsonSchema][] =>
    path === undefined ? [] : [[path, schema]],
  );
  if (given.every(([path]) => /^[^.\\\d]/.test(path) && !/[.\\]/.test(path)))
    return { type: 'object', properties: Object.fromEntries(given) };
  const parts = given.map(([path, schema]) => nest(path, schema));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { allOf: parts };
}
