/** Rules of paging styles, of the methods and lookups that use them, and of every path that leads into an answer. */
import type { RawPagingStyle } from './raw.ts';
import type { Path, PlacedMethod, RuleContext } from './rule-context.ts';
import { pathFault } from './value-at.ts';

export function rulesOfPaging(context: RuleContext): void {
  for (const [name, style] of Object.entries(context.connector.paging ?? {}))
    checkStyle(context, name, style);
  for (const placed of context.methods) {
    checkPaging(context, placed);
    checkPlace(context, placed);
    checkLink(context, placed);
  }
  checkLookups(context);
  checkPaths(context);
}

const counted = ['offset', 'page'];

/** Keys that count for some kinds alone, and what to write for the others. */
const keysOfKinds: readonly (readonly [keyof RawPagingStyle, readonly string[], string?])[] = [
  ['last', counted, 'write more: the path of what says whether there are more pages'],
  ['pages', ['page']],
  ['first', counted],
  ['total', [...counted, 'token', 'link']],
  ['next', ['token', 'link']],
  ['more', [...counted, 'token', 'link']],
  ['parameter', [...counted, 'token', 'link']],
  ['size', [...counted, 'token', 'link']],
  ['maximum', [...counted, 'token', 'link']],
  ['maximumItems', [...counted, 'token', 'link']],
  ['in', [...counted, 'token']],
  ['paths', ['link']],
];

function checkStyle({ connectorFile: file, report }: RuleContext, name: string, style: RawPagingStyle): void {
  const refuse = (key: keyof RawPagingStyle, why: string, hint?: string) =>
    report(file, ['paging', name, key], 'definition.bad-value', why, { hint, at: 'key' });
  for (const [key, kinds, hint] of keysOfKinds)
    if (style[key] !== undefined && !kinds.includes(style.kind))
      refuse(key, `${key} has no effect on pages of kind ${style.kind}`, hint);
  if (style.last !== undefined && style.more !== undefined)
    refuse('more', 'more and last say the same', 'keep the one that the vendor answers');
  if (style.totalOverflow !== undefined && style.total === undefined)
    refuse('totalOverflow', 'totalOverflow has no effect without total');
  if (style.size === undefined && style.maximum !== undefined)
    refuse('maximum', 'maximum has no effect without size', 'add size: the parameter that asks for it');
  if (style.kind === 'link' && typeof style.next === 'object' && 'lastItem' in style.next)
    refuse('next', 'an item has no address of the page behind it', 'write kind: token, with a parameter');
  const open = (style.paths ?? []).find((path) => /[^/]\*|\*[^/]|\/{2}/.test(path.replace(/\/\*\*$/, '')));
  if (open !== undefined)
    refuse('paths', `"${open}" is no pattern of paths`, '* is one segment, /** at the end anything below');
}

function checkPaging(context: RuleContext, { file, path, method }: PlacedMethod): void {
  const { connector, report } = context;
  const style = method.paging?.style;
  if (style !== undefined && method.items === undefined)
    report(file, path, 'definition.missing-key', 'a paged method says what one item is', {
      hint: 'write items: { $ref: "#/types/..." } in place of response',
      at: 'key',
    });
  if (style === undefined && method.items !== undefined)
    report(file, [...path, 'items'], 'definition.bad-value', 'items belongs to paged methods', {
      hint: 'add paging: { style: ... }, or write response',
      at: 'key',
    });
  const paging = style === undefined ? undefined : connector.paging?.[style];
  const own = paging?.kind === 'link' ? (paging.parameter ?? 'nextPage') : paging?.parameter;
  for (const name of [own, paging?.size])
    if (name !== undefined && Object.hasOwn(method.parameters ?? {}, name))
      report(
        file,
        [...path, 'parameters', name],
        'definition.bad-value',
        `the paging style gives the parameter "${name}" already`,
        { at: 'key' },
      );
}

/** Searches by POST take the place of the next page in the body, or in the query: nothing but the documentation tells. */
function checkPlace({ connector, report }: RuleContext, { file, path, method }: PlacedMethod): void {
  const style = connector.paging?.[method.paging?.style ?? ''];
  if (!style || style.kind === 'link' || style.kind === 'whole') return;
  const place = method.paging?.in ?? style.in;
  const at = [...path, 'paging'];
  if (place === 'body' && method.body === undefined)
    report(file, at, 'definition.bad-value', 'there is no body for what names the page', {
      hint: 'write in: query, or say what the body is',
      at: 'key',
    });
  if (place === undefined && method.body !== undefined)
    report(
      file,
      at,
      'definition.missing-key',
      `nothing says whether "${style.parameter}" goes into the body`,
      {
        hint: 'a paged method with a body says in: body or in: query, in its paging or in the style',
        at: 'key',
      },
    );
}

/** An address leads to where the vendor says, so nothing may be changed by going there. */
function checkLink({ connector, report }: RuleContext, { file, path, method }: PlacedMethod): void {
  const style = connector.paging?.[method.paging?.style ?? ''];
  if (style?.kind !== 'link' || (method.readOnly ?? method.verb === 'GET')) return;
  report(file, [...path, 'paging'], 'definition.bad-value', 'links are followed by methods that only read', {
    hint: 'say readOnly: true, if it changes nothing',
    at: 'key',
  });
}

/** A lookup offers the items of a list; over anything else it would offer one empty line. */
function checkLookups({ connector, connectorFile: file, methods, typeFiles, report }: RuleContext): void {
  const types: Readonly<Record<string, unknown>> = Object.assign({}, ...typeFiles.map(({ data }) => data));
  for (const [name, lookup] of Object.entries(connector.lookups ?? {})) {
    const method = methods.find(({ key }) => key === lookup.method)?.method;
    if (!method) continue;
    const isPaged = method.paging?.style !== undefined;
    const place: Path = ['lookups', name, isPaged ? 'items' : 'method'];
    if (isPaged && lookup.items !== undefined)
      report(file, place, 'definition.bad-value', 'the paging style says where the items are', { at: 'key' });
    if (isPaged || lookup.items !== undefined || isList(method.response, types)) continue;
    report(file, place, 'definition.bad-value', `"${lookup.method}" answers no list to choose from`, {
      hint: 'say where the list is: items: data - or give the method paging (kind: whole for a list that comes in one answer)',
    });
  }
}

const DEEPEST = 20;

/** Whether an answer can be a list: also where nothing is known of it. */
function isList(schema: unknown, types: Readonly<Record<string, unknown>>, depth = 0): boolean {
  if (typeof schema !== 'object' || schema === null) return schema !== undefined;
  if (depth > DEEPEST) return true;
  const { $ref, type, properties, allOf, anyOf, oneOf } = schema as Record<string, unknown>;
  const may = (part: unknown) => isList(part, types, depth + 1);
  if (type !== undefined) return [type].flat().includes('array');
  if (properties !== undefined) return false;
  if (typeof $ref === 'string' && !may(types[$ref.replace('#/types/', '')])) return false;
  if (Array.isArray(allOf) && !allOf.every(may)) return false;
  return [anyOf, oneOf].every((branches) => !Array.isArray(branches) || branches.some(may));
}

/** Every path into an answer, where it stands. */
function checkPaths(context: RuleContext): void {
  const { connector, connectorFile: file } = context;
  const expect = (at: Path, path: unknown, where = file) => {
    const fault = typeof path === 'string' ? pathFault(path) : undefined;
    if (fault) context.report(where, at, 'definition.bad-value', fault.message, { hint: fault.hint });
  };
  for (const [name, style] of Object.entries(connector.paging ?? {})) {
    for (const key of ['items', 'next', 'total', 'totalOverflow', 'pages', 'last', 'more'] as const)
      expect(['paging', name, key], style[key]);
    if (typeof style.next === 'object')
      for (const [key, path] of Object.entries(style.next))
        if (key !== 'header') expect(['paging', name, 'next', key], path);
    if (style.in === 'body')
      for (const key of ['parameter', 'size'] as const) expect(['paging', name, key], style[key]);
  }
  for (const [index, { when }] of (connector.failures ?? []).entries())
    for (const [at, { path }] of [when.body ?? []].flat().entries())
      expect(['failures', index, 'when', 'body', ...(Array.isArray(when.body) ? [at] : []), 'path'], path);
  for (const [name, lookup] of Object.entries(connector.lookups ?? {}))
    for (const key of ['items', 'value', 'name'] as const) expect(['lookups', name, key], lookup[key]);
  for (const [name, path] of Object.entries(connector.test.identity))
    expect(['test', 'identity', name], path);
  for (const [name, path] of Object.entries(connector.customFields?.entities ?? {}))
    expect(['customFields', 'entities', name], path);
  for (const [name, upload] of Object.entries(connector.uploads ?? {})) {
    for (const key of ['url', 'headers', 'job'] as const) expect(['uploads', name, key], upload[key]);
    expect(['uploads', name, 'poll', 'status'], upload.poll.status);
  }
  for (const [index, auth] of connector.auth.entries()) {
    if (auth.kind !== 'login') continue;
    expect(['auth', index, 'lifetime'], auth.lifetime);
    if ('body' in auth.token) expect(['auth', index, 'token', 'body'], auth.token.body);
  }
  for (const placed of context.methods) {
    expect([...placed.path, 'etag', 'path'], placed.own.etag?.path, placed.file);
    expect([...placed.path, 'batch', 'strict', 'found'], placed.own.batch?.strict?.found, placed.file);
  }
}
