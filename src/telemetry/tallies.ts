/** What is counted with every call comes in, in a few steps; it is told to the registry only when somebody asks. */
import { Counter, type Histogram, type Registry } from 'prom-client';

/** One value for each label, in their order. */
export type Count = (...labels: string[]) => void;
export type Observe = (seconds: number, ...labels: string[]) => void;

interface Tally {
  readonly labels: readonly string[];
  count: number;
}

/** A counter like any other, but that its labels are looked at once for all that happens between two readings. */
export function createTally(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
): Count {
  const tallies = createByLabels<Tally>((labels) => ({ labels, count: 0 }));
  new Counter({
    ...{ name, help, labelNames, registers: [registry] },
    collect() {
      for (const { labels, count } of tallies.values()) this.inc(named(labelNames, labels), count);
      tallies.clear();
    },
  });
  return (...labels) => {
    tallies.of(labels).count++;
  };
}

interface Times {
  readonly labels: readonly string[];
  /** For each bound how many were at most so long but longer than the one before. */
  readonly counts: number[];
  count: number;
  sum: number;
}

/** A histogram; see Prometheus's exposition format. `bounds` are seconds, growing. */
export function createTimes(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  bounds: readonly number[],
): Observe {
  const all = createByLabels<Times>((labels) => ({ labels, counts: bounds.map(() => 0), count: 0, sum: 0 }));
  const metric = {
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    get: async () => ({ ...metric, values: all.values().flatMap(valuesOf) }),
    reset: () => all.clear(),
  };
  const valuesOf = ({ labels, counts, count, sum }: Times) => {
    const own = named(labelNames, labels);
    let sofar = 0;
    return [
      ...bounds.map((le, index) => {
        sofar += counts[index] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...own }, value: sofar };
      }),
      { metricName: `${name}_bucket`, labels: { le: '+Inf', ...own }, value: count },
      { metricName: `${name}_sum`, labels: own, value: sum },
      { metricName: `${name}_count`, labels: own, value: count },
    ];
  };
  // As much of a histogram as a registry asks of one.
  registry.registerMetric(metric as unknown as Histogram);
  return (seconds, ...labels) => {
    const times = all.of(labels);
    times.count++;
    times.sum += seconds;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] ?? 0)) index++;
    if (index < bounds.length) times.counts[index] = (times.counts[index] ?? 0) + 1;
  };
}

/** Either what has these labels so far, by the next one, or the thing that has them all. */
interface Branch<T> {
  readonly next: Map<string, Branch<T>>;
  thing?: T;
}

/** Things by lists of labels, found a label at a time: a text made of all of them would cost more than the counting. */
function createByLabels<T>(make: (labels: readonly string[]) => T) {
  let root: Branch<T> = { next: new Map() };
  let things: T[] = [];
  return {
    of: (labels: readonly string[]): T => {
      let branch = root;
      for (const label of labels) {
        let further = branch.next.get(label);
        if (!further) {
          further = { next: new Map() };
          branch.next.set(label, further);
        }
        branch = further;
      }
      if (branch.thing === undefined) {
        branch.thing = make(labels);
        things.push(branch.thing);
      }
      return branch.thing;
    },
    values: (): readonly T[] => things,
    clear: () => {
      root = { next: new Map() };
      things = [];
    },
  };
}

const named = (names: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
