import type { Connector } from '../src/definition/connector.ts';
import type { Source } from '../src/definition/source.ts';

export interface DocumentedConnector {
  /** From the root of the project, with forward slashes: `connector/acme`. */
  readonly folder: string;
  readonly connector: Connector;
  /** The files it was compiled from. */
  readonly source: Source;
}

/**
 * The pages by their paths from the root of the project: docs/errors.md and, of every connector, README.md and
 * METHODS.md. Throws when a page lacks one of its markers.
 */
export function buildPages(from: {
  readonly errorCatalogue: Readonly<
    Record<string, { readonly category: string; readonly meaning: string; readonly hint: string }>
  >;
  readonly problemCatalogue: Readonly<Record<string, string>>;
  readonly connectors: readonly DocumentedConnector[];
  /** The text of a page as it stands, by its path from the root of the project. */
  readonly readPage: (path: string) => string;
}): ReadonlyMap<string, string>;
