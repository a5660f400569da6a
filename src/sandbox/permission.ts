/** The policies of a service user and a method come in, whether it may be called goes out: deny wins over allow. */
import type { Method } from '../definition/connector.ts';
import type { Details } from './details.ts';
import { matchesKey } from './key-pattern.ts';
import type { PermissionPolicy, PolicyStatement } from './script.ts';
import type { Condition } from './script-collections.ts';

/** Whether one statement allows the method and none denies it. Without `details` what depends on them does not hold. */
export function isAllowed(policies: readonly PermissionPolicy[], method: Method, details?: Details): boolean {
  const statements = policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => concerns(statement, method))
    .filter(({ unless }) => !unless || (details !== undefined && !holds(details, unless)));
  return (
    statements.some((statement) => statement.effect === 'allow') &&
    !statements.some((statement) => statement.effect === 'deny')
  );
}

/** A detail that is a list has each of its values. */
const holds = (details: Details, condition: Condition) =>
  Object.entries(condition).every(([name, values]) =>
    [details[name]].flat().some((own) => values.includes(own)),
  );

function concerns({ methods, reading }: PolicyStatement, method: Method): boolean {
  if (reading !== undefined && reading !== method.readOnly) return false;
  return methods.some((pattern) => matchesKey(pattern, method.key));
}
