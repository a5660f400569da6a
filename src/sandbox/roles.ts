/** A connector's methods come in, what each does to which collection goes out, read from verbs and paths alone. */
import type { Connector, Method } from '../definition/connector.ts';
import { itemsPath } from './answer-shape.ts';
import { shapeOf } from './schema-shape.ts';

/** What a method does, as far as its verb and path tell. */
export interface Role {
  readonly does: 'list' | 'create' | 'get' | 'update' | 'delete' | 'read' | 'write';
  /** Name of the collection, or for `read` and `write` of the singleton. */
  readonly of: string;
  /** Placeholders above the entity, in order; for get, update and delete without the entity's own. */
  readonly parents: readonly string[];
  /** For get, update and delete: the placeholder of the entity's id. */
  readonly item?: string;
}

/** A method's path behind the organisation, placeholders as `*`. */
export interface PathShape {
  /** `bills/*\/lineitems`, or with a last `*` when the path ends in a placeholder. */
  readonly name: string;
  readonly placeholders: readonly string[];
}

export interface Roles {
  /** By method key. */
  readonly byMethod: ReadonlyMap<string, Role>;
  /** Names of the collections that have entities with ids. */
  readonly collections: ReadonlySet<string>;
}

/** The shape of a path; what comes before and with the organisation's placeholder is left out. */
export function pathShape(method: Method, organisationSetting: string | undefined): PathShape {
  const placeholders: string[] = [];
  let text = '';
  for (const part of method.path) {
    if (typeof part === 'string') text += part;
    else if (part.name === organisationSetting) text = '';
    else {
      placeholders.push(part.name);
      text += '*';
    }
  }
  // What follows an id within its segment: a format, a verb (`*:cancel`), or nothing but brackets (`users(*)`).
  const plain = text
    .replace(/\.(?:json|xml)$/, '')
    .replace(/\('?\*'?\)/g, '/*')
    .replace(/\*:(?=[A-Za-z])/g, '*/');
  return { name: plain.replace(/^\/|\/$/g, ''), placeholders };
}

/**
 * Reads the roles. A path is a collection when it can be listed or posted to, and one of its items can be named, or it
 * can be both listed and posted to, or it is listed and `named` has it: somebody says what there is. A path that can be
 * read and put, but not posted to, is a singleton.
 */
export function inferRoles(
  connector: Connector,
  organisationSetting: string | undefined,
  named: object = {},
): Roles {
  const methods = Object.values(connector.methods).map((method) => ({
    method,
    shape: pathShape(method, organisationSetting),
  }));
  const byName = new Map<string, Method[]>();
  for (const { method, shape } of methods)
    byName.set(shape.name, [...(byName.get(shape.name) ?? []), method]);
  const has = (name: string, fits: (method: Method) => boolean) => byName.get(name)?.some(fits) ?? false;
  const isPost = (method: Method) => method.verb === 'POST';
  const lists = new Set(methods.filter((each) => isListOf(each)).map(({ method }) => method));
  const isList = (method: Method) => lists.has(method);
  const isItem = (method: Method) =>
    method.verb !== 'POST' && !isList(method) && pathShape(method, organisationSetting).name.endsWith('/*');

  const collections = new Set<string>();
  for (const { method, shape } of methods) {
    if (isItem(method)) {
      const name = shape.name.slice(0, -2);
      if (has(name, isList) || has(name, isPost)) collections.add(name);
    } else if (isPost(method) && has(shape.name, isList)) collections.add(shape.name);
    else if (isList(method) && Object.hasOwn(named, shape.name)) collections.add(shape.name);
  }

  const byMethod = new Map<string, Role>();
  for (const { method, shape } of methods) {
    const role = roleOf(method, shape);
    if (role) byMethod.set(method.key, role);
  }
  return { byMethod, collections };

  function roleOf(method: Method, { name, placeholders }: PathShape): Role | undefined {
    if (collections.has(name) && isList(method)) return { does: 'list', of: name, parents: placeholders };
    if (collections.has(name) && isPost(method)) return { does: 'create', of: name, parents: placeholders };
    const item = placeholders.at(-1);
    if (isItem(method) && item !== undefined && collections.has(name.slice(0, -2))) {
      const does = itemRoles[method.verb];
      return does && { does, of: name.slice(0, -2), parents: placeholders.slice(0, -1), item };
    }
    // Some vendors change an entity by POST to where it is read.
    if (isPost(method) && item !== undefined && collections.has(name.slice(0, -2)) && has(name, reads))
      return { does: 'update', of: name.slice(0, -2), parents: placeholders.slice(0, -1), item };
    const isSingleton = !has(name, isPost) && has(name, reads) && has(name, (each) => each.verb === 'PUT');
    if (!isSingleton || method.verb === 'DELETE') return undefined;
    return { does: method.verb === 'GET' ? 'read' : 'write', of: name, parents: placeholders };
  }

  /** An object with an array in it is a list where something can be posted to, or read below it, and is no singleton. */
  function isListOf({ method, shape: { name } }: (typeof methods)[number]): boolean {
    if (method.verb !== 'GET') return false;
    if (method.paging || shapeOf(method.response, connector.types).type === 'array') return true;
    if (name.endsWith('*') || itemsPath(method, connector.types) === undefined) return false;
    const isAbove = has(`${name}/*`, () => true) || has(name, isPost);
    return isAbove && !has(name, ({ verb }) => verb === 'PUT');
  }

  function reads(method: Method): boolean {
    return method.verb === 'GET' && !isList(method);
  }
}

const itemRoles: Readonly<Partial<Record<string, 'get' | 'update' | 'delete'>>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};
