/** What the rules share: files that passed their schemas come in by role, and every rule reports through it. */
import { createPatternJudge } from './patterns.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { didYouMean } from './problem.ts';
import { inheritMethod, type RawConnector, type RawMethod, type RawMethods } from './raw.ts';
import type { Source, SourceFile } from './source.ts';
import { parseTemplate, placeholderNames } from './template.ts';
import { problemAt } from './validate.ts';

export type Path = readonly (string | number)[];

/** A method where it stands. */
export interface PlacedMethod {
  readonly key: string;
  readonly file: SourceFile;
  readonly path: Path;
  /** What stands there. */
  readonly own: RawMethod;
  /** The same with what it inherits. */
  readonly method: RawMethod;
}

/** What the rules share: the files by role, and ways to report. */
export interface RuleContext {
  readonly connectorFile: SourceFile;
  readonly connector: RawConnector;
  readonly methodFiles: readonly { readonly file: SourceFile; readonly data: RawMethods }[];
  readonly typeFiles: readonly {
    readonly file: SourceFile;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly methods: readonly PlacedMethod[];
  readonly methodKeys: readonly string[];
  readonly typeNames: ReadonlySet<string>;
  /** The hosts that every environment must give. */
  readonly hostNames: readonly string[];
  readonly assets: Source['assets'];
  report(
    file: SourceFile,
    path: Path,
    code: ProblemCode,
    message: string,
    options?: { hint?: string | undefined; at?: 'key' | 'value' },
  ): void;
  /** The name that was probably meant, as a hint. Not where too much is wrong: each name is compared with all that there are. */
  nearest(name: string, known: Iterable<string>): string | undefined;
  /** Reports a pattern that does not compile, or that could run for ever. */
  expectPattern(file: SourceFile, path: Path, pattern: string): void;
  /** Reports `definition.unknown-name` unless `name` is one of `known`. */
  expectName(
    file: SourceFile,
    path: Path,
    what: string,
    name: string | undefined,
    known: readonly string[],
  ): void;
  /** Reports secrets among the settings named: URLs are logged. */
  expectNoSecret(file: SourceFile, path: Path, names: readonly string[]): void;
  /** Reports what is wrong with a template, and names in it that are not among `known`. Returns the names it uses. */
  expectTemplate(
    file: SourceFile,
    path: Path,
    text: string,
    known: readonly string[],
    whence: string,
  ): string[];
}

/** Of a definition; each one looks for its place in the text. */
const MOST_PROBLEMS = 1_000;
const MOST_HINTS = 100;

/** Sorts the files by role; reports are appended to `problems`. */
export function createRuleContext(source: Source, problems: Problem[]): RuleContext {
  const connectorFile = source.files.find((file) => file.kind === 'connector');
  if (!connectorFile) throw new TypeError('rules need a connector.yaml');
  const connector = connectorFile.data as RawConnector;
  const methodFiles = source.files
    .filter((file) => file.kind === 'methods')
    .map((file) => ({ file, data: file.data as RawMethods }));
  const typeFiles = source.files
    .filter((file) => file.kind === 'types')
    .map((file) => ({ file, data: file.data as Record<string, unknown> }));
  const methods = methodFiles.flatMap(({ file, data }) =>
    Object.entries(data.methods).map(([name, method]) => ({
      key: `${data.key}.${name}`,
      file,
      path: ['methods', name],
      own: method,
      method: inheritMethod(connector, data, method),
    })),
  );
  const report: RuleContext['report'] = (file, path, code, message, options) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problemAt(file, path, code, message, options));
  };
  const judge = createPatternJudge();
  const nearest: RuleContext['nearest'] = (name, known) =>
    problems.length < MOST_HINTS ? didYouMean(name, [...known]) : undefined;
  return {
    connectorFile,
    connector,
    methodFiles,
    typeFiles,
    methods,
    methodKeys: methods.map((method) => method.key),
    typeNames: new Set(typeFiles.flatMap(({ data }) => Object.keys(data))),
    nearest,
    hostNames: hostNamesOf(connector),
    assets: source.assets,
    report,
    expectPattern: (file, path, pattern) => {
      const fault = judge(pattern);
      if (fault) report(file, path, fault.code, fault.message, { hint: fault.hint });
    },
    expectName: (file, path, what, name, known) => {
      if (name === undefined || known.includes(name)) return;
      const hint =
        nearest(name, known) ??
        (known.length > 0 && known.length <= 12 ? `there are: ${known.join(', ')}` : undefined);
      report(file, path, 'definition.unknown-name', `there is no ${what} "${name}"`, { hint });
    },
    expectNoSecret: (file, path, names) => {
      for (const name of names)
        if (connector.settings[name]?.secret)
          report(file, path, 'definition.secret-in-url', `the secret "${name}" would stand in a URL`, {
            hint: 'URLs are logged: send it in a header or the body',
          });
    },
    expectTemplate: (file, path, text, known, whence) => {
      const { template, problems: faults } = parseTemplate(text);
      for (const fault of faults) report(file, path, fault.code, fault.message);
      const names = placeholderNames(template);
      for (const name of names) {
        if (known.includes(name)) continue;
        const hint = nearest(name, known) ?? `${whence}: ${known.join(', ') || 'none'}`;
        report(file, path, 'definition.unknown-placeholder', `the placeholder {{${name}}} names nothing`, {
          hint,
        });
      }
      return names;
    },
  };
}

/** All host names that any environment mentions. */
export function hostNamesOf(connector: RawConnector): string[] {
  const environments = [
    ...Object.values(connector.environments.named),
    ...(connector.environments.other ? [connector.environments.other] : []),
  ];
  return [...new Set(environments.flatMap((environment) => Object.keys(environment.hosts)))];
}
