/** A request stream comes in, its parsed body goes out: JSON, and forms where a route reads them. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { FishplateError } from '../errors.ts';
import { findRounded } from '../exact-integers.ts';
import { assertCheapJson, assertPlainShape, type JsonLimits } from './json-shape.ts';

export interface BodyLimits extends JsonLimits {
  readonly bytes: number;
  /** On paths that are open to strangers, where a body is a few short texts. */
  readonly strangerBytes: number;
}

/** How a route wants its body read. */
export interface BodyKind {
  readonly form: boolean;
  /** Whether the caller has not been let in by the door. */
  readonly stranger: boolean;
}

export type ReadBody = (
  request: IncomingMessage,
  response: ServerResponse,
  kind: BodyKind,
) => Promise<unknown>;

const JSON_TYPES = ['application/json', 'application/*+json'];
const MOST_FORM_FIELDS = 20;

/**
 * Creates the reader. It runs after the door, so that strangers cannot make us parse anything but what the token endpoint
 * and its like take. Of a key that is given twice the last one counts, and what was checked is what is sent on: nobody
 * behind us reads the original text. Rejects with what the reader of streams throws (see `toFishplateError`) and with
 * `input.unreadable`, `input.invalid`.
 */
export function createBodyReader(limits: BodyLimits): ReadBody {
  const readers = {
    known: createReaders(limits.bytes),
    stranger: createReaders(Math.min(limits.bytes, limits.strangerBytes)),
  };
  return async (request: IncomingMessage & { body?: unknown }, response, { form, stranger }) => {
    const { raw, fields, limit } = stranger ? readers.stranger : readers.known;
    if (isPlainJson(request, limit)) return parseJson(await readPlain(request), request, limits);
    await run(raw, request, response);
    if (Buffer.isBuffer(request.body)) return parseJson(request.body, request, limits);
    if (form) await run(fields, request, response);
    const { body } = request;
    if (body === undefined && hasBody(request)) throw unreadable(request, form);
    assertPlainShape(body, limits.depth);
    return body ?? {};
  };
}

/** What nearly every caller sends: JSON as it is, of a length that is told. Anything else is for Express's readers. */
function isPlainJson({ headers }: IncomingMessage, limit: number): boolean {
  return (
    PLAIN_TYPE.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length']) <= limit
  );
}

const PLAIN_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** All bytes of a body. Rejects like Express's reader when the client leaves before its end. */
function readPlain(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let isDone = false;
    const leave = () => {
      if (!isDone) reject(Object.assign(new Error('request aborted'), { type: 'request.aborted' }));
    };
    // Nothing comes of a request that is over already.
    if (request.destroyed && !request.complete) return leave();
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.once('end', () => {
      isDone = true;
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    request.once('error', leave);
    request.once('close', leave);
  });
}

const createReaders = (limit: number) => ({
  limit,
  raw: express.raw({ limit, type: JSON_TYPES }),
  fields: express.urlencoded({ limit, extended: false, parameterLimit: MOST_FORM_FIELDS }),
});

/** They need nothing that Express adds to a request. */
function run(read: RequestHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    void read(request as Request, response as Response, (error?: unknown) =>
      error === undefined ? resolve() : reject(error),
    );
  });
}

function parseJson(bytes: Buffer, request: IncomingMessage, limits: BodyLimits): unknown {
  if (bytes.length === 0) return {};
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  // JSON is UTF-8 (RFC 8259 section 8.1). Decoded as it comes, a broken letter would be replaced, unseen by anybody.
  if ((charset !== undefined && !/^utf-?8$/i.test(charset)) || !isUtf8(bytes))
    throw new FishplateError('input.unreadable', 'the request body must be UTF-8');
  assertCheapJson(bytes, limits);
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const value = parseText(text);
  assertExactIntegers(text);
  assertPlainShape(value, limits.depth);
  return value;
}

/** JavaScript would send 12345678901234567890 on as 12345678901234567000. Throws `input.invalid`. */
export function assertExactIntegers(text: string): void {
  const digits = findRounded(text);
  if (digits !== undefined)
    throw new FishplateError(
      'input.invalid',
      `the request body holds an integer of ${digits} digits, which would be rounded on its way`,
      { hint: 'Send it as a text, in quotes, where the vendor takes one.' },
    );
}

/** The parser's own message quotes the body, so only the place is taken from it. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    const place = position === undefined ? '' : ` (from character ${Number(position) + 1} on)`;
    throw new FishplateError('input.unreadable', `the request body is not valid JSON${place}`);
  }
}

const hasBody = (request: IncomingMessage) =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

function unreadable(request: IncomingMessage, formToo: boolean): FishplateError {
  const type = request.headers['content-type'];
  const wanted = formToo ? 'application/json or application/x-www-form-urlencoded' : 'application/json';
  const said = type === undefined ? 'has no Content-Type' : `has a Content-Type other than ${wanted}`;
  return new FishplateError('input.unreadable', `the request body ${said}`, {
    hint: `Send Content-Type: ${wanted}.`,
  });
}
