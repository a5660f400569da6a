/** A folder of YAML comes in, parsed files that remember their positions go out. The only file that knows `yaml`. */
import {
  CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { codeFrame, type Problem, type ProblemCode } from './problem.ts';
import { listFolder } from './source-files.ts';

export type SourceKind = 'connector' | 'methods' | 'types' | 'sandbox' | 'demo' | 'drift' | 'conformance';

/** One YAML file of a definition. */
export interface SourceFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly kind: SourceKind;
  readonly text: string;
  /** The content as plain data; undefined when the file could not be parsed. */
  readonly data: unknown;
  /** Where a value stands: the key of a mapping entry when `at` is `key`. Unknown places fall back to the nearest parent. */
  position(path: readonly (string | number)[], at?: 'key' | 'value'): { line: number; column: number };
}

/** All files of one connector's folder. */
export interface Source {
  readonly folder: string;
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** Text of `icon.svg` or bytes of another icon, by file name. */
  readonly assets: Readonly<Record<string, Uint8Array>>;
}

/** The tags of the core schema (YAML 1.2.2 section 10.3). Others make what no schema checks: sets, bytes, dates. */
const PLAIN_TAG = /^(?:!|tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq))$/;

/** Of one file; who has mended these sees the rest. */
const MOST_PROBLEMS = 100;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads the folder. Missing and unreadable files become problems; nothing is thrown but unexpected I/O errors. */
export async function loadSource(folder: string): Promise<Source> {
  const { files: listing, problems: faults } = await listFolder(folder, (path) => isWanted(path));
  const problems: Problem[] = [...faults];
  if (faults.some(({ code }) => code === 'definition.too-large'))
    return { folder, files: [], assets: {}, problems };
  if (![...listing.map(({ path }) => path), ...faults.map(({ file }) => file)].includes('connector.yaml')) {
    const message =
      listing.length === 0 ? `there is no connector in ${folder}` : `${folder} has no connector.yaml`;
    return { folder, files: [], assets: {}, problems: [missingFile(message)] };
  }
  const files: SourceFile[] = [];
  const assets: Record<string, Uint8Array> = {};
  for (const { path, read } of listing) {
    const kind = kindOf(path);
    if (kind) {
      const parsed = parseSourceFile(path, kind, (await read()).toString('utf8'));
      files.push(parsed.file);
      problems.push(...parsed.problems);
    } else assets[path] = await read();
  }
  return { folder, files, problems, assets };
}

const isWanted = (path: string) => kindOf(path) !== undefined || /^[a-z0-9.-]+\.(svg|png)$/.test(path);

/** Parses one file's text. Anchors, aliases and keys that mean something to JavaScript are refused. */
export function parseSourceFile(
  path: string,
  kind: SourceKind,
  text: string,
): { file: SourceFile; problems: Problem[] } {
  const deep = tooDeepAt(text);
  if (deep !== undefined) return unparsed(path, kind, text, deep);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Checked below: the parser compares each key with all before it.
    uniqueKeys: false,
    schema: 'core',
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (code: ProblemCode, message: string, offset: number, hint?: string): Problem => {
    const at = place(offset);
    return {
      code,
      message,
      file: path,
      pointer: '',
      ...at,
      frame: codeFrame(text, at.line, at.column),
      ...(hint && { hint }),
    };
  };
  // Warnings too: a tag that nobody knows would turn into something other than what was meant.
  const problems = [...document.errors, ...document.warnings]
    .slice(0, MOST_PROBLEMS)
    .map((error) => problem('definition.yaml-syntax', error.message.replace(/\s+/g, ' '), error.pos[0]));
  const checkTag = ({ tag, range }: Node) => {
    if (tag === undefined || PLAIN_TAG.test(tag)) return;
    const message = `the tag ${tag} is not allowed: definitions hold plain data`;
    problems.push(problem('definition.yaml-syntax', message, range?.[0] ?? 0));
  };
  // Each problem looks for its line in the text: a file that is wrong throughout must not take for ever to say so.
  const isEnough = () => (problems.length >= MOST_PROBLEMS ? visit.BREAK : undefined);
  visit(document, {
    Alias: (_, node) => {
      problems.push(
        problem(
          'definition.alias',
          `the alias *${node.source} is not allowed`,
          node.range?.[0] ?? 0,
          'write the value out, or make it a type or a default',
        ),
      );
      return isEnough();
    },
    Value: (_, node) => {
      checkTag(node);
      return isEnough();
    },
    Map: (_, map) => {
      checkTag(map);
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) {
          const at = isNode(key) ? (key.range?.[0] ?? 0) : 0;
          problems.push(problem('definition.yaml-syntax', 'a key must be a text, not a list or mapping', at));
          continue;
        }
        // By its text: 1 and "1" are one key of an object.
        const name = String(key.value);
        const message = `the key "${name}" is given twice here`;
        if (seen.has(name))
          problems.push(
            problem('definition.duplicate-key', message, key.range?.[0] ?? 0, 'keep one of the two'),
          );
        seen.add(name);
        if (isEnough()) break;
      }
      return isEnough();
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && FORBIDDEN_KEYS.has(String(pair.key.value)))
        problems.push(
          problem(
            'definition.forbidden-key',
            `"${String(pair.key.value)}" cannot be a key`,
            pair.key.range?.[0] ?? 0,
          ),
        );
      return isEnough();
    },
  });
  const data: unknown = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
  const file: SourceFile = {
    path,
    kind,
    text,
    data,
    position: (steps, at) => place(offsetOf(document, steps, at ?? 'value')),
  };
  return { file, problems };
}

const DEEPEST = 100;
const WIDEST_INDENT = 200;

/**
 * Where brackets or indentation nest too deeply; undefined when they do not. The lexer does not recurse. The parser does,
 * and brackets enough end the whole process: V8 has no error for a stack that ends while it compiles an expression.
 */
function tooDeepAt(text: string): number | undefined {
  let [offset, lineStart, open, isText] = [0, 0, 0, false];
  for (const token of new Lexer().lex(text)) {
    if (token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END) {
      isText = token === CST.SCALAR;
      continue;
    }
    if (!isText) {
      if (token === '[' || token === '{') open++;
      else if (token === ']' || token === '}') open = Math.max(0, open - 1);
      const isItem = token === '-' || token === '?';
      const indent = offset - lineStart + (/^ +$/.test(token) ? token.length : 0);
      const isIndent = isItem || (offset === lineStart && indent > 0);
      if (open > DEEPEST || (isIndent && indent > WIDEST_INDENT)) return offset;
    }
    isText = false;
    offset += token.length;
    if (token.includes('\n')) lineStart = offset - (token.length - token.lastIndexOf('\n') - 1);
  }
  return undefined;
}

/** A file that is not even parsed, for what stands at this offset. */
function unparsed(
  path: string,
  kind: SourceKind,
  text: string,
  offset: number,
): ReturnType<typeof parseSourceFile> {
  const before = text.slice(0, offset).split('\n');
  const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  const message = `this is nested more than ${DEEPEST} levels deep`;
  return {
    file: { path, kind, text, data: undefined, position: () => place },
    problems: [{ code: 'definition.yaml-syntax', message, file: path, pointer: '', ...place }],
  };
}

function kindOf(path: string): SourceKind | undefined {
  if (path === 'connector.yaml') return 'connector';
  if (path === 'sandbox.yaml') return 'sandbox';
  if (path === 'demo.yaml') return 'demo';
  if (path === 'drift.yaml') return 'drift';
  if (path === 'conformance.yaml') return 'conformance';
  if (/^methods\/[^/]+\.ya?ml$/.test(path)) return 'methods';
  if (/^types\/[^/]+\.ya?ml$/.test(path)) return 'types';
  return undefined;
}

function missingFile(message: string): Problem {
  return {
    code: 'definition.not-found',
    message,
    hint: 'give the folder of a connector: it holds connector.yaml, methods/ and types/',
    file: 'connector.yaml',
    pointer: '',
    line: 1,
    column: 1,
  };
}

function offsetOf(document: Document, steps: readonly (string | number)[], at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [index, step] of steps.entries()) {
    if (isAlias(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      const key = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      const value = isNode(pair.value) ? pair.value.range?.[0] : undefined;
      const last = index === steps.length - 1;
      offset = (last && at === 'key' ? key : (value ?? key)) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
