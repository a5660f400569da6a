/** Statements of a policy come in and go out as a form has them: with ids for its rows, and resources as lines. Pure. */
import type { Statement } from '../../api/access-answers.ts';
import { covers, isPattern, usualPatterns } from '../../parts/policy-words.ts';

export interface StatementDraft {
  /** Of the row, in this form only. */
  readonly id: number;
  readonly effect: Statement['Effect'];
  readonly actions: readonly string[];
  /** `*` alone, whatever the lines say. */
  readonly isEverywhere: boolean;
  /** One a line. */
  readonly lines: string;
}

export const draftsOf = (statements: readonly Statement[]): StatementDraft[] =>
  statements.map(({ Effect, Actions, Resources }, id) => {
    const isEverywhere = Resources.includes('*');
    return {
      ...{ id, effect: Effect, actions: Actions, isEverywhere },
      lines: isEverywhere ? '' : Resources.join('\n'),
    };
  });

/** Narrow: it must be filled in before it does anything. */
export const newDraft = (drafts: readonly StatementDraft[]): StatementDraft => ({
  ...{ id: 1 + Math.max(-1, ...drafts.map(({ id }) => id)), effect: 'allow', actions: [] },
  ...{ isEverywhere: true, lines: '' },
});

export const statementOf = ({ effect, actions, isEverywhere, lines }: StatementDraft): Statement => ({
  Effect: effect,
  Actions: actions,
  Resources: isEverywhere ? ['*'] : linesOf(lines),
});

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What is missing, so that nobody waits for the API to say so; empty when nothing is. */
export function faultOf(draft: StatementDraft): string {
  if (draft.actions.length === 0) return 'Choose at least one action';
  if (!draft.isEverywhere && linesOf(draft.lines).length === 0) return 'Name at least one resource';
  return '';
}

/** The usual patterns, and those that the statement has besides. */
export function patternsOf(
  actions: readonly string[],
): { readonly pattern: string; readonly does: string }[] {
  const others = actions.filter(
    (one) => isPattern(one) && usualPatterns.every(({ pattern }) => pattern !== one),
  );
  return [
    ...usualPatterns,
    ...others.map((pattern) => ({ pattern, does: 'Every action that fits the pattern' })),
  ];
}

/** The pattern of the statement that takes the action in already. */
export const coveredBy = (actions: readonly string[], action: string): string | undefined =>
  actions.find((one) => isPattern(one) && covers(one, action));

/** With the action or pattern, or without it. Single actions that a new pattern takes in go. */
export function toggle(actions: readonly string[], text: string): string[] {
  if (actions.includes(text)) return actions.filter((one) => one !== text);
  const kept = isPattern(text) ? actions.filter((one) => isPattern(one) || !covers(text, one)) : actions;
  return [...kept, text];
}
