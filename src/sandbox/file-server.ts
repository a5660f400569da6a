/** A request for one of the sandbox's files comes in: a download is answered, an upload is taken and what follows is done. */
import type { SchemaChecker } from '../schema.ts';
import type { Collections } from './collections.ts';
import { isObject } from './dotted.ts';
import { type FileContent, readRows, writeFile } from './file-content.ts';
import type { Scope, Values } from './fill.ts';
import type { Keeper } from './keeper.ts';
import { FILES_PREFIX, type Link, type Links } from './links.ts';
import { Refusal } from './refusal.ts';
import { keepRows, makeMissing } from './rows.ts';
import type { UploadRule } from './script-behaviours.ts';
import type { LinkRule } from './script-collections.ts';
import { allOf, hasAll, wantedOf } from './select.ts';
import type { RunSteps } from './steps.ts';
import type { Uploads } from './uploads.ts';
import type { VendorAnswer, VendorRequest } from './vendor-request.ts';
import type { Views } from './views.ts';

export interface FileServerParts {
  readonly links: Links;
  readonly uploads: Uploads;
  readonly collections: Collections;
  readonly keeper: Keeper;
  readonly views: Views;
  readonly runSteps: RunSteps;
  readonly checker: SchemaChecker;
  readonly newId: () => string;
}

/** Throws the refusals unknownLink, expiredLink, misusedLink, wrongVerb. `now` in milliseconds. */
export type AnswerFile = (request: VendorRequest, now: number) => VendorAnswer;

export const isFilePath = (path: string): boolean => path.startsWith(FILES_PREFIX);

export function createFileServer(parts: FileServerParts): AnswerFile {
  const { links, uploads, collections, keeper, views, runSteps, checker, newId } = parts;

  function contentOf(rule: LinkRule, scope: Scope): FileContent {
    if (rule.upload !== undefined) {
      const file = uploads.find(rule.upload);
      if (!file) throw new Refusal('unknownLink', 'The file that was uploaded is no longer there');
      return file;
    }
    if (rule.of === undefined) return writeFile(rule.format, rule.body ?? []);
    const wanted = wantedOf(rule.where, {});
    const entities = allOf(collections, scope.organisationId, rule.of, rule.below)
      .map((found) => views.of(found, scope))
      .filter((entity) => hasAll(entity, wanted));
    const { rows } = rule;
    return writeFile(rule.format, rows === undefined ? entities : entities.flatMap((entity) => entity[rows]));
  }

  function take(rule: UploadRule, bytes: Uint8Array, scope: Scope): void {
    const rows = readRows({ type: rule.type, bytes });
    if (!rows || !takeRows(rule, rows, scope)) runSteps(rule.otherwise ?? [], scope);
  }

  /** Whether the rows could be used; what is wrong with them is for the job to say, not for the upload. */
  function takeRows(rule: UploadRule, rows: readonly unknown[], scope: Scope): boolean {
    const isGood = rule.rowType === undefined ? isObject : goodRows(rule.rowType);
    const good = rows.filter(isGood);
    if (rule.keeps) keepRows(rule.keeps, { rows: good }, scope, collections, newId);
    for (const make of rule.makes ?? []) makeMissing(make, { rows: good }, scope, collections, keeper);
    try {
      runSteps(rule.steps ?? [], { ...scope, values: { ...scope.values, ...fileValues(rows, good) } });
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  function goodRows(type: string): (row: unknown) => boolean {
    const check = checker.checkOf({ $ref: `#/$defs/${type}` });
    return (row) => check(row).length === 0;
  }

  return (request, now) => {
    const token = request.path.slice(FILES_PREFIX.length);
    const link = links.find(token, now);
    checkUse(link, request);
    const scope = { ...link.scope, values: { ...link.scope.values, now: new Date(now).toISOString() } };
    if (link.kind === 'upload') checkUpload(link.rule, request);
    const isFirst = links.use(token);
    if (link.kind === 'download') return { status: 200, file: contentOf(link.rule, scope) };
    uploads.keep(link.rule.name, { type: link.rule.type, bytes: request.body });
    // Whoever missed the answer may send the file again; what follows from it has begun already.
    if (isFirst) take(link.rule, request.body, scope);
    return { status: 200 };
  };
}

/** Whoever has such a URL may use it, and credentials beside it are refused, as storage services do. */
function checkUse(link: Link, { verb, headers }: VendorRequest): void {
  const wanted = link.kind === 'download' ? 'GET' : 'PUT';
  if (verb !== wanted)
    throw new Refusal('wrongVerb', `${verb} is not possible here, only ${wanted}`, { Allow: wanted });
  if (headers.authorization !== undefined)
    throw new Refusal('misusedLink', 'The URL says enough: an Authorization header has no place here');
}

function checkUpload({ type, bytes }: UploadRule, { headers, body }: VendorRequest): void {
  const given = headers['content-type'] ?? '';
  if (given !== type)
    throw new Refusal(
      'misusedLink',
      `Content-Type ${JSON.stringify(given)} is not the ${type} that was announced`,
    );
  if (bytes !== undefined && bytes !== '' && Number(bytes) !== body.length)
    throw new Refusal(
      'misusedLink',
      `The file has ${body.length} bytes, not the ${bytes} that were announced`,
    );
}

const fileValues = (rows: readonly unknown[], good: readonly unknown[]): Values => ({
  file_rows: good,
  file_total: rows.length,
  file_good: good.length,
  file_bad: rows.length - good.length,
});
