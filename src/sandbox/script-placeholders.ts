/** A sandbox script comes in; placeholders that cannot be read, or that nothing would ever fill, come out as problems. */
import type { Connector } from '../definition/connector.ts';
import type { ProblemCode } from '../definition/problem.ts';
import { parseTemplate, placeholderNames } from '../definition/template.ts';
import type { SandboxScript } from './script.ts';

export interface PlaceholderProblem {
  readonly path: readonly (string | number)[];
  readonly code: ProblemCode;
  readonly message: string;
}

const moment = ['now', 'organisationId'];
const caller = [
  ...moment,
  'nowSeconds',
  'organisationName',
  'organisationType',
  'organisationStatus',
  'serviceUserId',
  'serviceUserName',
  'serviceUserCreated',
  'permissions',
];
const token = [...caller, 'accessKeyId', 'lifetimeSeconds', 'expiresSeconds'];

/** Without a connector the placeholders of paths are unknown, and so every name is taken for one of them. */
export function placeholderProblems(script: SandboxScript, connector?: Connector): PlaceholderProblem[] {
  const found: PlaceholderProblem[] = [];
  const inPaths =
    connector && Object.values(connector.methods).flatMap((method) => placeholderNames(method.path));
  const check = (path: readonly (string | number)[], value: unknown, names: readonly string[] | undefined) =>
    found.push(...problemsIn(path, value, names));
  check(['accessKeys', 'copy'], script.accessKeys?.copy, ['organisationId', 'accessKeyId', 'apiSecret']);
  check(['token', 'header'], script.token?.header, token);
  check(['token', 'claims'], script.token?.claims, token);
  check(['token', 'answer'], script.token?.answer, [...token, 'token']);
  for (const [name, change] of Object.entries(script.refusals ?? {}))
    check(['refusals', name, 'message'], change.message, ['detail']);
  check(['errorBody'], script.errorBody, ['message', 'status']);
  const onPath = inPaths && [...caller, ...inPaths];
  check(['entities', 'created'], script.entities?.created, onPath);
  check(['entities', 'updated'], script.entities?.updated, onPath);
  for (const [name, rules] of Object.entries(script.collections ?? {})) {
    check(['collections', name, 'defaults'], rules.defaults, onPath);
    check(['collections', name, 'seeds'], rules.seeds, moment);
  }
  for (const [key, rule] of Object.entries(script.methods ?? {})) {
    const path = connector?.methods[key]?.path;
    const names = path && [...caller, ...placeholderNames(path)];
    if (rule.as === 'list' || rule.as === 'search') check(['methods', key, 'where'], rule.where, names);
    if (rule.as !== 'answer') continue;
    check(['methods', key, 'body'], rule.body, names);
    for (const [index, make] of (rule.makes ?? []).entries())
      check(['methods', key, 'makes', index, 'with'], make.with, names && [...names, 'value']);
  }
  return found;
}

function problemsIn(
  path: readonly (string | number)[],
  value: unknown,
  names: readonly string[] | undefined,
): PlaceholderProblem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => problemsIn([...path, index], item, names));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => problemsIn([...path, key], item, names));
  if (typeof value !== 'string') return [];
  const { template, problems } = parseTemplate(value);
  const unknown = placeholderNames(template).filter((name) => names !== undefined && !names.includes(name));
  return [
    ...problems.map(({ code, message }) => ({ path, code, message })),
    ...unknown.map((name) => ({
      path,
      code: 'definition.unknown-placeholder' as const,
      message: `nothing fills {{${name}}} here: there are ${(names ?? []).join(', ')}`,
    })),
  ];
}
