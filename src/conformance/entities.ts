/** What create methods have answered comes in; whether get, list, update and delete mean the same entity is noted. */
import type { Method } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import { categoryOf, methodOfCategory } from './known.ts';
import { shown } from './report.ts';
import { type CallDone, describeError, type Stage, tryCall } from './stage.ts';

const PATHS =
  'Compare the paths of the methods of this category: the sandbox takes what lies at one path for one collection. Where the vendor does it in another way, say in sandbox.yaml how the method is played.';
const MOST_PAGES = 50;

/** Ids may be numbers. */
const names = ({ args }: CallDone, id: string) => Object.values(args).some((value) => String(value) === id);

interface Made {
  readonly category: string;
  readonly create: Method;
  readonly id: string;
}

/** Categories in which something was created. */
function madeIn({ bed, results, known }: Stage): Made[] {
  return Object.values(bed.connector.methods).flatMap((create) => {
    const done = create.key.endsWith('.create') ? results.get(create.key) : undefined;
    const id = done && known.entitiesIn(create, done.result.body)[0]?.id;
    return id === undefined ? [] : [{ category: categoryOf(create.key), create, id }];
  });
}

/** To be asked once all is called that deletes nothing: reading and replacing answer the same entity. */
export function checkSame(stage: Stage): void {
  for (const made of madeIn(stage))
    for (const name of ['get', 'update'] as const) checkAnswered(stage, made, name);
}

function checkAnswered(stage: Stage, { category, create, id }: Made, name: 'get' | 'update'): void {
  const { bed, results, known, findings, places } = stage;
  const method = methodOfCategory(bed.connector, category, name);
  const done = method && results.get(method.key);
  if (!done || !names(done, id)) return;
  const entities = known.entitiesIn(method, done.result.body);
  if (entities.length === 0) return;
  findings.checked('entities', method.key);
  if (entities.some((entity) => entity.id === id)) return;
  findings.fail('entities', {
    subject: method.key,
    expected: `the entity ${id}, which ${create.key} has made`,
    came: shown(done.result.body),
    mend: PATHS,
    at: places.method(method.key, ['path']),
  });
}

/** To be asked before anything is changed: later it may be a list's habit to leave it out. */
export async function checkListed(stage: Stage): Promise<void> {
  for (const made of madeIn(stage)) await checkInList(stage, made);
}

async function checkInList(stage: Stage, { category, create, id }: Made): Promise<void> {
  const { bed, installation, results, known, findings, places } = stage;
  const method = methodOfCategory(bed.connector, category, 'list');
  const done = method && results.get(method.key);
  if (!done) return;
  findings.checked('entities', method.key);
  const ids: string[] = [];
  try {
    const pages = bed.runtime.pages(bed.account, installation, method.key, done.args, {
      maxPages: MOST_PAGES,
    });
    for await (const { body } of pages)
      ids.push(...known.entitiesIn(method, body).map((entity) => entity.id));
  } catch (error) {
    // The section on pages says what is wrong with them.
    if (isFishplateError(error)) return;
    throw error;
  }
  if (ids.includes(id)) return;
  findings.fail('entities', {
    subject: method.key,
    expected: `the entity ${id}, which ${create.key} has made, in the list`,
    came: ids.length === 0 ? 'an empty list' : `others: ${shown(ids)}`,
    mend: PATHS,
    at: places.method(method.key, ['path']),
  });
}

/** To be asked once everything is deleted: what is gone cannot be read. */
export async function checkDeleted(stage: Stage): Promise<void> {
  const { bed, results, findings, places } = stage;
  for (const { category, id } of madeIn(stage)) {
    const get = methodOfCategory(bed.connector, category, 'get');
    const remove = methodOfCategory(bed.connector, category, 'delete');
    const done = remove && results.get(remove.key);
    const read = get && results.get(get.key);
    if (!done || !read || !names(done, id) || !names(read, id)) continue;
    findings.checked('entities', get.key);
    const result = await tryCall(stage, get, read.args);
    if (result instanceof FishplateError && result.code === 'vendor.not-found') continue;
    findings.fail('entities', {
      subject: get.key,
      expected: `vendor.not-found for ${id}, which ${remove.key} has deleted`,
      came: result instanceof FishplateError ? describeError(result) : shown(result.body),
      mend: `${PATHS} Or a failure rule gives the refusal another meaning.`,
      at: places.method(get.key, ['path']),
    });
  }
}
