/** The parsed conformance.yaml of a connector comes in; its content, or what in it leads nowhere, goes out. */
import { type Connector, meanings } from '../definition/connector.ts';
import { didYouMean, type Problem, sortProblems } from '../definition/problem.ts';
import type { Source, SourceFile } from '../definition/source.ts';
import { problemAt } from '../definition/validate.ts';

/** How the request of a method differs from the sample that its schemas give. */
export interface SampleChange {
  /** Key of the method that it is called at once after. */
  readonly after?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** A merge patch (RFC 7396) when it is an object, else the whole body. */
  readonly body?: unknown;
}

/** A request and an answer as the vendor's documentation shows them. */
export interface Quote {
  readonly method: string;
  readonly request?: string;
  /** What the caller gives: parameters by name, and `body`. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** The body of the request as it is shown. */
  readonly body?: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: unknown;
  readonly means?: string;
}

/** conformance.yaml as written; `schemas/conformance.schema.json` describes every key. */
export interface ConformanceScript {
  readonly settings?: Readonly<Record<string, string>>;
  readonly ids?: Readonly<Record<string, string>>;
  readonly samples?: Readonly<Record<string, SampleChange>>;
  readonly skip?: Readonly<Record<string, string>>;
  readonly quotes?: readonly Quote[];
}

/** A value of an earlier answer: `{{tasks.create.id}}`. */
export interface Reference {
  readonly method: string;
  /** Dotted; empty: the whole answer. */
  readonly path: string;
}

const REFERENCE = /^\{\{\s*([a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*)(?:\.([^{}\s]+))?\s*\}\}$/;

/** Undefined when the value is no text that refers to an answer. */
export function readReference(value: unknown): Reference | undefined {
  const [, method, path = ''] = (typeof value === 'string' ? REFERENCE.exec(value) : null) ?? [];
  return method === undefined ? undefined : { method, path };
}

/** Every reference within a value. */
export function referencesIn(value: unknown): Reference[] {
  const own = readReference(value);
  if (own) return [own];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

export const conformanceFile = (source: Source): SourceFile | undefined =>
  source.files.find(({ kind }) => kind === 'conformance');

/** Empty where there is no such file. The file has passed its schema; `collections` are those that the sandbox plays. */
export function readConformanceScript(source: Source): ConformanceScript {
  return (conformanceFile(source)?.data ?? {}) as ConformanceScript;
}

/** Names in conformance.yaml that the connector does not have; `collections` undefined: not known yet. */
export function checkConformanceScript(
  source: Source,
  connector: Connector,
  collections: ReadonlySet<string> | undefined,
): Problem[] {
  const file = conformanceFile(source);
  if (!file) return [];
  const script = file.data as ConformanceScript;
  const methods = Object.keys(connector.methods);
  const find = (path: readonly (string | number)[], noun: string, name: string, known: readonly string[]) =>
    known.includes(name)
      ? []
      : [
          problemAt(file, path, 'definition.unknown-name', `there is no ${noun} "${name}"`, {
            hint: didYouMean(name, known),
          }),
        ];
  return sortProblems([
    ...Object.keys(script.settings ?? {}).flatMap((key) =>
      find(['settings', key], 'setting', key, Object.keys(connector.settings)),
    ),
    ...Object.entries(script.ids ?? {}).flatMap(([name, collection]) =>
      collections ? find(['ids', name], 'collection', collection, [...collections]) : [],
    ),
    ...Object.entries(script.samples ?? {}).flatMap(([key, sample]) => [
      ...find(['samples', key], 'method', key, methods),
      ...(sample.after === undefined ? [] : find(['samples', key, 'after'], 'method', sample.after, methods)),
      ...Object.keys(sample.parameters ?? {}).flatMap((name) =>
        find(
          ['samples', key, 'parameters', name],
          `parameter of ${key}`,
          name,
          Object.keys(connector.methods[key]?.parameters ?? {}),
        ),
      ),
      ...referencesIn(sample).flatMap(({ method }) => find(['samples', key], 'method', method, methods)),
    ]),
    ...Object.keys(script.skip ?? {}).flatMap((key) => find(['skip', key], 'method', key, methods)),
    ...(script.quotes ?? []).flatMap(({ method, means }, index) => [
      ...find(['quotes', index, 'method'], 'method', method, [...methods, 'token']),
      ...(means === undefined ? [] : find(['quotes', index, 'means'], 'meaning', means, meanings)),
    ]),
  ]);
}
