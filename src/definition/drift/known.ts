/** Differences and the list of deliberate deviations come in; both come out apart, with reasons. */
import { canonical, type Difference, type Place } from './difference.ts';

/** A deviation that is meant, as `drift.yaml` lists it. */
export interface KnownDeviation {
  /** Method keys, with `*` for any text: `accounts.create`, `*.create`. An operation without a method has the key ''. */
  readonly method: string | readonly string[];
  readonly where: Place | readonly Place[];
  /** Paths as in `Difference`: `*` is any text within one step, `**` any text, a leading `**.` any depth. */
  readonly path: string | readonly string[];
  readonly what: string | readonly string[];
  /** When given: exactly what the document says; null is nothing. */
  readonly expected?: unknown;
  /** When given: exactly what the definition says; null is nothing. */
  readonly actual?: unknown;
  /** Why we deviate, for readers of the list. */
  readonly reason: string;
}

export interface ExplainedDifference extends Difference {
  readonly reason: string;
}

export interface Sorted {
  readonly differences: readonly Difference[];
  /** The reason is that of the first deviation in the list that matches. */
  readonly known: readonly ExplainedDifference[];
  /** Deviations that match nothing: what they explained is gone, so they can go too. */
  readonly unusedKnown: readonly KnownDeviation[];
}

/** Sorts differences into those that a known deviation matches and the others. */
export function separateKnown(all: readonly Difference[], deviations: readonly KnownDeviation[]): Sorted {
  const matchers = deviations.map((deviation) => ({
    deviation,
    matches: createMatcher(deviation),
    used: false,
  }));
  const differences: Difference[] = [];
  const known: ExplainedDifference[] = [];
  for (const difference of all) {
    const matching = matchers.filter(({ matches }) => matches(difference));
    for (const matcher of matching) matcher.used = true;
    const [first] = matching;
    if (first) known.push({ ...difference, reason: first.deviation.reason });
    else differences.push(difference);
  }
  const unusedKnown = matchers.filter(({ used }) => !used).map(({ deviation }) => deviation);
  return { differences, known, unusedKnown };
}

function createMatcher(deviation: KnownDeviation): (difference: Difference) => boolean {
  const method = [deviation.method].flat().map((pattern) => toRegExp(pattern.replaceAll('*', '**')));
  const path = [deviation.path].flat().map(toRegExp);
  const where = new Set<string>([deviation.where].flat());
  const what = new Set<string>([deviation.what].flat());
  const isSame = (key: 'expected' | 'actual', difference: Difference) =>
    deviation[key] === undefined || canonical(deviation[key]) === canonical(difference[key]);
  return (difference) =>
    where.has(difference.where) &&
    what.has(difference.what) &&
    method.some((pattern) => pattern.test(difference.method)) &&
    path.some((pattern) => pattern.test(difference.path)) &&
    isSame('expected', difference) &&
    isSame('actual', difference);
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\.|\*\*|\*|[^*]+/g, (part) => {
    if (part === '**.') return '(?:.*\\.)?';
    if (part === '**') return '.*';
    return part === '*' ? '[^.]*' : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
