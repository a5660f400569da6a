/** Parameters and a pasted text come in; what fills the form, and a sentence about it, go out. Pure: nothing leaves the browser. */
import { LONGEST_PASTE, readPasteText } from '../../../paste-text.ts';
import type { Parameter } from '../../api/answers.ts';
import { listOf } from '../format.ts';

export interface PasteFound {
  /** By key. */
  readonly values: Readonly<Record<string, string>>;
  /** What was filled in and what was not; never a value. */
  readonly sentence: string;
}

/** Undefined when the text names none of the parameters. `others` are settings of the connector that the form does not ask for. */
export function readPaste(
  parameters: readonly Parameter[],
  others: readonly Parameter[],
  text: string,
): PasteFound | undefined {
  if (text.length > LONGEST_PASTE) return undefined;
  const settings = [...parameters, ...others].map(({ TargetName, DisplayName, Aliases }) => ({
    ...{ key: TargetName, names: [TargetName, DisplayName], aliases: Aliases },
  }));
  const { values, unknown } = readPasteText(settings, text);
  const labelsIn = (all: readonly Parameter[]) =>
    all.filter(({ TargetName }) => Object.hasOwn(values, TargetName)).map(({ DisplayName }) => DisplayName);
  const found = parameters.filter(({ TargetName }) => Object.hasOwn(values, TargetName));
  if (found.length === 0) return undefined;
  return {
    values: Object.fromEntries(found.map(({ TargetName }) => [TargetName, values[TargetName] ?? ''])),
    sentence: [
      `Filled in ${listOf(labelsIn(parameters))}.`,
      labelsIn(others).length > 0 && `Left out ${listOf(labelsIn(others))}: not asked for here.`,
      unknown.length > 0 &&
        `${unknown.length === 1 ? 'One more name' : `${unknown.length} more names`} in it belong${unknown.length === 1 ? 's' : ''} to no field.`,
    ]
      .filter(Boolean)
      .join(' '),
  };
}
