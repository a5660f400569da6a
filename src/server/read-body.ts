/** A request stream comes in, its parsed body goes out: JSON, and forms where a route reads them. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import { FishplateError } from '../errors.ts';
import { assertPlainShape } from './json-shape.ts';

export interface BodyLimits {
  readonly bodyBytes: number;
  /** How deep JSON may be nested. */
  readonly bodyDepth: number;
}

export type ReadBody = (request: Request, response: Response, form: boolean) => Promise<unknown>;

/**
 * Creates the reader. It runs after the door, so that strangers cannot make us parse anything.
 * Rejects with what the parser throws (see `toFishplateError`) and with `input.unreadable`, `input.invalid`.
 */
export function createBodyReader({ bodyBytes, bodyDepth }: BodyLimits): ReadBody {
  const json = express.json({
    limit: bodyBytes,
    strict: false,
    type: ['application/json', 'application/*+json'],
  });
  const form = express.urlencoded({ limit: bodyBytes, extended: false, parameterLimit: 20 });
  return async (request, response, formToo) => {
    await run(json, request, response);
    if (formToo) await run(form, request, response);
    const body: unknown = request.body;
    if (body === undefined && hasBody(request)) throw unreadable(request, formToo);
    assertPlainShape(body, bodyDepth);
    return body ?? {};
  };
}

function run(parse: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
}

const hasBody = (request: Request) =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

function unreadable(request: Request, formToo: boolean): FishplateError {
  const type = request.headers['content-type'];
  const wanted = formToo ? 'application/json or application/x-www-form-urlencoded' : 'application/json';
  const said = type === undefined ? 'has no Content-Type' : `has a Content-Type other than ${wanted}`;
  return new FishplateError('input.unreadable', `the request body ${said}`, {
    hint: `Send Content-Type: ${wanted}.`,
  });
}
