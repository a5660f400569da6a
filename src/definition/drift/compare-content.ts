/** A matched method and operation come in; how their bodies and answers differ goes out. */
import type { Paging } from '../connector.ts';
import { stepsOf } from '../value-at.ts';
import { compareSchemas, type Readers } from './compare-schemas.ts';
import type { Finding } from './difference.ts';
import type { Match } from './match-operations.ts';
import type { NodeReader } from './node.ts';
import { jsonMediaType } from './operations.ts';
import { shapeOf, summarise } from './shape.ts';

/** Compares what is sent: whether there is a body, whether it may be left out, its media type and its fields. */
export function compareBody({ method, operation }: Match, readers: Readers): Finding[] {
  const at = (what: string, expected: unknown, actual: unknown): Finding => ({
    where: 'body',
    path: '',
    what,
    expected,
    actual,
  });
  const types = Object.keys(operation.body?.content ?? {});
  const own = method.body && mediaTypes[method.body.encoding];
  if (!method.body || !own) return types.length === 0 ? [] : [at('missing', types, null)];
  if (!operation.body || types.length === 0) return [at('extra', null, own)];
  const fitting = types.find((type) => isSameMedia(type, own));
  const schema = operation.body.content[fitting ?? jsonMediaType(types) ?? ''];
  const { required } = operation.body;
  return [
    ...(fitting === undefined ? [at('mediaType', types, own)] : []),
    ...(required === method.body.required ? [] : [at('required', required, method.body.required)]),
    ...compareSchemas(readers, schema, method.body.schema, 'request').map(
      (finding): Finding => ({ where: 'body', ...finding }),
    ),
  ];
}

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** Parameters of a media type say nothing about its form; neither do subtypes of JSON or wildcards. */
function isSameMedia(type: string, own: string): boolean {
  const plain = type.replace(/;.*/s, '').trim().toLowerCase();
  return (
    plain === own ||
    plain === '*/*' ||
    plain === 'application/*' ||
    (own === mediaTypes.json && plain.endsWith('+json'))
  );
}

/** Compares what is answered. Where pages come but the document types one entity, it is compared with an item. */
export function compareAnswer({ method, operation }: Match, readers: Readers): Finding[] {
  const { answer } = operation;
  const { response, paging } = method;
  const items = paging && fieldAt(readers.actual, response, paging.items);
  if (answer === undefined || response === undefined || !items)
    return compareAnswers(answer, response, readers);
  if (fieldAt(readers.expected, answer, paging.items))
    return compareAnswers(answer, response, readers).filter((finding) => !isOwnNull(finding, paging));
  const item = { allOf: shapeOf(readers.actual.read(items)).items };
  return [
    { where: 'paging', path: paging.items, what: 'extra', expected: null, actual: 'array' },
    ...compareAnswers(answer, item, readers),
  ];
}

function compareAnswers(expected: unknown, actual: unknown, readers: Readers): Finding[] {
  const at = { where: 'response', path: '' } as const;
  const name = (reader: NodeReader, schema: unknown) => summarise(shapeOf(reader.read([schema])));
  if (expected === undefined && actual === undefined) return [];
  if (expected === undefined)
    return [{ ...at, what: 'extra', expected: null, actual: name(readers.actual, actual) }];
  if (actual === undefined)
    return [{ ...at, what: 'missing', expected: name(readers.expected, expected), actual: null }];
  return compareSchemas(readers, expected, actual, 'response').map((finding) => ({
    where: 'response',
    ...finding,
  }));
}

/** The schemas of a field by dotted path; undefined where no alternative has it. */
function fieldAt(reader: NodeReader, schema: unknown, path: string): readonly unknown[] | undefined {
  const step = (schemas: readonly unknown[] | undefined, name: string) =>
    reader
      .alternatives(reader.read(schemas ?? []))
      .map((node) => shapeOf(node).fields.get(name))
      .find((found) => found !== undefined);
  if (path !== '') return stepsOf(path).reduce<readonly unknown[] | undefined>(step, [schema]);
  return shapeOf(reader.read([schema])).types.includes('array') ? [schema] : undefined;
}

/** A definition lets every next token be null, whatever the vendor writes on the last page. */
const isOwnNull = ({ path, what, actual }: Finding, { next }: Paging): boolean =>
  path === next && what === 'nullable' && actual === true;
