/** Paged methods come in; whether small pages end, repeat nothing and hold the same as large ones is noted. */
import type { Method } from '../definition/connector.ts';
import { isFishplateError } from '../errors.ts';
import type { Arguments } from '../request/arguments.ts';
import { categoryOf, methodOfCategory } from './known.ts';
import { describeError, type Stage, tryCall } from './stage.ts';

const MOST_PAGES = 200;
/** How many items a list should have for its paging to be tried: three pages of one. */
const WANTED_ITEMS = 3;
const PAGES = 4;

/** To be asked before anything is deleted: what there is too little of is created. */
export async function checkPages(stage: Stage): Promise<void> {
  const { bed, results, findings } = stage;
  const paged = Object.values(bed.connector.methods).filter(({ key, paging }) => paging && results.has(key));
  let several = 0;
  for (const method of paged) {
    findings.checked('pages', method.key);
    const args = results.get(method.key)?.args ?? {};
    if ((await checkPaging(stage, method, args)) > 1) several++;
  }
  if (paged.length > 0) findings.note('pages', `${several} of them over several pages`);
}

/** How many pages there were; 0 when something is wrong. */
async function checkPaging(stage: Stage, method: Method, args: Arguments): Promise<number> {
  let all = await collect(stage, method, args);
  if (
    all &&
    all.items.length < WANTED_ITEMS &&
    (await createMore(stage, method, WANTED_ITEMS - all.items.length))
  )
    all = await collect(stage, method, args);
  const { size } = method.paging ?? {};
  if (!all || size === undefined || all.items.length < 2) return all?.pages ?? 0;
  const small = Math.max(1, Math.ceil(all.items.length / PAGES));
  const found = await collect(stage, method, { ...args, [size]: small });
  if (!found) return 0;
  const repeated = found.items.find((item, index) => found.items.indexOf(item) !== index);
  const missing = all.items.filter((item) => !found.items.includes(item)).length;
  if (repeated === undefined && missing === 0) return found.pages;
  fail(
    stage,
    method,
    `the same ${all.items.length} items in pages of ${small}, each once`,
    repeated === undefined
      ? `${found.items.length} items in ${found.pages} pages; ${missing} are missing`
      : `an item twice: ${repeated.slice(0, 200)}`,
  );
  return 0;
}

interface Collected {
  /** By id, or as JSON. */
  readonly items: readonly string[];
  readonly pages: number;
}

async function collect(stage: Stage, method: Method, args: Arguments): Promise<Collected | undefined> {
  const { runtime, account } = stage.bed;
  const items: string[] = [];
  let count = 0;
  try {
    for await (const { body, page } of runtime.pages(account, stage.installation, method.key, args, {
      maxPages: MOST_PAGES,
    })) {
      count++;
      const found = page?.items ?? [];
      const ids = stage.known.entitiesIn(method, body).map(({ id }) => id);
      // Entities may change as they are read, jobs for one.
      items.push(...(ids.length === found.length ? ids : found.map((item) => JSON.stringify(item))));
    }
    return { items, pages: count };
  } catch (error) {
    if (!isFishplateError(error)) throw error;
    fail(stage, method, 'pages that end', describeError(error));
    return undefined;
  }
}

/** Whether more could be made. */
async function createMore(stage: Stage, list: Method, count: number): Promise<boolean> {
  const { connector } = stage.bed;
  const create = connector.methods[`${categoryOf(list.key)}.create`];
  const isOwn = methodOfCategory(connector, categoryOf(list.key), 'list') === list;
  if (!create || !isOwn || !stage.results.has(create.key)) return false;
  for (let again = 1; again <= count; again++)
    await tryCall(stage, create, stage.samples.argumentsOf(create, again));
  return true;
}

function fail({ findings, places, bed }: Stage, method: Method, expected: string, came: string): void {
  const style = method.paging?.style ?? '';
  findings.fail('pages', {
    subject: method.key,
    expected,
    came,
    mend: `Compare the paging style "${style}" with the vendor's documentation: parameter, in, size, items, next, more.`,
    at: bed.connector.methods[method.key] && (places.connector('paging', style) ?? places.method(method.key)),
  });
}
