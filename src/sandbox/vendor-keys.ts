/** A request with an idempotency key comes in; what the vendor did the first time goes out, or is done now. */
import { createHash } from 'node:crypto';
import type { Method } from '../definition/connector.ts';
import { Refusal } from './refusal.ts';
import type { VendorAnswer, VendorRequest } from './vendor-request.ts';

/** Does what a keyed request asks once only; requests without a key, and methods that take none, are done each time. */
export type OncePerKey = (
  method: Method,
  organisationId: string,
  request: VendorRequest,
  act: () => VendorAnswer,
) => VendorAnswer;

/** What was refused is not remembered: it changed nothing. */
export function createVendorKeys(): OncePerKey {
  const known = new Map<string, { readonly asked: string; readonly answer: VendorAnswer }>();
  return (method, organisationId, { verb, path, headers, body }, act) => {
    const key = headers[method.idempotencyKey?.header.toLowerCase() ?? ''];
    if (key === undefined) return act();
    const id = JSON.stringify([organisationId, key]);
    const asked = createHash('sha256').update(`${verb} ${path}\n`).update(body).digest('hex');
    const first = known.get(id);
    if (first && first.asked !== asked)
      throw new Refusal('badBody', 'The idempotency key was used for another request');
    if (first) return first.answer;
    const answer = act();
    known.set(id, { asked, answer });
    return answer;
  };
}
