/** Rules of methods/*.yaml: keys that collide, paths, parameters, paging and the names they use. */
import { integerId } from './ids.ts';
import type { RawDefaults } from './raw.ts';
import type { Path, PlacedMethod, RuleContext } from './rule-context.ts';
import { checkHeaders, checkIdempotencyKey } from './rules-headers.ts';
import type { SourceFile } from './source.ts';
import { parseTemplate, placeholderNames } from './template.ts';

export function rulesOfMethods(context: RuleContext): void {
  checkCollisions(context);
  for (const { file, data } of context.methodFiles)
    checkDefaults(context, file, ['defaults'], data.defaults ?? {});
  for (const placed of context.methods) {
    checkPath(context, placed);
    checkDefaults(context, placed.file, placed.path, placed.own);
    checkBody(context, placed);
    checkBatch(context, placed);
    checkIdempotencyKey(context, placed);
    checkEtag(context, placed);
    checkEncoding(context, placed);
  }
}

function checkCollisions({ methods, connector, report }: RuleContext): void {
  const byKey = new Map<string, PlacedMethod>();
  const byId = new Map<number, PlacedMethod>();
  for (const placed of methods) {
    const first = byKey.get(placed.key);
    const twin = byId.get(integerId(connector.name, connector.version, placed.key));
    if (first)
      report(
        placed.file,
        placed.path,
        'definition.colliding-method',
        `the method "${placed.key}" is defined in ${first.file.path} too`,
        {
          hint: 'give one of the two another name, or its file another key',
          at: 'key',
        },
      );
    else if (twin)
      report(
        placed.file,
        placed.path,
        'definition.colliding-method',
        `the methods "${placed.key}" and "${twin.key}" come to the same id`,
        {
          hint: 'rename one of the two',
          at: 'key',
        },
      );
    byKey.set(placed.key, first ?? placed);
    byId.set(integerId(connector.name, connector.version, placed.key), twin ?? placed);
  }
}

function checkPath(context: RuleContext, { file, path, method }: PlacedMethod): void {
  const settings = Object.keys(context.connector.settings);
  const parameters = Object.keys(method.parameters ?? {});
  const names = context.expectTemplate(
    file,
    [...path, 'path'],
    method.path,
    [...parameters, ...settings],
    'parameters and settings',
  );
  context.expectNoSecret(file, [...path, 'path'], names);
  if (/[?#]|\/\/|\/\.{1,2}(\/|$)/.test(method.path))
    context.report(file, [...path, 'path'], 'definition.bad-value', `"${method.path}" is not a plain path`, {
      hint: 'no query, fragment, empty or dotted segments',
    });
  for (const [name, parameter] of Object.entries(method.parameters ?? {})) {
    const place = [...path, 'parameters', name];
    if (name === 'body')
      context.report(
        file,
        place,
        'definition.bad-value',
        'a parameter cannot be called body: callers give the request body under that name',
        { at: 'key' },
      );
    if (settings.includes(name) && names.includes(name))
      context.report(
        file,
        place,
        'definition.bad-value',
        `the parameter "${name}" hides the setting of that name`,
        { at: 'key' },
      );
    if (parameter.in === 'path' && !names.includes(name))
      context.report(
        file,
        place,
        'definition.unknown-placeholder',
        `the path does not name the path parameter "${name}"`,
        { hint: `write {{${name}}} into the path`, at: 'key' },
      );
  }
}

/**
 * The names in what a connector, a category or a method says of methods. They are checked where they stand, not where
 * they are inherited, so that each mistake is told once.
 */
export function checkDefaults(
  context: RuleContext,
  file: SourceFile,
  path: Path,
  defaults: RawDefaults,
): void {
  const { connector, hostNames, expectName } = context;
  expectName(file, [...path, 'host'], 'host', defaults.host ?? undefined, hostNames);
  for (const [index, limit] of (defaults.limits ?? []).entries())
    expectName(file, [...path, 'limits', index], 'limit', limit, Object.keys(connector.limits ?? {}));
  checkHeaders(context, file, path, defaults.headers);
  expectName(
    file,
    [...path, 'paging', 'style'],
    'paging style',
    defaults.paging?.style,
    Object.keys(connector.paging ?? {}),
  );
  if (typeof defaults.arrays === 'object' && defaults.arrays !== null)
    expectName(
      file,
      [...path, 'arrays', 'setting'],
      'setting',
      defaults.arrays.setting,
      Object.keys(connector.settings),
    );
}

function checkBody(context: RuleContext, { file, path, method, own }: PlacedMethod): void {
  const { report } = context;
  if (own.formStyle !== undefined && (method.body === undefined || method.bodyEncoding !== 'form'))
    report(file, [...path, 'formStyle'], 'definition.bad-value', 'there is no form to write', {
      hint: 'add bodyEncoding: form',
      at: 'key',
    });
  if (method.body !== undefined && method.verb === 'GET')
    report(file, [...path, 'body'], 'definition.bad-value', 'a GET request has no body', { at: 'key' });
  const contentType = method.contentType;
  if (contentType !== undefined && (method.body === undefined || method.bodyEncoding === 'form'))
    report(
      file,
      [...path, 'contentType'],
      'definition.bad-value',
      method.body === undefined ? 'there is no body to have a type' : 'a form has a type of its own',
      { at: 'key' },
    );
  if (typeof contentType === 'object')
    checkTypeSetting(context, file, [...path, 'contentType'], contentType.setting);
  if (method.fill && method.body === undefined)
    report(file, [...path, 'fill'], 'definition.bad-value', 'there is no body to fill', { at: 'key' });
}

/** What a setting may put into the header is decided here, not by who fills the form. */
function checkTypeSetting(
  { connector, report, expectName }: RuleContext,
  file: SourceFile,
  path: Path,
  name: string,
): void {
  expectName(file, [...path, 'setting'], 'setting', name, Object.keys(connector.settings));
  const setting = connector.settings[name];
  const isType = ({ value }: { value: string }) => /^application\/(?:[A-Za-z0-9.-]+\+)?json$/.test(value);
  if (!setting || (setting.choices?.every(isType) && !setting.open && setting.default !== undefined)) return;
  report(file, [...path, 'setting'], 'definition.bad-value', `"${name}" is no choice of JSON media types`, {
    hint: 'give it a default and choices such as application/json',
  });
}

function checkBatch(context: RuleContext, { file, path, method }: PlacedMethod): void {
  if (!method.batch) return;
  const place = [...path, 'batch'];
  if (method.body === undefined)
    context.report(file, place, 'definition.bad-value', 'there is no body to split', { at: 'key' });
  const { strict } = method.batch;
  if (!strict) return;
  context.expectName(file, [...place, 'strict', 'method'], 'method', strict.method, context.methodKeys);
  const finder = context.methods.find(({ key }) => key === strict.method)?.method;
  if (finder)
    context.expectName(
      file,
      [...place, 'strict', 'parameter'],
      'parameter',
      strict.parameter,
      Object.keys(finder.parameters ?? {}),
    );
}

/** What a call must send along to change the version it means can be read with what the call is given. */
function checkEtag(context: RuleContext, { file, path, method }: PlacedMethod): void {
  if (!method.etag) return;
  const { report } = context;
  const place = [...path, 'etag'];
  const { reads } = method.etag;
  context.expectName(file, [...place, 'reads'], 'method', reads, context.methodKeys);
  if (method.verb === 'GET')
    report(file, place, 'definition.bad-value', 'a method that reads needs no ETag', { at: 'key' });
  if (Object.keys(method.headers ?? {}).some((name) => name.toLowerCase() === 'if-match'))
    report(file, place, 'definition.bad-value', 'the header If-Match has a fixed value already', {
      at: 'key',
    });
  const reader = context.methods.find(({ key }) => key === reads)?.method;
  if (!reader) return;
  if (reader.verb !== 'GET')
    report(file, [...place, 'reads'], 'definition.bad-value', `"${reads}" is no method that reads`);
  const given = Object.keys(method.parameters ?? {});
  const inPath = placeholderNames(parseTemplate(reader.path).template);
  const needed = Object.entries(reader.parameters ?? {}).flatMap(([name, { required }]) =>
    required || inPath.includes(name) ? [name] : [],
  );
  const unknown = needed.filter((name) => !given.includes(name));
  if (unknown.length > 0)
    report(
      file,
      [...place, 'reads'],
      'definition.bad-value',
      `"${reads}" cannot be called: this method has no ${unknown.join(', ')}`,
      { hint: 'give the parameters of the two the same names' },
    );
}

function checkEncoding({ report }: RuleContext, { file, path, method }: PlacedMethod): void {
  const names = new Map<string, string>();
  const inPath = placeholderNames(parseTemplate(method.path).template);
  for (const [name, parameter] of Object.entries(method.parameters ?? {})) {
    const { in: where, name: wire, encode, dates, format, arrays, objects, type } = parameter;
    const refuse = (key: string, why: string, hint?: string) =>
      report(file, [...path, 'parameters', name, key], 'definition.bad-value', why, { hint, at: 'key' });
    const odd = encode === undefined ? 'dates' : 'encode';
    const isInPath = where === 'path' || inPath.includes(name);
    if (encode === 'path' && !isInPath)
      refuse('encode', 'only what stands in the path can be several segments of it');
    if ((encode === 'json' || dates !== undefined) && isInPath)
      refuse(odd, 'a path parameter is written as it is');
    if (encode === 'json' && arrays !== undefined) refuse('arrays', 'what is written as JSON is one text');
    if (encode === 'json' && objects !== undefined) refuse('objects', 'what is written as JSON is one text');
    if (objects !== undefined && (isInPath || where === 'header'))
      refuse('objects', 'brackets belong to names of the query');
    if (objects !== undefined && type !== undefined && type !== 'object')
      refuse('objects', `a ${type} has no fields to write in brackets`, 'lists take arrays: brackets');
    const sent = `${where ?? 'query'} ${wire ?? name}`;
    const twin = isInPath ? undefined : names.get(sent);
    if (twin !== undefined && (wire ?? name) !== name)
      refuse('name', `"${twin}" is sent as "${wire}" already`);
    names.set(sent, name);
    if (wire !== undefined && isInPath) refuse('name', 'what stands in the path has no name there');
    if (wire !== undefined && where === 'header' && !/^[A-Za-z0-9-]+$/.test(wire))
      refuse('name', `"${wire}" is no name of a header`);
    if (dates !== undefined && encode === undefined && format !== 'date-time')
      refuse('dates', 'only a date with a time can be written so', 'add format: date-time, or encode: json');
  }
}
