/** A way to call and a paged method come in; its pages go out, one call after the other. */
import { FishplateError } from './errors.ts';
import type { Arguments } from './request/arguments.ts';
import { cappedError } from './response/capped-list.ts';
import { createRepeatWatch } from './response/repeated-page.ts';
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
  const isRepeated = createRepeatWatch();
  let read = 0;
  for (let number = 1; next; number++) {
    if (number > maxPages) throw endless(`${method} has more than ${maxPages} pages`);
    const mark = JSON.stringify(next);
    if (seen.has(mark))
      throw endless(`${method} gave the same page token twice, after ${number - 1} pages`, REPEATED_HINT);
    seen.add(mark);
    const result: MethodResult = await call(accountId, id, method, next, options);
    if (isRepeated(result.body, result.page?.items ?? []))
      throw new FishplateError(
        'pages.repeated',
        `${method} answered page ${number - 1} once more when asked for page ${number}`,
      );
    yield result;
    next = result.page?.next;
    read += result.page?.items.length ?? 0;
    const capped = cappedError(method, result.page ?? {}, read, next !== undefined);
    if (capped) throw capped;
  }
}

const REPEATED_HINT =
  "Compare the paging style's parameter, next and in with the vendor's documentation: it may not take the token where it is sent.";

const endless = (message: string, hint?: string) =>
  new FishplateError('pages.endless', message, hint === undefined ? {} : { hint });
