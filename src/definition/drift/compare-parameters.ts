/** A matched method and operation come in; how their parameters differ goes out. */
import type { Connector, Method, Parameter } from '../connector.ts';
import { placeholderNames } from '../template.ts';
import { compareSchemas, type Readers, type SchemaFinding } from './compare-schemas.ts';
import { namesIn } from './compare-target.ts';
import type { Finding } from './difference.ts';
import type { Match } from './match-operations.ts';
import type { DocumentParameter } from './operations.ts';
import { shapeOf, summarise } from './shape.ts';

/** Compares parameters by name: what the path names by its place there, headers whatever their case. */
export function compareParameters(
  connector: Connector,
  { method, operation }: Match,
  readers: Readers,
): Finding[] {
  const inPath = new Map(
    namesIn(operation.path).map((name, index) => [name, placeholderNames(method.path)[index] ?? '']),
  );
  const counterparts = new Set<string>();
  const findings: Finding[] = [];
  for (const wanted of operation.parameters) {
    const own = findParameter(method, wanted, inPath);
    if (own) {
      counterparts.add(own.name);
      findings.push(...compareParameter(connector, method, wanted, own, readers));
    } else if (wanted.in !== 'path' && !isProvided(connector, method, wanted)) {
      const type = summarise(shapeOf(readers.expected.read([wanted.schema])));
      const expected = `${wanted.in} ${type}${wanted.required ? ', required' : ''}`;
      findings.push({ where: 'parameter', path: wanted.name, what: 'missing', expected, actual: null });
    }
  }
  for (const own of Object.values(method.parameters)) {
    if (counterparts.has(own.name) || own.in === 'path' || isOurs(method, own)) continue;
    const actual = `${own.in} ${summarise(shapeOf(readers.actual.read([own.schema])))}`;
    findings.push({ where: placeOf(method, own), path: own.name, what: 'extra', expected: null, actual });
  }
  return findings;
}

function findParameter(
  method: Method,
  wanted: DocumentParameter,
  inPath: ReadonlyMap<string, string>,
): Parameter | undefined {
  const all = Object.values(method.parameters);
  if (wanted.in === 'path') return all.find(({ name }) => name === inPath.get(wanted.name));
  const others = all
    .filter((own) => own.in !== 'path' && !isOurs(method, own))
    .map((own) => ({ own, name: own.wire ?? own.name }));
  return (
    others.find(({ own, name }) => own.in === wanted.in && name === wanted.name) ??
    others.find(({ own, name }) => own.in === 'header' && name.toLowerCase() === wanted.name.toLowerCase()) ??
    others.find(({ name }) => name === wanted.name)
  )?.own;
}

/** Whether no document can name it: the place of an address, and what pages take from the body. */
const isOurs = ({ paging }: Method, own: Parameter): boolean =>
  own.in === 'body' || (paging?.kind === 'link' && own.name === paging.parameter);

/** Whether the definition sends it without being asked: as a fixed header, or as the key of its auth. */
function isProvided(connector: Connector, method: Method, { in: where, name }: DocumentParameter): boolean {
  const isName = (own: string) =>
    where === 'header' ? own.toLowerCase() === name.toLowerCase() : own === name;
  const isFixed =
    where === 'header' &&
    [...Object.keys(method.headers), ...Object.keys(method.settingHeaders ?? {})].some(isName);
  return (
    isFixed ||
    connector.auth.some((auth) => auth.kind === 'api-key' && auth.in === where && isName(auth.name))
  );
}

const placeOf = ({ paging }: Method, { name }: Parameter): 'paging' | 'parameter' =>
  name === paging?.parameter || name === paging?.size ? 'paging' : 'parameter';

function compareParameter(
  connector: Connector,
  method: Method,
  wanted: DocumentParameter,
  own: Parameter,
  readers: Readers,
): Finding[] {
  const where = placeOf(method, own);
  const path = own.name;
  const expected = wanted.deprecated ? { allOf: [wanted.schema], deprecated: true } : wanted.schema;
  const findings: SchemaFinding[] = compareSchemas(readers, expected, own.schema, 'request', path);
  if (own.in !== wanted.in) findings.push({ path, what: 'in', expected: wanted.in, actual: own.in });
  if (own.required !== wanted.required && own.in !== 'path')
    findings.push({ path, what: 'required', expected: wanted.required, actual: own.required });
  if (own.in === 'query' && shapeOf(readers.expected.read([wanted.schema])).types.includes('array'))
    findings.push(...compareArrays(connector, wanted, own));
  return findings
    .filter((finding) => isTelling(finding, where, own))
    .map((finding) => ({ where, ...finding }));
}

/** A setting that offers several ways to write a list is right when one of them is. */
function compareArrays(
  connector: Connector,
  wanted: DocumentParameter,
  { name, arrays }: Parameter,
): SchemaFinding[] {
  const ways =
    typeof arrays === 'string'
      ? [arrays]
      : (connector.settings[arrays.setting]?.choices ?? []).map(({ value }) => value);
  if (ways.includes(wanted.arrays)) return [];
  return [{ path: name, what: 'arrays', expected: wanted.arrays, actual: ways.join(' or ') }];
}

/**
 * Null cannot be written into a URL, path segments are never empty, and of the parameters that a paging style brings
 * along a definition says the type and the largest page: the rest of them is the same everywhere.
 */
function isTelling({ what, expected, actual }: SchemaFinding, where: string, own: Parameter): boolean {
  if (what === 'nullable') return false;
  if (where === 'paging')
    return ['type', 'maximum', 'in', 'required'].includes(what) || (what === 'minimum' && expected !== null);
  return !(own.in === 'path' && what === 'minLength' && expected === null && actual === 1);
}
