/** The statements of a policy as somebody wrote them come in, checked they go out. */
import { FishplateError, type InputProblem } from '../errors.ts';
import type { PolicyStatement } from '../store/rows.ts';
import { validateAction, validateResource } from './actions.ts';

const MOST_STATEMENTS = 100;
const MOST_PATTERNS = 100;
const LONGEST_PATTERN = 200;

/** Throws `input.invalid` with every problem at once; a mistyped action comes with the nearest real one. */
export function parseStatements(input: readonly PolicyStatement[] | undefined): PolicyStatement[] {
  const statements = input ?? [];
  const problems: InputProblem[] = [];
  checkCount(statements, 'statements', MOST_STATEMENTS, problems);
  statements.forEach(({ effect, actions, resources }, index) => {
    const path = `statements.${index}`;
    // The type forbids it; but read as anything else than a denial, a mistyped one would open what it should close.
    if (effect !== 'allow' && effect !== 'deny') {
      problems.push({ path: `${path}.effect`, message: `"${effect}" is neither allow nor deny` });
    }
    checkPatterns(actions, `${path}.actions`, validateAction, problems);
    checkPatterns(resources, `${path}.resources`, validateResource, problems);
  });
  if (problems.length > 0) {
    throw new FishplateError('input.invalid', 'The statements of the policy have problems', { problems });
  }
  // Copied, so that nothing else that the objects hold gets into the store.
  return statements.map(({ effect, actions, resources }) => ({
    effect,
    actions: [...actions],
    resources: [...resources],
  }));
}

function checkPatterns(
  patterns: readonly string[],
  path: string,
  validate: (text: string, path: string) => InputProblem | undefined,
  problems: InputProblem[],
): void {
  checkCount(patterns, path, MOST_PATTERNS, problems);
  patterns.forEach((text, index) => {
    const place = `${path}.${index}`;
    const problem =
      text.length > LONGEST_PATTERN
        ? { path: place, message: `A pattern has at most ${LONGEST_PATTERN} characters` }
        : validate(text, place);
    if (problem !== undefined) problems.push(problem);
  });
}

function checkCount(list: readonly unknown[], path: string, most: number, problems: InputProblem[]): void {
  if (list.length > 0 && list.length <= most) return;
  problems.push({
    path,
    message: list.length === 0 ? 'At least one is needed' : `At most ${most} are possible`,
  });
}
