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
  const tallies = new Map<string, Tally>();
  new Counter({
    ...{ name, help, labelNames, registers: [registry] },
    collect() {
      for (const { labels, count } of tallies.values()) this.inc(named(labelNames, labels), count);
      tallies.clear();
    },
  });
  return (...labels) => {
    const key = keyOf(labels);
    const tally = tallies.get(key);
    if (tally) tally.count++;
    else tallies.set(key, { labels, count: 1 });
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
  const all = new Map<string, Times>();
  const metric = {
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    get: async () => ({ ...metric, values: [...all.values()].flatMap(valuesOf) }),
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
    const key = keyOf(labels);
    let times = all.get(key);
    if (!times) {
      times = { labels, counts: bounds.map(() => 0), count: 0, sum: 0 };
      all.set(key, times);
    }
    times.count++;
    times.sum += seconds;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] ?? 0)) index++;
    if (index < bounds.length) times.counts[index] = (times.counts[index] ?? 0) + 1;
  };
}

/** Labels are names, codes and patterns of ours: no line break is in them. */
function keyOf(labels: readonly string[]): string {
  let key = '';
  for (const label of labels) key += `${label}\n`;
  return key;
}

const named = (names: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
