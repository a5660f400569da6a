/** Behaviours and steps come in, with the names that a request leaves; the placeholders in them that nothing fills come out. */
import {
  type Names,
  namesOf,
  type PlaceholderProblem,
  problemsIn,
  problemsOfName,
} from './placeholder-names.ts';
import type { AnswerRule, BehaviourRule, ListRule, MakeRule, UploadRule } from './script-behaviours.ts';
import type { Step } from './script-steps.ts';

type Path = PlaceholderProblem['path'];

/** The problems, and the names that there are after the last step. */
export interface CheckedSteps {
  readonly problems: readonly PlaceholderProblem[];
  readonly names: Names;
}

const plus = (names: Names, ...more: readonly string[]): Names => names && [...names, ...more];

/** All placeholders of one method's rule. */
export function behaviourProblems(path: Path, rule: BehaviourRule, names: Names): PlaceholderProblem[] {
  switch (rule.as) {
    case 'list':
    case 'search':
      return listProblems(path, rule, names);
    case 'create':
      return [
        ...problemsIn([...path, 'below'], rule.below, names),
        ...problemsIn([...path, 'with'], rule.with, names),
      ];
    case 'get':
    case 'update':
    case 'delete':
      return problemsIn([...path, 'where'], rule.where, names);
    case 'preview': {
      const steps = stepProblems([...path, 'steps'], rule.steps, names);
      return [...steps.problems, ...problemsIn([...path, 'with'], rule.with, steps.names)];
    }
    case 'sample':
      return problemsIn([...path, 'with'], rule.with, names);
    case 'change': {
      const steps = stepProblems([...path, 'steps'], rule.steps, plus(names, ...namesOf('it')));
      return [
        ...problemsIn([...path, 'where'], rule.where, names),
        ...steps.problems,
        ...problemsIn([...path, 'set'], rule.set, steps.names),
      ];
    }
    case 'answer':
      return answerProblems(path, rule, names);
  }
}

function listProblems(path: Path, rule: ListRule, names: Names): PlaceholderProblem[] {
  return [
    ...problemsIn([...path, 'where'], rule.where, names),
    ...problemsIn([...path, 'below'], rule.below, names),
    ...problemsIn([...path, 'through', 'where'], rule.through?.where, names),
  ];
}

function answerProblems(path: Path, rule: AnswerRule, names: Names): PlaceholderProblem[] {
  const steps = stepProblems([...path, 'steps'], rule.steps, plus(names, ...namesOf('it')));
  const urls = [...Object.keys(rule.links ?? {}), ...Object.keys(rule.uploads ?? {})];
  const made = [
    ...urls.flatMap((name) => [name, `${name}Expires`]),
    ...Object.keys({ ...rule.rows, ...rule.describes }),
  ];
  return [
    ...makeProblems([...path, 'makes'], rule.makes, names),
    ...steps.problems,
    ...problemsIn([...path, 'links'], rule.links, steps.names),
    ...problemsIn([...path, 'describes'], rule.describes, steps.names),
    ...Object.entries(rule.uploads ?? {}).flatMap(([name, upload]) =>
      uploadProblems([...path, 'uploads', name], upload, steps.names),
    ),
    ...problemsIn([...path, 'body'], rule.body, plus(steps.names, ...made)),
  ];
}

function uploadProblems(path: Path, upload: UploadRule, names: Names): PlaceholderProblem[] {
  const { type, bytes, name } = upload;
  return [
    ...problemsIn(path, { type, bytes, name }, names),
    ...makeProblems([...path, 'makes'], upload.makes, names),
    ...stepProblems([...path, 'steps'], upload.steps, plus(names, 'file_*')).problems,
    ...stepProblems([...path, 'otherwise'], upload.otherwise, names).problems,
  ];
}

const makeProblems = (path: Path, makes: readonly MakeRule[] | undefined, names: Names) =>
  (makes ?? []).flatMap((make, index) =>
    problemsIn([...path, index, 'with'], make.with, plus(names, 'value')),
  );

/** Each step may use what those before it have named. */
export function stepProblems(path: Path, steps: readonly Step[] | undefined, names: Names): CheckedSteps {
  const problems: PlaceholderProblem[] = [];
  let known = names;
  for (const [index, step] of (steps ?? []).entries()) {
    const at = [...path, index];
    for (const name of [...Object.keys(step.if ?? {}), ...(step.given ?? []), ...(step.missing ?? [])])
      problems.push(...problemsOfName(at, name, known));
    problems.push(...ownProblems(at, step, known));
    if ('each' in step) {
      const inner = stepProblems([...at, 'steps'], step.steps, plus(known, ...nameOf(step)));
      problems.push(...inner.problems, ...problemsIn([...at, 'collect'], step.collect, inner.names));
      known = plus(known, ...Object.keys(step.collect ?? {}));
    } else known = plus(known, ...nameOf(step), ...('let' in step ? Object.keys(step.let) : []));
  }
  return { problems, names: known };
}

const nameOf = ({ name }: Step) => (name === undefined ? [] : namesOf(name));

/** The step's own texts, without those of the steps within it. */
function ownProblems(path: Path, step: Step, names: Names): PlaceholderProblem[] {
  const { if: wanted, given, missing, name, ...rest } = step;
  if ('each' in rest) {
    const { steps, collect, ...own } = rest;
    return problemsIn(path, own, names);
  }
  return problemsIn(path, rest, 'change' in rest ? plus(names, ...namesOf('it')) : names);
}
