/** An installation with its values comes in, what may be shown of it goes out: no value of a secret. Pure. */
import type { Connector, Setting } from '../definition/connector.ts';
import type { InstallationView, LoadedInstallation, SettingState } from './installation.ts';
import { isNeededBy } from './settings.ts';

export function viewOf({ row, connector, resolution }: LoadedInstallation): InstallationView {
  const settings = settingsFor(connector, row.authId).map((setting): SettingState => {
    const resolved = resolution.values[setting.key];
    return {
      setting,
      set: resolved !== undefined,
      ...(resolved && { source: resolved.source }),
      ...(resolved && !setting.secret && typeof resolved.value === 'string' && { value: resolved.value }),
    };
  });
  return { row, connector, settings, missing: resolution.missing };
}

/** Those that the auth method of an installation can need. */
const settingsFor = ({ auth, settings }: Connector, chosen: string): Setting[] => {
  const authId = auth.find(({ id }) => id === chosen)?.id ?? auth[0]?.id ?? '';
  return Object.values(settings).filter((setting) => isNeededBy(setting, authId));
};
