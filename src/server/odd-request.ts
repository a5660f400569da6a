/** A request comes in and goes on, unless its headers or query say one thing twice or more than anybody needs. */
import type { RequestHandler } from 'express';
import { FishplateError } from '../errors.ts';

const MOST_HEADERS = 100;
const MOST_QUERY_PARAMETERS = 500;

/** Two of these leave open which one counts: Node.js takes the first, a proxy in front of us may have judged by the last. */
const single = ['authorization', 'content-type', 'content-encoding', 'x-cyclr-account', 'idempotency-key'];

/**
 * Refuses what Node.js and the query parser would otherwise drop in silence: headers and query parameters beyond a number,
 * and the second of two headers. Passes `input.headers-too-large` and `input.invalid` on to Express's error handling.
 */
export const refuseOddRequest: RequestHandler = (request, _response, next) => next(faultOf(request));

function faultOf({
  rawHeaders,
  url,
}: {
  rawHeaders: readonly string[];
  url: string;
}): FishplateError | undefined {
  if (rawHeaders.length > MOST_HEADERS * 2)
    return new FishplateError('input.headers-too-large', `the request has more than ${MOST_HEADERS} headers`);
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (seen.has(name) && single.includes(name))
      return new FishplateError('input.invalid', `the header ${name} is given twice`);
    seen.add(name);
  }
  const query = url.indexOf('?');
  const isLong =
    query >= 0 && url.slice(query).split('&', MOST_QUERY_PARAMETERS + 1).length > MOST_QUERY_PARAMETERS;
  return isLong
    ? new FishplateError('input.invalid', `the query has more than ${MOST_QUERY_PARAMETERS} parameters`, {
        hint: 'Use POST, and give the parameters in the body.',
      })
    : undefined;
}
