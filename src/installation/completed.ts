/** Resolved settings come in; the same, complete, go out: worked out once for as long as somebody holds on to them. */
import type { Connector } from '../definition/connector.ts';
import type { ResolvedSettings, SettingsResolution } from './installation.ts';
import { completeSettings } from './settings.ts';

/** Throws like `completeSettings`. */
export type CompleteSettings = (connector: Connector, resolution: SettingsResolution) => ResolvedSettings;

/** `resolution` must always be of the same connector. */
export function createCompleteSettings(): CompleteSettings {
  const known = new WeakMap<SettingsResolution, ResolvedSettings>();
  return (connector, resolution) => {
    let settings = known.get(resolution);
    if (!settings) {
      settings = completeSettings(connector, resolution);
      known.set(resolution, settings);
    }
    return settings;
  };
}
