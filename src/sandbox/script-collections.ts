/** What sandbox.yaml says of a collection, as types: its entities' rules, the fields that follow from others, the courses of jobs. */
import type { Fields, Step } from './script-steps.ts';

/** Field -> the values that it may have for something to hold. */
export type Condition = Readonly<Record<string, readonly unknown[]>>;

/** A field of another entity: of the one in the collection `in` whose id stands in the field `by`. */
export interface Reference {
  readonly by: string;
  readonly in: string;
  readonly field: string;
}

/** How a query parameter filters. Without `in`, `field` is the entity's own. */
export interface FilterRule extends Partial<Reference> {
  /** `from` and `until` include the bound, `after` and `before` do not; `active`: between `field` and `end`. Default: equal. */
  readonly is?: 'equal' | 'from' | 'after' | 'until' | 'before' | 'active';
  /** Another field that may have the value as well. */
  readonly or?: string;
  /** The field where what is `active` ends; an entity without it does not end. */
  readonly end?: string;
  /** The parameter names entities of another collection, by their field `by`: what is wanted is what they have in `field`. */
  readonly named?: Reference & { readonly where?: Fields };
  /** Value of the parameter -> what the field may then be; other values filter nothing. */
  readonly when?: Condition;
  /** The value when the parameter is not given, unless the parameter `unless` is true. */
  readonly default?: string;
  readonly unless?: string;
}

/** The file behind a URL. */
export interface LinkRule {
  readonly lifetimeSeconds: number;
  /** Whether the URL works only once. */
  readonly once?: boolean;
  /** `csv`, `json`, `jsonl`, or one of their media types. */
  readonly format: string;
  /** The collection whose entities are the rows. */
  readonly of?: string;
  /** Ids of the entities above; absent: wherever in the organisation. */
  readonly below?: readonly string[];
  readonly where?: Fields;
  /** Field of each entity that holds the rows, when they are not the entities themselves. */
  readonly rows?: string;
  /** Content that is written here. */
  readonly body?: unknown;
  /** The name under which a file was uploaded that is given back as it came. */
  readonly upload?: string;
}

/** What a field of an entity follows from, each time that the entity is read. */
export type DerivedRule = (
  | Reference
  /** How many entities lie below this one, or how long the array in a field of the only one is. */
  | { readonly count: string; readonly field?: string }
  | { readonly sum: string; readonly field: string }
  | { readonly list: string }
  /** Of the entities below this one the newest, or the one with the greatest value of `by`. */
  | { readonly latest: string; readonly where?: Fields; readonly by?: string }
  /** A URL, and in the field `expires` until when it works. */
  | { readonly link: LinkRule; readonly expires?: string }
) & {
  readonly when?: Condition;
  /** A query parameter that leaves the field out when it is true. */
  readonly unless?: string;
};

/** A state that a job enters by itself: once the time or the number of reads since the state before is reached. */
export interface Stage {
  readonly is: string;
  readonly afterSeconds?: number;
  readonly afterReads?: number;
  readonly steps?: readonly Step[];
  readonly set?: Fields;
}

export interface CourseRule {
  readonly field: string;
  /** Other jobs do not change by themselves. */
  readonly when?: Condition;
  readonly stages: readonly Stage[];
}

/** Rows that are addressed by the values of their key columns and have one version together. */
export interface TableRule {
  /** Field of the answer, and of a request with many rows, that holds the rows. */
  readonly rows: string;
  /** Field of a request with one row. */
  readonly row: string;
  /** Field of the entity above that names the key columns, in their order. */
  readonly keys: string;
  /** Placeholder of paths for the key, and the field that shows it on request. */
  readonly key: string;
  /** Query parameter that names further fields. */
  readonly additional?: string;
  /** Query parameter for the most rows. */
  readonly limit?: string;
}

export interface CollectionRules {
  /** A type of the definition: what entities are, where the paths do not tell or there are none. */
  readonly type?: string;
  /** The field by which paths name its entities, where it is not the vendor's usual one. */
  readonly id?: string;
  /** Where ids are numbers they count up from here. */
  readonly idStart?: number;
  readonly unique?: readonly string[];
  readonly defaults?: Fields;
  readonly seeds?: readonly Fields[];
  readonly filters?: Readonly<Record<string, FilterRule | null>>;
  /** Groups of query parameters of which a list takes one at most. */
  readonly exclusive?: readonly (readonly string[])[];
  readonly order?: { readonly by?: string; readonly parameter?: string };
  readonly derived?: Readonly<Record<string, DerivedRule>>;
  /** Groups of fields of which an entity has exactly one. */
  readonly exactlyOne?: readonly (readonly string[])[];
  /** Entities that can be neither updated nor deleted. */
  readonly fixed?: Condition;
  /** How many entities may be in certain states at once. */
  readonly atOnce?: { readonly maximum: number; readonly when: Condition };
  readonly course?: CourseRule;
  readonly table?: TableRule;
}
