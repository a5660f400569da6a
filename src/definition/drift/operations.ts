/** An OpenAPI document comes in; its operations go out, each with what it inherits and with references followed. */
import { type FollowRef, followObject, isObject, type JsonObject, type OpenApiDocument } from './document.ts';

export interface Operation {
  /** Its operationId, or `VERB /path` when it has none. */
  readonly id: string;
  /** In capitals. */
  readonly verb: string;
  /** As written: `/accounts/{id}`. */
  readonly path: string;
  /** URLs of its servers, or else of its path, or else of the document; variables hold their defaults. */
  readonly servers: readonly string[];
  readonly deprecated: boolean;
  readonly parameters: readonly DocumentParameter[];
  readonly body?: DocumentBody;
  /** The schema of the answer that means success; undefined when it has no content. */
  readonly answer?: unknown;
}

export interface DocumentParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly schema: unknown;
  /** How a list is written into a query: the key once for each value, or the values joined by commas. */
  readonly arrays: 'comma' | 'repeat' | 'other';
}

export interface DocumentBody {
  readonly required: boolean;
  /** Media type -> schema. */
  readonly content: Readonly<Record<string, unknown>>;
}

const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
/** Headers that OpenAPI leaves to content negotiation and auth: descriptions of them are to be ignored. */
const ignoredHeaders = ['accept', 'content-type', 'authorization'];

/** Lists all operations in the document's order. Throws `drift.unreadable` for a reference that leads nowhere. */
export function listOperations(document: OpenApiDocument, follow: FollowRef): Operation[] {
  return Object.entries(document.paths).flatMap(([path, value]) => {
    const item = followObject(value, follow);
    return verbs
      .filter((verb) => isObject(item[verb]))
      .map((verb) =>
        readOperation(verb.toUpperCase(), path, item[verb] as JsonObject, item, document, follow),
      );
  });
}

function readOperation(
  verb: string,
  path: string,
  operation: JsonObject,
  item: JsonObject,
  document: OpenApiDocument,
  follow: FollowRef,
): Operation {
  const body = operation.requestBody === undefined ? undefined : followObject(operation.requestBody, follow);
  const answer = answerOf(followObject(operation.responses, follow), follow);
  return {
    id: typeof operation.operationId === 'string' ? operation.operationId : `${verb} ${path}`,
    verb,
    path,
    servers: listServers(operation.servers ?? item.servers ?? document.servers),
    deprecated: operation.deprecated === true,
    parameters: mergeParameters(item.parameters, operation.parameters, follow),
    ...(body && { body: { required: body.required === true, content: schemasOf(body.content) } }),
    ...(answer !== undefined && { answer }),
  };
}

/** Parameters of the path, replaced by those of the operation that have the same name and place. */
function mergeParameters(ofPath: unknown, ofOperation: unknown, follow: FollowRef): DocumentParameter[] {
  const merged = new Map<string, DocumentParameter>();
  for (const raw of [ofPath, ofOperation].flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = readParameter(followObject(raw, follow));
    const isIgnored = parameter.in === 'header' && ignoredHeaders.includes(parameter.name.toLowerCase());
    if (!isIgnored) merged.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...merged.values()];
}

function readParameter(raw: JsonObject): DocumentParameter {
  const style = raw.style ?? (raw.in === 'query' || raw.in === 'cookie' ? 'form' : 'simple');
  const isRepeated = raw.explode ?? style === 'form';
  return {
    name: String(raw.name),
    in: String(raw.in),
    required: raw.required === true,
    deprecated: raw.deprecated === true,
    schema: raw.schema ?? Object.values(schemasOf(raw.content))[0] ?? {},
    arrays: style === 'form' || style === 'simple' ? (isRepeated ? 'repeat' : 'comma') : 'other',
  };
}

function listServers(servers: unknown): string[] {
  return (Array.isArray(servers) ? servers : []).filter(isObject).map(({ url, variables }) =>
    String(url).replace(/\{([^}]*)\}/g, (whole, name: string) => {
      const variable = isObject(variables) ? variables[name] : undefined;
      return isObject(variable) && variable.default !== undefined ? String(variable.default) : whole;
    }),
  );
}

/** The schema of the lowest status that means success and has content; that of `default` where no status does. */
function answerOf(responses: JsonObject, follow: FollowRef): unknown {
  const statuses = Object.keys(responses).filter((key) => /^2(?:\d\d|XX)$/i.test(key));
  for (const status of statuses.length > 0 ? statuses.sort() : ['default']) {
    const content = schemasOf(followObject(responses[status], follow).content);
    const type = jsonMediaType(Object.keys(content));
    if (type !== undefined) return content[type];
  }
  return undefined;
}

/** The media type that holds JSON, or else the first one; undefined when there is none. */
export const jsonMediaType = (types: readonly string[]): string | undefined =>
  types.find((type) => /^application\/json\b/i.test(type)) ??
  types.find((type) => /\+json\b/i.test(type)) ??
  types[0];

/** Media type -> schema; a type without a schema takes anything. */
function schemasOf(content: unknown): Record<string, unknown> {
  if (!isObject(content)) return {};
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => [
      type,
      (isObject(media) ? media.schema : undefined) ?? {},
    ]),
  );
}
