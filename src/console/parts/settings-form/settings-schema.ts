/** A connector's parameters and what is stored of them come in; schema, data and changes of the form go out. Pure. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { Level, Parameter, ValueSource } from '../../api/answers.ts';
import type { ApiProblem } from '../../api/api-error.ts';

/** What is known of a setting's value; a secret one has no `value`. */
export interface StoredSetting {
  readonly isSet: boolean;
  readonly value: string | null;
  readonly source: ValueSource | null;
  readonly updatedDate?: string | null;
}

export type StoredSettings = Readonly<Record<string, StoredSetting | undefined>>;

/** Who fills the form in: that level's values can be changed, replaced and taken away. */
export type FormLevel = Exclude<Level, 'either'>;

/** By key; undefined is "as it is" for a secret and "none" for any other, null is "take it away". */
export type SettingsData = Readonly<Record<string, string | null | undefined>>;

/** What the API is to change: a text sets, null takes away. */
export type SettingsChanges = Readonly<Record<string, string | null>>;

export interface FormRequest {
  readonly parameters: readonly Parameter[];
  readonly stored: StoredSettings;
  readonly level: FormLevel;
  /** The console may leave everything to the accounts; an account has to give what is still missing. */
  readonly demandsRequired: boolean;
}

/** Whether this level itself gives the value, so that it can take it away. */
export const isOwn = (stored: StoredSetting | undefined, level: FormLevel): boolean =>
  stored?.isSet === true && stored.source === level;

/** The schema that the data must keep to. Groups come together: whoever gives one of them gives all. */
export function buildSchema(request: FormRequest): RJSFSchema {
  const { parameters, stored, demandsRequired } = request;
  const required = demandsRequired
    ? parameters.filter(({ TargetName, IsOptional }) => !IsOptional && stored[TargetName]?.isSet !== true)
    : [];
  return {
    type: 'object',
    required: required.filter(({ Group }) => Group === null || !isGivenElsewhere(request, Group)).map(keyOf),
    properties: Object.fromEntries(parameters.map((parameter) => [keyOf(parameter), schemaOf(parameter)])),
    dependentRequired: dependentsOf(request),
  } as RJSFSchema;
}

const keyOf = ({ TargetName }: Parameter) => TargetName;

function schemaOf({ DisplayName, Description, Pattern, MaxLength, IsOpen, Choices }: Parameter): RJSFSchema {
  return {
    title: DisplayName,
    description: Description,
    type: ['string', 'null'],
    ...(Pattern !== null && { pattern: Pattern }),
    ...(MaxLength !== undefined && { maxLength: MaxLength }),
    ...(!IsOpen && { enum: [...Choices.map(({ Value }) => Value), null] }),
  };
}

/** A setting whose group another level gives as a whole is not asked for. */
const isGivenElsewhere = ({ parameters, stored }: FormRequest, group: string) =>
  parameters.filter(({ Group }) => Group === group).every((one) => stored[keyOf(one)]?.isSet === true);

/** Only what this level has not stored yet must come along: a stored secret stays when its id is corrected. */
function dependentsOf({ parameters, stored, level }: FormRequest): Record<string, string[]> {
  const grouped = parameters.filter(({ Group }) => Group !== null);
  return Object.fromEntries(
    grouped.flatMap((parameter) => {
      const others = grouped.filter(
        (other) =>
          other !== parameter &&
          other.Group === parameter.Group &&
          !other.IsOptional &&
          !isOwn(stored[keyOf(other)], level),
      );
      return others.length === 0 ? [] : [[keyOf(parameter), others.map(keyOf)]];
    }),
  );
}

/** Which widget renders each setting, and what it is handed besides the schema. */
export function buildUi({ parameters, stored, level }: FormRequest): UiSchema {
  return Object.fromEntries(
    parameters.map((parameter) => [
      keyOf(parameter),
      {
        'ui:widget': widgetOf(parameter),
        'ui:options': { parameter, stored: stored[keyOf(parameter)], level },
      },
    ]),
  );
}

function widgetOf({ IsSensitive, Choices, IsMultiline }: Parameter): string {
  if (IsSensitive) return 'setting-secret';
  if (Choices.length > 0) return 'setting-choice';
  return IsMultiline ? 'setting-lines' : 'setting-text';
}

/** What the form starts with: this level's own values, as far as they can be read. */
export function initialData({ parameters, stored, level }: FormRequest): SettingsData {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const own = stored[keyOf(parameter)];
      return isOwn(own, level) && !parameter.IsSensitive ? [[keyOf(parameter), own?.value ?? undefined]] : [];
    }),
  );
}

/** What differs from what is stored; empty when there is nothing to save. */
export function changesOf({ parameters, stored, level }: FormRequest, data: SettingsData): SettingsChanges {
  const changes: Record<string, string | null> = {};
  for (const parameter of parameters) {
    const key = keyOf(parameter);
    const own = isOwn(stored[key], level);
    const value = data[key];
    if (value === undefined || value === '') {
      if (own && !parameter.IsSensitive) changes[key] = null;
    } else if (value === null) {
      if (own) changes[key] = null;
    } else if (!own || parameter.IsSensitive || stored[key]?.value !== value) changes[key] = value;
  }
  return changes;
}

export interface SortedProblems {
  readonly fields: Readonly<Record<string, string[]>>;
  /** Those that belong to no field of this form. */
  readonly others: readonly ApiProblem[];
}

/** The API's problems by field. Paths end in the key: `apiSecret`, `Settings.apiSecret`. */
export function sortProblems(
  parameters: readonly Parameter[],
  problems: readonly ApiProblem[],
): SortedProblems {
  const fields: Record<string, string[]> = {};
  const others: ApiProblem[] = [];
  for (const problem of problems) {
    const last = problem.path.split('.').at(-1) ?? '';
    const parameter = parameters.find((one) => keyOf(one) === last);
    if (!parameter) others.push(problem);
    else fields[last] = [...(fields[last] ?? []), withoutLabel(problem, parameter)];
  }
  return { fields, others };
}

/** "API Secret is too long" stands below the label "API Secret" as "Is too long". */
function withoutLabel({ message, hint }: ApiProblem, { DisplayName }: Parameter): string {
  const rest = message.startsWith(`${DisplayName} `) ? message.slice(DisplayName.length + 1) : message;
  const sentence = rest.charAt(0).toUpperCase() + rest.slice(1);
  return hint === undefined ? sentence : `${sentence} - ${hint}`;
}

/** The message of a broken rule, as the connector's author explained it. */
export function explainFault(parameter: Parameter | undefined, keyword: string, message: string): string {
  if (!parameter) return message;
  if (keyword === 'pattern' && parameter.PatternHint !== null) return `Must be ${parameter.PatternHint}`;
  if (keyword === 'dependentRequired')
    return `Comes together with the rest of its group: fill in ${parameter.DisplayName} too`;
  if (keyword === 'enum') return `Must be one of ${parameter.Choices.map(({ Name }) => Name).join(', ')}`;
  return message;
}
