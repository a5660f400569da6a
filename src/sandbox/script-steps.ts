/** What sandbox.yaml can have done to stored entities, as types. */

/** A value that may hold `{{placeholders}}` at any depth. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * One step after another; each leaves placeholders for what it names: `{{name}}` the entity, `{{nameId}}` its id,
 * `{{nameIds}}` the ids of all, `{{name_field}}` a field.
 */
export type Step =
  | CreateStep
  | FindStep
  | ChangeStep
  | RemoveStep
  | EachStep
  | LetStep
  | PutRowsStep
  | GrantStep
  | RevokeStep;

interface StepBase {
  /** Placeholder -> a value that it must have, or hold when it is a list; otherwise the step is left out. */
  readonly if?: Fields;
  /** Placeholders that must have a value, or must have none. */
  readonly given?: readonly string[];
  readonly missing?: readonly string[];
  readonly name?: string;
  /** Ids of the entities above; absent: wherever in the organisation. */
  readonly below?: readonly string[];
}

/** Which entities: those with these values. A list offers alternatives; a placeholder without a value asks for nothing. */
interface Selection {
  readonly where?: Fields;
  /** Whether it is refused as an unknown id when one of the values finds nothing; with `find`, when all do. */
  readonly needed?: boolean;
}

export interface CreateStep extends StepBase {
  readonly create: string;
  /** Fields, or one placeholder for all of them. */
  readonly with?: Fields | string;
  /** Not created, but named, when there is an entity with the same values of these fields. */
  readonly once?: readonly string[];
}

/** The newest, or the one with the greatest value of `by`. */
export interface FindStep extends StepBase, Selection {
  readonly find: string;
  readonly by?: string;
}

export interface ChangeStep extends StepBase, Selection {
  readonly change: string;
  /** A placeholder of JSON Patch operations (RFC 6902), which go before `set`. */
  readonly patch?: string;
  /** Fields, or one placeholder for all of them. */
  readonly set: Fields | string;
}

export interface RemoveStep extends StepBase, Selection {
  readonly remove: string;
}

export interface EachStep extends StepBase, Selection {
  /** A collection; or a placeholder of a list, such as `{{body}}`, of which every item is taken in turn. */
  readonly each: string;
  readonly steps: readonly Step[];
  /** Placeholder -> value after each round; afterwards the list of them. */
  readonly collect?: Fields;
}

/** Gives a service user a permission policy, or takes it: rights change at once. Policies that only the API knows give none. */
export interface GrantStep extends StepBase {
  readonly grant: string;
  readonly to: string;
}

export interface RevokeStep extends StepBase {
  readonly revoke: string;
  readonly from: string;
}

/** Gives placeholders a value. */
export interface LetStep extends StepBase {
  readonly let: Fields;
}

/** Puts rows into a table: the collection has a `table`. */
export interface PutRowsStep extends StepBase {
  readonly put: string;
  readonly rows: string;
}
