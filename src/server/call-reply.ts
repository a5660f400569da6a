/** What came of a call, or would be sent, comes in; the answer of our API goes out. Pure. */
import type { Method } from '../definition/connector.ts';
import type { MethodResult, Preview } from '../runtime-contract.ts';
import type { Reply } from './route.ts';

/** Says that an answer, or an error, is that of an earlier call with the same key. */
export const replayed: Readonly<Record<string, string>> = { 'Idempotent-Replayed': 'true' };

/**
 * The vendor's body, with what is known of the call in headers. Text that is not JSON goes out as plain text, whatever the
 * vendor calls it: it must not run as a page of ours.
 */
export function replyOf(result: MethodResult, method?: Method): Reply {
  const { body, status, headers, attempts, batches } = result;
  const isText = typeof body === 'string' && !/json/i.test(headers['content-type'] ?? '');
  return {
    ...(isText ? { text: body } : { body }),
    headers: {
      'X-Vendor-Status': String(status),
      'X-Attempts': String(attempts),
      ...(batches !== undefined && { 'X-Batches': String(batches) }),
      ...(result.waitedMs !== undefined && { 'X-Waited-Ms': String(Math.round(result.waitedMs)) }),
      ...(result.replayed && replayed),
      ...(method && pageHeaders(result, method)),
    },
  };
}

/** Where the items of a page are in the body, and the Parameters (as JSON) of the page after it, if there is one. */
function pageHeaders({ page }: MethodResult, { paging }: Method): Record<string, string> {
  if (!page || !paging) return {};
  const { body: _, ...parameters } = page.next ?? {};
  // Headers carry ASCII; in JSON any other letter can be written as an escape.
  const json = JSON.stringify(parameters).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return {
    'X-Items': paging.items,
    ...(page.next && { 'X-Next-Page': json }),
    ...(page.maximumItems !== undefined && { 'X-Maximum-Items': String(page.maximumItems) }),
    ...(page.total !== undefined && { 'X-Total-Items': String(page.total) }),
  };
}

/** preview.schema.json */
export function previewView({
  method,
  url,
  headers,
  body: sent,
  curl,
  provenance,
  batches,
}: Preview): Record<string, unknown> {
  return {
    Method: method,
    Url: url,
    Headers: headers,
    ...(sent !== undefined && { Body: sent }),
    Curl: curl,
    ...(batches !== undefined && { Batches: batches }),
    Provenance: provenance.map(({ name, in: place, source }) => ({ Name: name, In: place, Source: source })),
  };
}
