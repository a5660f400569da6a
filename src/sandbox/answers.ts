/** The script's rule for an answer and a call come in; its steps are done, and the body that it describes goes out. */
import type { Call } from './call.ts';
import type { Collections, Entity } from './collections.ts';
import { isObject } from './dotted.ts';
import type { DescribeEvents } from './event-fields.ts';
import { fillValue, type Scope, type Values } from './fill.ts';
import { passes } from './filter.ts';
import type { Keeper } from './keeper.ts';
import type { Links } from './links.ts';
import { keepRows, makeMissing } from './rows.ts';
import { completeValue } from './sample.ts';
import type { Types } from './schema-shape.ts';
import type { AnswerRule, RowsRule } from './script-behaviours.ts';
import { allOf } from './select.ts';
import type { RunSteps } from './steps.ts';
import { typedValue } from './typed.ts';

export interface AnswerParts {
  readonly types: Types;
  readonly collections: Collections;
  readonly keeper: Keeper;
  readonly links: Links;
  readonly runSteps: RunSteps;
  readonly newId: () => string;
  readonly describe: DescribeEvents;
}

/** Carries out what the rule says and answers the body, completed to what the method's schema requires. */
export type GiveAnswer = (rule: AnswerRule, call: Call) => unknown;

export function createGiveAnswer(parts: AnswerParts): GiveAnswer {
  const { types, collections, keeper, links, runSteps, newId, describe } = parts;

  function chooseRows({ of, filters, limit }: RowsRule, call: Call): Entity[] {
    const input = inputOf(call);
    const list = Object.entries(filters ?? {}).map(([parameter, rule]) => ({
      ...rule,
      parameter,
      field: rule.field ?? parameter,
    }));
    const most = limit === undefined ? undefined : input[limit];
    return allOf(collections, call.organisationId, of, undefined)
      .map(({ entity }) => entity)
      .filter((entity) => passes(entity, list, input, call.values, () => undefined))
      .slice(0, typeof most === 'number' ? most : undefined);
  }

  function madeValues(rule: AnswerRule, call: Call, scope: Scope): Values {
    const made: Record<string, unknown> = {};
    const urls = [
      ...Object.entries(rule.links ?? {}).map(([name, link]) => [name, links.download(link, scope)] as const),
      ...Object.entries(rule.uploads ?? {}).map(([name, to]) => [name, links.upload(to, scope)] as const),
    ];
    for (const [name, { url, expires }] of urls) {
      made[name] = url;
      made[`${name}Expires`] = expires;
    }
    for (const [name, described] of Object.entries(rule.describes ?? {}))
      made[name] = describe(described, scope.values);
    for (const [name, rows] of Object.entries(rule.rows ?? {})) made[name] = chooseRows(rows, call);
    return made;
  }

  return (rule, call) => {
    if (rule.keeps) keepRows(rule.keeps, call.body, call, collections, newId);
    for (const make of rule.makes ?? []) makeMissing(make, call.body, call, collections, keeper);
    const values = runSteps(rule.steps ?? [], call);
    const scope = { ...call, values };
    const body = fillValue(rule.body, { ...values, ...madeValues(rule, call, scope) });
    return completeValue(typedValue(body, call.method.response, types), call.method.response, types);
  };
}

/** What the request gives: the fields of its body, and its query. */
const inputOf = ({ body, query }: Call): Values => ({ ...(isObject(body) && body), ...query });
