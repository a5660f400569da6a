/** The journal's names of events come in; which fields the entities have that each is about, with their types, goes out. */
import { fillText, type Values } from './fill.ts';
import type { Collection } from './plan-collections.ts';
import { shapeOf, type Types } from './schema-shape.ts';
import type { JournalRules } from './script.ts';
import type { DescribeRule } from './script-behaviours.ts';

/** Name of an event -> field -> type. Empty for an event that is never noted. */
export type DescribeEvents = (
  rule: DescribeRule,
  values: Values,
) => Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What an event tells of: the entity as it is, and as it was before. */
const told = { created: ['new'], updated: ['new', 'old'], deleted: ['new', 'old'] } as const;

/** Events are called after what happened, as `configuration.account.updated`. */
export function createDescribeEvents(
  journal: JournalRules | undefined,
  known: ReadonlyMap<string, Collection>,
  types: Types,
): DescribeEvents {
  return (rule, values) => {
    const asked = fillText(rule.event, values);
    const events: Record<string, Readonly<Record<string, string>>> = {};
    for (const [collection, name] of Object.entries(journal?.names ?? {}))
      for (const [happened, prefixes] of Object.entries(told)) {
        const event = `${name}.${happened}`;
        const { fields = {} } = known.get(collection) ?? {};
        if (asked !== '' && asked !== event) continue;
        events[event] = Object.fromEntries(
          prefixes.flatMap((prefix) =>
            Object.entries(fields).map(([field, schema]) => [
              `${prefix}.${field}`,
              rule.types[shapeOf(schema, types).type ?? ''] ?? rule.types.object ?? 'object',
            ]),
          ),
        );
      }
    return events;
  };
}
