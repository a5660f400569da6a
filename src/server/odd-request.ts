/** A request comes in; what is odd about it goes out: its headers or query say one thing twice, or more than anybody needs. */
import { FishplateError } from '../errors.ts';

const MOST_HEADERS = 100;
const MOST_QUERY_PARAMETERS = 500;

/** Two of these leave open which one counts: Node.js takes the first, a proxy in front of us may have judged by the last. */
const single: ReadonlySet<string> = new Set([
  // Says whose page a request with a cookie comes from.
  'host',
  'authorization',
  'content-type',
  'content-encoding',
  'x-cyclr-account',
  'idempotency-key',
]);

/**
 * What Node.js and the query parser would otherwise drop in silence: headers and query parameters beyond a number, and the
 * second of two headers. The error is `input.headers-too-large` or `input.invalid`.
 */
export function oddityOf({
  rawHeaders,
  url,
}: {
  rawHeaders: readonly string[];
  url: string;
}): FishplateError | undefined {
  if (rawHeaders.length > MOST_HEADERS * 2)
    return new FishplateError('input.headers-too-large', `the request has more than ${MOST_HEADERS} headers`);
  const seen: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!single.has(name)) continue;
    if (seen.includes(name)) return new FishplateError('input.invalid', `the header ${name} is given twice`);
    seen.push(name);
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
