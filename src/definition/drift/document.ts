/** The text of an OpenAPI document comes in; its parts, with references followed, go out. */
import { FishplateError } from '../../errors.ts';
import { parseSourceFile } from '../source.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.0 or 3.1 document as it was written. */
export interface OpenApiDocument extends JsonObject {
  readonly openapi: string;
  readonly paths: JsonObject;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a document in JSON or YAML. Throws `drift.unreadable` for what is neither, for Swagger 2.0, and for an OpenAPI
 * version other than 3.0 and 3.1. References are followed only when they are needed.
 */
export function readOpenApi(text: string): OpenApiDocument {
  const plain = text.replace(/^\uFEFF/, '');
  const document = /^\s*[{[]/.test(plain) ? parseJson(plain) : parseYaml(plain);
  if (!isObject(document)) throw unreadable('the document is not an object');
  const { openapi, swagger, paths } = document;
  if (openapi === undefined && swagger !== undefined)
    throw unreadable(`the document is Swagger ${String(swagger)}`, 'Convert it to OpenAPI 3 first.');
  if (openapi === undefined)
    throw unreadable('the document has no "openapi", so it is not an OpenAPI document');
  if (typeof openapi !== 'string' || !/^3\.[01](?:\.|$)/.test(openapi))
    throw unreadable(`the document is OpenAPI ${String(openapi)}; 3.0 and 3.1 are understood`);
  if (!isObject(paths)) throw unreadable('the document has no "paths"');
  return { ...document, openapi, paths };
}

/** Follows a reference within the document. */
export type FollowRef = (ref: string) => unknown;

/**
 * Creates the way to follow a document's references: JSON Pointers (RFC 6901) in a URI fragment. It throws
 * `drift.unreadable` for one that leads out of the document or nowhere.
 */
export function createFollowRef(document: JsonObject): FollowRef {
  return (ref) => {
    if (!ref.startsWith('#'))
      throw unreadable(
        `the reference ${ref} leads out of the document`,
        'Bundle the document into one file first.',
      );
    let found: unknown = document;
    for (const step of ref.split('/').slice(1).map(unescapeStep)) {
      const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
      if (!isThere) throw unreadable(`the reference ${ref} leads nowhere`);
      found = (found as JsonObject)[step];
    }
    return found;
  };
}

/** An object, or what its `$ref` leads to, over any number of references; an empty object for anything else. */
export function followObject(value: unknown, follow: FollowRef): JsonObject {
  let found = value;
  for (const seen = new Set<string>(); isObject(found) && typeof found.$ref === 'string'; ) {
    if (seen.has(found.$ref)) throw unreadable(`the reference ${found.$ref} leads back to itself`);
    seen.add(found.$ref);
    found = follow(found.$ref);
  }
  return isObject(found) ? found : {};
}

function unescapeStep(step: string): string {
  return decodeFragment(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Percent-decoding (RFC 3986 section 2.1); what is no UTF-8 stays as it is. */
function decodeFragment(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(`the document is not JSON: ${(error as Error).message}`);
  }
}

function parseYaml(text: string): unknown {
  const { file, problems } = parseSourceFile('document', 'types', text);
  const [problem] = problems;
  if (problem) throw unreadable(`the document is not plain YAML: line ${problem.line}, ${problem.message}`);
  return file.data;
}

const unreadable = (message: string, hint?: string): FishplateError =>
  new FishplateError('drift.unreadable', message, hint === undefined ? {} : { hint });
