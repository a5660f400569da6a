/** What the routes are made of: the runtime, access, the schemas and the clock. */
import type { Access } from '../access/access.ts';
import type { Runtime } from '../runtime-contract.ts';
import type { SchemaBook } from './schema-book.ts';

/** As much of a pino logger as the server uses. */
export interface ServerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Services {
  readonly runtime: Runtime;
  readonly access: Access;
  readonly schemas: SchemaBook;
  readonly logger: ServerLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
