/** What the routes are made of: the runtime, access, the schemas and the clock. */
import type { Access } from '../access/access.ts';
import type { Runtime } from '../runtime-contract.ts';
import type { Secret } from '../secret.ts';
import type { SchemaBook } from './schema-book.ts';

/** As much of a pino logger as the server uses. */
export interface ServerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A vendor played beside the API; its screens answer in process or over loopback, the server does not care. */
export interface PlayedSandbox {
  /** Of the connector. */
  readonly name: string;
  readonly title: string;
  /** `path` is below the sandbox's own screens: `service-users/{id}/access-keys`. */
  ask(
    verb: string,
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Where the metrics come from, and who may read them. */
export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
  /** Besides tokens with `metrics:read`: for scrapers that cannot get one. */
  readonly token?: Secret | undefined;
}

export interface Services {
  readonly runtime: Runtime;
  readonly access: Access;
  readonly schemas: SchemaBook;
  readonly logger: ServerLogger;
  /** The vendors that are played beside the API. */
  readonly sandboxes?: readonly PlayedSandbox[];
  /** What `/metrics` tells; without it there is no such path. */
  readonly metrics?: MetricsSource | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
