/** What forms give and take. */

/** An object of named values. */
export type FormData = Record<string, unknown>;
