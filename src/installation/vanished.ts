/** The row of an installation whose connector is not at hand comes in; what there is to show of it goes out. */
import type { Connector } from '../definition/connector.ts';
import { integerId, nameUuid } from '../definition/ids.ts';
import type { FishplateError } from '../errors.ts';
import type { InstallationRow } from '../store/rows.ts';
import type { LoadedInstallation } from './installation.ts';

const HINT = 'Give its definition again (--connectors), or delete the installation.';

/** To be listed and deleted by; nothing can be called or tested with it. `error` is the `connector.unknown` of looking for it. */
export function vanishedInstallation(row: InstallationRow, error: FishplateError): LoadedInstallation {
  const stateReason = { code: error.code, message: error.message, hint: HINT };
  return {
    row: { ...row, state: 'failing', stateReason },
    connector: standInFor(row),
    resolution: { values: {}, missing: [], problems: [] },
  };
}

/** Of a connector that is none: every real one has a way to authenticate. */
export const isStandIn = ({ auth }: Connector): boolean => auth.length === 0;

const standInFor = ({ connector: name, version }: InstallationRow): Connector => ({
  ...{ id: integerId(name, version), uuid: nameUuid(name), name, title: name, version },
  ...{ status: 'deprecated', description: '', categories: [] },
  ...{ settings: {}, environments: { named: {} }, overrides: {}, auth: [] },
  test: { method: '', arguments: {}, identity: {} },
  ...{ failures: [], limits: {}, lookups: {}, uploads: {}, types: {}, methods: {} },
});
