/** How methods are played that verb and path do not explain, as types. */
import type { Condition, FilterRule, LinkRule } from './script-collections.ts';
import type { Fields, Step } from './script-steps.ts';

/** Entities are named by entities of another collection: by its field, or by lying below it when there is none. */
export interface ThroughRule {
  readonly in: string;
  readonly where?: Fields;
  readonly field?: string;
}

export interface ListRule {
  readonly as: 'list' | 'search';
  readonly of: string;
  /** Ids of the entities above; absent: those of the path, or none where the path has too few. */
  readonly below?: readonly string[];
  /** Wherever in the organisation. */
  readonly anywhere?: boolean;
  readonly where?: Fields;
  readonly through?: ThroughRule;
  /** The answer is the first entity in place of a page. */
  readonly single?: boolean;
}

/** Creates an entity where the path is not that of its collection. */
export interface CreateRule {
  readonly as: 'create';
  readonly of: string;
  /** Ids of the entities above; absent: those of the path, or none where the path has too few. */
  readonly below?: readonly string[];
  /** Beside the fields of the request. */
  readonly with?: Fields;
}

/** Reads, changes or deletes an entity where the path is not that of its collection. */
export interface ItemRule {
  readonly as: 'get' | 'update' | 'delete';
  readonly of: string;
  /** Absent: the one whose id is the last placeholder of the path. */
  readonly where?: Fields;
}

/** Changes fields of the entity in the path. */
export interface ChangeRule {
  readonly as: 'change';
  readonly of: string;
  /** Which one, where the path does not lead to it. */
  readonly where?: Fields;
  /** The states in which it may be done. */
  readonly only?: Condition;
  /** Fields, or one placeholder for all of them. */
  readonly set: Fields | string;
  readonly steps?: readonly Step[];
}

/** Answers the entity that creation would make, and keeps nothing. */
export interface PreviewRule {
  readonly as: 'preview';
  readonly of: string;
  readonly steps?: readonly Step[];
  readonly with?: Fields;
}

/** A URL that takes one file, without further credentials. */
export interface UploadRule {
  readonly lifetimeSeconds: number;
  /** Whether the file can be sent only once; otherwise sending it again does no harm, and nothing else. */
  readonly once?: boolean;
  /** Media type that the file must be sent as; it decides how rows are read. */
  readonly type: string;
  /** How many bytes it must have, when that was said before. */
  readonly bytes?: string;
  /** The name that the file is kept under while the sandbox runs. */
  readonly name: string;
  /** A type of the definition that each row must satisfy to be a good one. */
  readonly rowType?: string;
  readonly keeps?: KeepRule;
  readonly makes?: readonly MakeRule[];
  /** With `{{file_rows}}`, the good ones, `{{file_total}}`, `{{file_good}}` and `{{file_bad}}`. */
  readonly steps?: readonly Step[];
  /** When the file cannot be read. */
  readonly otherwise?: readonly Step[];
}

/** Rows that are kept for inspection, the first of each key. */
export interface KeepRule {
  readonly rows: string;
  readonly in: string;
  readonly key?: string;
}

/** Creates the entities that rows refer to and that do not exist yet. */
export interface MakeRule {
  readonly rows: string;
  readonly field: string;
  readonly in: string;
  readonly as: string;
  readonly with?: Fields;
}

/** Rows of a collection that a fixed answer holds, chosen by fields of the request's body or query. */
export interface RowsRule {
  readonly of: string;
  readonly filters?: Readonly<Record<string, FilterRule>>;
  /** Field of the request for the most rows. */
  readonly limit?: string;
}

/** What the entities have that events in the journal are about. */
export interface DescribeRule {
  /** The event that is asked for; all of them when it comes to nothing. */
  readonly event: string;
  /** Type of JSON Schema -> the vendor's word for it. */
  readonly types: Readonly<Record<string, string>>;
}

export interface AnswerRule {
  readonly as: 'answer';
  /** The states in which the entity above must be. */
  readonly only?: Condition;
  readonly body: unknown;
  /** 200 unless said: 202 for what the vendor has only taken, say. */
  readonly status?: number;
  readonly keeps?: KeepRule;
  readonly makes?: readonly MakeRule[];
  readonly steps?: readonly Step[];
  /** Placeholder -> the fields of the journal's events. */
  readonly describes?: Readonly<Record<string, DescribeRule>>;
  /** Placeholder -> a URL for a file; `{{<placeholder>Expires}}` tells until when it works. */
  readonly links?: Readonly<Record<string, LinkRule>>;
  readonly uploads?: Readonly<Record<string, UploadRule>>;
  /** Placeholder -> a list of rows. */
  readonly rows?: Readonly<Record<string, RowsRule>>;
}

export interface SampleRule {
  readonly as: 'sample';
  readonly with?: Fields;
}

/** How a method is played where verb and path do not tell. */
export type BehaviourRule =
  | ListRule
  | CreateRule
  | ItemRule
  | ChangeRule
  | PreviewRule
  | AnswerRule
  | SampleRule;
