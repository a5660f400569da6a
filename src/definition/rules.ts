/** Files that passed their schemas come in; what no schema can say comes out as problems with positions. */
import type { Problem } from './problem.ts';
import { createRuleContext } from './rule-context.ts';
import { rulesOfConnector } from './rules-connector.ts';
import { rulesOfMethods } from './rules-methods.ts';
import { rulesOfPaging } from './rules-paging.ts';
import { rulesOfSchemas } from './rules-schemas.ts';
import type { Source } from './source.ts';

/** Runs every rule. Call it only when no file has a schema problem: the rules trust the shapes. */
export function checkRules(source: Source): Problem[] {
  const problems: Problem[] = [];
  const context = createRuleContext(source, problems);
  rulesOfConnector(context);
  rulesOfMethods(context);
  rulesOfPaging(context);
  rulesOfSchemas(context);
  return problems;
}
