/** A way to call and a paged method come in; its pages go out, one call after the other. */
import { isDeepStrictEqual } from 'node:util';
import { FishplateError } from './errors.ts';
import type { Arguments } from './request/arguments.ts';
import type { MethodResult, Runtime } from './runtime-contract.ts';

const DEFAULT_MAX_PAGES = 1_000;

/** See `Runtime.pages`. */
export async function* callPages(
  call: Runtime['call'],
  ...[accountId, id, method, args = {}, given = {}]: Parameters<Runtime['pages']>
): AsyncGenerator<MethodResult> {
  // A key names one call, and every page is a call of its own.
  const { idempotencyKey: _, ...options } = given;
  const seen = new Set<string>();
  const maxPages = options.maxPages ?? DEFAULT_MAX_PAGES;
  let next: Arguments | undefined = args;
  let before: MethodResult | undefined;
  let alike = 0;
  for (let number = 1; next; number++) {
    if (number > maxPages) throw endless(`${method} has more than ${maxPages} pages`);
    const mark = JSON.stringify(next);
    if (seen.has(mark)) throw endless(`${method} gave the same page token twice, after ${number - 1} pages`);
    seen.add(mark);
    const result: MethodResult = await call(accountId, id, method, next, options);
    alike = before && hasSameItems(before, result) ? alike + 1 : 0;
    if (alike > 0 && (alike >= MOST_ALIKE || isDeepStrictEqual(before?.body, result.body)))
      throw endless(
        `${method} answered page ${number - 1} again for page ${number}: the vendor does not seem to heed which page is asked for`,
      );
    yield result;
    before = result;
    next = result.page?.next;
  }
}

/** One page may come again when something was added before it meanwhile; then it says another total. */
const MOST_ALIKE = 2;

const hasSameItems = (before: MethodResult, { page }: MethodResult) =>
  page !== undefined && page.items.length > 0 && isDeepStrictEqual(before.page?.items, page.items);

const endless = (message: string) => new FishplateError('pages.endless', message);
