/** An installation comes in; the auth method that it uses goes out. */
import type { AuthMethod } from '../definition/connector.ts';
import type { LoadedInstallation } from './installation.ts';

/** The auth method that an installation was made with; the connector's first where a later release has no such one any more. */
export function authOf({ row, connector }: Pick<LoadedInstallation, 'row' | 'connector'>): AuthMethod {
  const auth = connector.auth.find((candidate) => candidate.id === row.authId) ?? connector.auth[0];
  if (!auth) throw new TypeError(`${connector.name} has no auth method`);
  return auth;
}
