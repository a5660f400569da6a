/** A compiled connector and an OpenAPI document come in; where the two have drifted apart goes out. */
import type { Connector, Method } from '../connector.ts';
import { compareAnswer, compareBody } from './compare-content.ts';
import { compareParameters } from './compare-parameters.ts';
import type { Readers } from './compare-schemas.ts';
import { compareTarget } from './compare-target.ts';
import { createDifference, type Difference, type Finding } from './difference.ts';
import { createFollowRef, type OpenApiDocument } from './document.ts';
import { type ExplainedDifference, type KnownDeviation, separateKnown } from './known.ts';
import { type Match, matchOperations } from './match-operations.ts';
import { createNodeReader } from './node.ts';
import { listOperations, type Operation } from './operations.ts';
import { documentPath } from './target.ts';

/** What a comparison found. Nothing in `missing`, `extra`, `differences` and `unusedKnown`: no drift. */
export interface Drift {
  readonly operations: {
    /** Operations of the document, without the token exchange of the connector's auth. */
    readonly total: number;
    /** How many of them have a method. */
    readonly matched: number;
    readonly missing: readonly MissingOperation[];
    readonly extra: readonly ExtraMethod[];
  };
  /** In the order of the methods, without those that a known deviation explains. */
  readonly differences: readonly Difference[];
  /** The differences, missing operations and extra methods that a known deviation explains. */
  readonly known: readonly ExplainedDifference[];
  /** Deviations that no longer match anything. */
  readonly unusedKnown: readonly KnownDeviation[];
}

export interface MissingOperation {
  readonly operationId: string;
  readonly verb: string;
  readonly path: string;
}

export interface ExtraMethod {
  readonly method: string;
  readonly verb: string;
  readonly path: string;
}

/**
 * Compares a connector with a document: hosts, verbs, paths, parameters, bodies, answers, pages and deprecations.
 * Descriptions, examples, auth and rate limits are not compared. Throws `drift.unreadable` for a reference of the
 * document that cannot be followed.
 */
export function compareWithOpenApi(
  connector: Connector,
  document: OpenApiDocument,
  known: readonly KnownDeviation[] = [],
): Drift {
  const follow = createFollowRef(document);
  const readers: Readers = {
    expected: createNodeReader(follow),
    actual: createNodeReader(createFollowRef({ $defs: connector.types })),
  };
  const { matches, missing, extra } = matchOperations(connector, listOperations(document, follow));
  const absent = missing.map(describeMissing);
  const added = extra.map((method) => describeExtra(connector, method));
  const found = sortByMethod(connector, matches).flatMap((match) =>
    compareMatch(connector, match, matches, readers),
  );
  const { differences, ...explained } = separateKnown([...absent, ...added, ...found], known);
  const open = new Set(differences);
  const done = new Set(matches.map(({ operation }) => operation)).size;
  return {
    operations: {
      total: done + missing.length,
      matched: done,
      missing: missing.filter((_, index) => isIn(open, absent[index])).map(pickOperation),
      extra: extra
        .filter((_, index) => isIn(open, added[index]))
        .map((method) => pickMethod(connector, method)),
    },
    differences: differences.filter(
      (difference) => !absent.includes(difference) && !added.includes(difference),
    ),
    ...explained,
  };
}

function compareMatch(
  connector: Connector,
  match: Match,
  all: readonly Match[],
  readers: Readers,
): Difference[] {
  const findings = [
    ...compareOperation(match, all),
    ...compareTarget(connector, match),
    ...compareParameters(connector, match, readers),
    ...compareBody(match, readers),
    ...compareAnswer(match, readers),
  ];
  return findings.map((finding) => createDifference(match.method.key, match.operation.id, finding));
}

/** The operation as a whole: whether it is deprecated, and whether another method does it already. */
function compareOperation({ method, operation }: Match, all: readonly Match[]): Finding[] {
  const at = { where: 'operation', path: `${operation.verb} ${operation.path}` } as const;
  const first = all.find((other) => other.operation === operation)?.method ?? method;
  return [
    ...(method.deprecated === operation.deprecated
      ? []
      : [{ ...at, what: 'deprecated', expected: operation.deprecated, actual: method.deprecated }]),
    ...(first === method ? [] : [{ ...at, what: 'repeated', expected: null, actual: first.key }]),
  ];
}

function describeMissing(operation: Operation): Difference {
  const { id, verb, path } = operation;
  return createDifference('', id, {
    where: 'operation',
    path: `${verb} ${path}`,
    what: 'missing',
    expected: id,
    actual: null,
  });
}

function describeExtra(connector: Connector, method: Method): Difference {
  const { verb, path } = pickMethod(connector, method);
  return createDifference(method.key, `${verb} ${path}`, {
    where: 'operation',
    path: `${verb} ${path}`,
    what: 'extra',
    expected: null,
    actual: method.key,
  });
}

const pickOperation = ({ id, verb, path }: Operation): MissingOperation => ({ operationId: id, verb, path });

const pickMethod = (connector: Connector, { key, verb, path }: Method): ExtraMethod => ({
  method: key,
  verb,
  path: documentPath(connector, path),
});

function sortByMethod(connector: Connector, matches: readonly Match[]): Match[] {
  const order = new Map(Object.keys(connector.methods).map((key, index) => [key, index]));
  const placeOf = ({ method }: Match) => order.get(method.key) ?? 0;
  return matches.toSorted((a, b) => placeOf(a) - placeOf(b));
}

const isIn = (set: ReadonlySet<Difference>, difference: Difference | undefined) =>
  difference !== undefined && set.has(difference);
