/** The answer to a connection test comes in; who we are, as the connector reads it, goes out. */
import type { Connector } from '../definition/connector.ts';
import { scrubValue } from '../scrub.ts';
import { createRedaction } from '../secret.ts';
import { valueAt } from './read.ts';

/**
 * Every field that the connector names; null where the answer says nothing of it. It is kept and shown, so the secrets are
 * taken out of it, should the vendor have put them there.
 */
export function readIdentity(
  { test }: Connector,
  body: unknown,
  secrets: readonly string[] = [],
): Record<string, unknown> {
  const clean = createRedaction(secrets);
  return Object.fromEntries(
    Object.entries(test.identity).map(([field, path]) => {
      const value = valueAt(body, path) ?? null;
      return [field, value === null ? null : scrubValue(value, clean)];
    }),
  );
}
