/** The policies of a service user and a method come in, whether it may be called goes out: deny wins over allow. */
import type { Method } from '../definition/connector.ts';
import type { PermissionPolicy, PolicyStatement } from './script.ts';

/** Whether one statement allows the method and none denies it. */
export function isAllowed(policies: readonly PermissionPolicy[], method: Method): boolean {
  const statements = policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => concerns(statement, method));
  return (
    statements.some((statement) => statement.effect === 'allow') &&
    !statements.some((statement) => statement.effect === 'deny')
  );
}

function concerns({ methods, reading }: PolicyStatement, method: Method): boolean {
  if (reading !== undefined && reading !== method.readOnly) return false;
  return methods.some((pattern) => matches(pattern, method.key));
}

/** `*` stands for any text; matched piece by piece, so that no pattern can take long. */
function matches(pattern: string, key: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return pattern === key;
  if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = key.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= key.length - last.length;
}
