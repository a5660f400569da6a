/** A sandbox script comes in; placeholders that cannot be read, or that nothing would ever fill, come out as problems. */
import type { Connector, Method } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import { type Names, type PlaceholderProblem, problemsIn } from './placeholder-names.ts';
import { behaviourProblems, stepProblems } from './rule-placeholders.ts';
import { knownFields } from './schema-shape.ts';
import type { SandboxScript } from './script.ts';
import type { CollectionRules } from './script-collections.ts';

type Path = PlaceholderProblem['path'];

const moment = ['now', 'today', 'nowSeconds', 'nowHttp', 'organisationId'];
const caller = [
  ...moment,
  'organisationName',
  'organisationType',
  'organisationStatus',
  'serviceUserId',
  'serviceUserName',
  'serviceUserCreated',
  'serviceUser_*',
  'permissions',
];
const inErrors = ['message', 'status', 'reason', 'code'];
const token = [...caller, 'accessKeyId', 'lifetimeSeconds', 'expiresSeconds'];

/** Without a connector the placeholders of paths are unknown, and so every name is taken for one of them. */
export function placeholderProblems(script: SandboxScript, connector?: Connector): PlaceholderProblem[] {
  const methods = Object.entries(script.methods ?? {});
  return [
    ...problemsIn(['accessKeys', 'copy'], script.accessKeys?.copy, [
      'organisationId',
      'accessKeyId',
      'apiSecret',
    ]),
    ...problemsIn(['accessKeys', 'settings'], script.accessKeys?.settings, ['organisationId', 'accessKeyId']),
    ...tokenProblems(script),
    ...Object.entries(script.refusals ?? {}).flatMap(([name, { message }]) =>
      problemsIn(['refusals', name, 'message'], message, ['detail']),
    ),
    ...problemsIn(['errorBody'], script.errorBody, inErrors),
    ...(script.errorBodies ?? []).flatMap(({ body }, index) =>
      problemsIn(['errorBodies', index, 'body'], body, inErrors),
    ),
    ...entityProblems(script, connector),
    ...Object.entries(script.pages ?? {}).flatMap(([style, { frame }]) =>
      problemsIn(['pages', style, 'frame'], frame, [...caller, 'url', 'query_*']),
    ),
    ...stepProblems(['start'], script.start, moment).problems,
    ...problemsIn(['journal', 'entry'], script.journal?.entry, [
      ...caller,
      'name',
      'happened',
      'before',
      'after',
    ]),
    ...methods.flatMap(([key, rule]) =>
      behaviourProblems(['methods', key], rule, requestNames(connector?.methods[key], connector)),
    ),
  ];
}

function tokenProblems({ token: rules }: SandboxScript): PlaceholderProblem[] {
  return [
    ...problemsIn(['token', 'header'], rules?.header, token),
    ...problemsIn(['token', 'claims'], rules?.claims, token),
    ...problemsIn(['token', 'answer'], rules?.answer, [...token, 'token']),
  ];
}

function entityProblems(script: SandboxScript, connector: Connector | undefined): PlaceholderProblem[] {
  const paths =
    connector && Object.values(connector.methods).flatMap((method) => placeholderNames(method.path));
  const names = paths && [...caller, ...new Set(paths), 'body', 'body_*', 'query_*'];
  return [
    ...problemsIn(['entities', 'created'], script.entities?.created, names),
    ...problemsIn(['entities', 'updated'], script.entities?.updated, names),
    ...Object.entries(script.collections ?? {}).flatMap(([name, rules]) =>
      collectionProblems(['collections', name], rules, names),
    ),
  ];
}

function collectionProblems(path: Path, rules: CollectionRules, names: Names): PlaceholderProblem[] {
  const own = names && [...caller, 'it', 'itId', 'it_*'];
  return [
    ...problemsIn([...path, 'defaults'], rules.defaults, names),
    ...problemsIn([...path, 'seeds'], rules.seeds, moment),
    ...Object.entries(rules.filters ?? {}).flatMap(([parameter, filter]) =>
      problemsIn([...path, 'filters', parameter, 'default'], filter?.default, caller),
    ),
    ...problemsIn([...path, 'derived'], rules.derived, own),
    ...(rules.course?.stages ?? []).flatMap((stage, index) => {
      const at = [...path, 'course', 'stages', index];
      const steps = stepProblems([...at, 'steps'], stage.steps, own);
      return [...steps.problems, ...problemsIn([...at, 'set'], stage.set, steps.names)];
    }),
  ];
}

/** What a request of this method leaves. */
function requestNames(method: Method | undefined, connector: Connector | undefined): Names {
  if (!method || !connector) return undefined;
  const fields = knownFields(method.body?.schema, connector.types);
  const inBody = fields ? Object.keys(fields).map((field) => `body_${field}`) : ['body_*'];
  const inQuery = Object.values(method.parameters).map(({ name }) => `query_${name}`);
  return [...caller, ...placeholderNames(method.path), 'url', 'body', ...inBody, ...inQuery];
}
