/** The parts that play methods come together here: collections and rules come in, what answers calls and files goes out. */
import type { SchemaChecker } from '../schema.ts';
import type { World } from '../wire.ts';
import type { Collections } from './collections.ts';
import { createCourses } from './course.ts';
import { createEntityMaker } from './entity.ts';
import { createDescribeEvents } from './event-fields.ts';
import { type AnswerFile, createFileServer } from './file-server.ts';
import { fillFields, type Values } from './fill.ts';
import { createIds } from './ids.ts';
import { createKeeper } from './keeper.ts';
import { createLinks } from './links.ts';
import type { Plan } from './plan.ts';
import { createPlay, type Play } from './play.ts';
import type { Rights } from './rights.ts';
import type { Types } from './schema-shape.ts';
import { entityRulesOf, type SandboxScript } from './script.ts';
import { createRunSteps } from './steps.ts';
import { createTables } from './tables.ts';
import type { Tags } from './tags.ts';
import { createUploads } from './uploads.ts';
import { createViews } from './views.ts';

export interface EngineParts {
  readonly plan: Plan;
  readonly script: SandboxScript;
  readonly types: Types;
  readonly collections: Collections;
  readonly checker: SchemaChecker;
  readonly world: World;
  readonly rights: Rights;
  readonly tags: Tags;
  readonly refusing: readonly string[];
}

export interface Engine {
  readonly play: Play;
  readonly answerFile: AnswerFile;
  /** Puts the script's seeds into an organisation and runs its first steps. `values` have now and organisationId. */
  start(organisationId: string, values: Values): void;
}

export function createEngine({
  plan,
  script,
  types,
  collections,
  checker,
  world,
  rights,
  tags,
  refusing,
}: EngineParts): Engine {
  const known = plan.collections;
  const ids = createIds(entityRulesOf(script), collections, world.uuid);
  const newId = () => ids.any();
  const entities = createEntityMaker(entityRulesOf(script), types);
  const keeper = createKeeper({ known, collections, entities, journal: script.journal, ids });
  const links = createLinks(world.uuid);
  const uploads = createUploads();
  const views = createViews(known, collections, links.download, types, tags);
  const tables = createTables(known, collections, keeper, entities);
  const runSteps = createRunSteps({ known, collections, keeper, views, tables, rights });
  const courses = createCourses(known, collections, keeper, runSteps);
  const parts = {
    plan,
    script,
    types,
    collections,
    entities,
    keeper,
    views,
    courses,
    tables,
    links,
    runSteps,
    tags,
    refusing,
    newId,
    describe: createDescribeEvents(script.journal, known, types),
  };

  function seed(organisationId: string, values: Values): void {
    for (const collection of known.values())
      for (const [index, fields] of (collection.rules.seeds ?? []).entries()) {
        const place = { organisationId, collection: collection.name, parents: [] };
        const own = fields[collection.id];
        const isGiven = typeof own === 'string' || typeof own === 'number';
        const id = isGiven ? String(own) : ids.fixed(place, collection, String(index));
        keeper.create(place, fillFields(fields, values), { organisationId, values }, id);
      }
  }

  return {
    play: createPlay(parts),
    answerFile: createFileServer({ links, uploads, collections, keeper, views, runSteps, checker, newId }),
    start: (organisationId, values) => {
      seed(organisationId, values);
      ids.fixedFor(organisationId, () => runSteps(script.start ?? [], { organisationId, values }));
    },
  };
}
