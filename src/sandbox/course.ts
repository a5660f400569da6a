/** Jobs in their states come in; those whose time has come, or that were read often enough, go on to their next. */
import { momentValues } from './caller.ts';
import type { Collections, Place, Stored } from './collections.ts';
import { fillFields, namedValues, type Scope } from './fill.ts';
import type { Keeper } from './keeper.ts';
import type { Collection } from './plan-collections.ts';
import type { CourseRule, Stage } from './script-collections.ts';
import { meets } from './select.ts';
import type { RunSteps } from './steps.ts';

export interface Courses {
  /** Brings all jobs of an organisation to the state that they have by now. */
  advance(scope: Scope): void;
  /** Counts that a job was read. */
  read(place: Place, id: string): void;
}

/** `{{it}}` in a stage is the job itself. */
export function createCourses(
  known: ReadonlyMap<string, Collection>,
  collections: Collections,
  keeper: Keeper,
  runSteps: RunSteps,
): Courses {
  const courses = [...known.values()].flatMap(({ name, rules }) =>
    rules.course ? [{ name, course: rules.course }] : [],
  );

  function advanceOne(course: CourseRule, place: Place, id: string, scope: Scope): void {
    // More than one state may have passed since somebody looked.
    for (let steps = 0; steps < course.stages.length; steps++) {
      const stored = collections.stored(place, id);
      const next = stored && nextStage(course, stored, scope);
      if (!stored || !next || !meets(stored.entity, course.when)) return;
      enter(course, next.stage, place, stored, {
        ...scope,
        values: { ...scope.values, ...momentValues(next.at) },
      });
    }
  }

  function enter(course: CourseRule, stage: Stage, place: Place, stored: Stored, scope: Scope): void {
    const own = { ...scope, values: { ...scope.values, ...namedValues('it', stored.id, stored.entity) } };
    const values = runSteps(stage.steps ?? [], own);
    const fields = { ...fillFields(stage.set ?? {}, values), [course.field]: stage.is };
    keeper.change(place, stored.id, fields, { ...scope, values }, true);
  }

  return {
    advance: (scope) => {
      for (const { name, course } of courses)
        for (const place of collections.places(name)) {
          if (place.organisationId !== scope.organisationId) continue;
          const waiting = [...collections.each(place)].filter(({ standing }) => standing !== undefined);
          for (const { id } of waiting) advanceOne(course, place, id, scope);
        }
    },
    read: (place, id) => {
      const stored = collections.stored(place, id);
      if (!stored?.standing) return;
      const standing = { ...stored.standing, reads: stored.standing.reads + 1 };
      collections.replace(place, id, stored.entity, standing);
    },
  };
}

/** The state that a job enters next and when, if that is by now. */
function nextStage(
  course: CourseRule,
  { entity, standing }: Stored,
  { values }: Scope,
): { stage: Stage; at: number } | undefined {
  const stage = course.stages[course.stages.findIndex((each) => each.is === entity[course.field]) + 1];
  if (!stage || !standing) return undefined;
  const now = Date.parse(String(values.now));
  const due = standing.since + (stage.afterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (due <= now) return { stage, at: due };
  return standing.reads >= (stage.afterReads ?? Number.POSITIVE_INFINITY) ? { stage, at: now } : undefined;
}
