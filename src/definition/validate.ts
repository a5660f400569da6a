/** Parsed files come in; what breaks their JSON Schemas comes out as problems with positions. */
import { createPackageSchemas } from '../schema.ts';
import type { SchemaFault } from '../schema-faults.ts';
import { codeFrame, didYouMean, type Problem, type ProblemCode } from './problem.ts';
import type { Source, SourceFile, SourceKind } from './source.ts';

const schemaFiles: Readonly<Record<SourceKind, string>> = {
  connector: 'connector.schema.json',
  methods: 'methods.schema.json',
  types: 'types.schema.json',
  sandbox: 'sandbox.schema.json',
  demo: 'demo.schema.json',
  drift: 'drift.schema.json',
  conformance: 'conformance.schema.json',
};

const schemaOf = createPackageSchemas([...Object.values(schemaFiles), 'json-schema.schema.json']);

/** Problems of each file against its schema. A file that could not be parsed is passed over: it has its problem already. */
export function validateSource(source: Source): Problem[] {
  return source.files.flatMap((file) => (file.data === undefined ? [] : validateFile(file)));
}

/** Of one file. */
const MOST_PROBLEMS = 100;

export function validateFile(file: SourceFile): Problem[] {
  if (file.data === null) return [problemAt(file, [], 'definition.missing-key', 'the file is empty')];
  // Each fault looks for its place in the text, so those of a file that is wrong throughout are not all told.
  const faults = schemaOf(schemaFiles[file.kind])(file.data).slice(0, MOST_PROBLEMS);
  return faults.map((fault) => toProblem(file, fault));
}

/** Builds a problem at a place of a file. */
export function problemAt(
  file: SourceFile,
  path: readonly (string | number)[],
  code: ProblemCode,
  message: string,
  options: { hint?: string | undefined; at?: 'key' | 'value' } = {},
): Problem {
  const { line, column } = file.position(path, options.at);
  return {
    code,
    message,
    ...(options.hint !== undefined && { hint: options.hint }),
    file: file.path,
    pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    line,
    column,
    frame: codeFrame(file.text, line, column),
  };
}

function toProblem(file: SourceFile, fault: SchemaFault): Problem {
  const here = fault.path.length === 0 ? 'here' : `in ${fault.path.join('.')}`;
  switch (fault.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = fault.property ?? '';
      const known = fault.expected ?? [];
      const hint =
        didYouMean(name, known) ?? (known.length > 0 ? `known here: ${known.join(', ')}` : undefined);
      return problemAt(
        file,
        [...fault.path, name],
        'definition.unknown-key',
        `there is no key "${name}" ${here}`,
        { hint, at: 'key' },
      );
    }
    case 'required': {
      const name = fault.property ?? '';
      const isTest = file.kind === 'connector' && fault.path.length === 0 && name === 'test';
      const hint = isTest
        ? 'name a method that any good credentials may call: test: { method: users.me, identity: { name: name } }'
        : `add ${name}: to it`;
      const code = isTest ? 'definition.missing-test' : 'definition.missing-key';
      return problemAt(
        file,
        fault.path,
        code,
        isTest ? 'the connector has no connection test' : `the key "${name}" is missing ${here}`,
        { hint, at: 'key' },
      );
    }
    case 'propertyNames':
      return problemAt(file, [...fault.path, fault.property ?? ''], 'definition.bad-value', fault.message, {
        ...{ hint: nameHint(fault.property, fault.message), at: 'key' },
      });
    case 'type':
      return typeProblem(file, fault);
    default: {
      const hint =
        typeof fault.value === 'string' && fault.expected
          ? didYouMean(fault.value, fault.expected)
          : nameHint(fault.value, fault.message);
      return problemAt(file, fault.path, 'definition.bad-value', `${nameOf(fault)} ${fault.message}`, {
        hint,
      });
    }
  }
}

/** A name that is written otherwise than names are there: with hyphens in place of capitals, or the other way round. */
function nameHint(name: unknown, message: string): string | undefined {
  const pattern = /must match (\^\S*\$)$/.exec(message)?.[1];
  if (typeof name !== 'string' || pattern === undefined) return undefined;
  const words = name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const camel = words.map((word, index) =>
    index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1),
  );
  const fitting = [camel.join(''), words.join('-'), words.join('_')].find((each) =>
    new RegExp(pattern, 'u').test(each),
  );
  return fitting === undefined ? undefined : `write ${fitting}`;
}

function typeProblem(file: SourceFile, fault: SchemaFault): Problem {
  const wantsText = fault.expectedType?.split(' or ').includes('string') === true;
  if (wantsText && (typeof fault.value === 'number' || typeof fault.value === 'boolean')) {
    const { line, column } = file.position(fault.path);
    const written =
      /^[^\s,\]}#]+/.exec(file.text.split(/\r?\n/)[line - 1]?.slice(column - 1) ?? '')?.[0] ??
      String(fault.value);
    const message = `${nameOf(fault)} is text, but YAML reads ${written} as the ${typeof fault.value} ${String(fault.value)}`;
    return problemAt(file, fault.path, 'definition.numeric-id', message, {
      hint: `put it in quotes: '${written}'`,
    });
  }
  return problemAt(file, fault.path, 'definition.wrong-type', `${nameOf(fault)} ${fault.message}`);
}

const nameOf = (fault: SchemaFault) => (fault.path.length === 0 ? 'the file' : `"${fault.path.join('.')}"`);
