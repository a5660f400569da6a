/** Credentials come in, their fingerprint goes out: worked out once for as long as somebody holds on to the settings. */
import type { TokenAuth } from '../definition/connector.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { exchangeFingerprint } from './token-request.ts';

/** See `exchangeFingerprint`. */
export type FingerprintOf = (auth: TokenAuth, settings: ResolvedSettings) => string;

export function createFingerprints(): FingerprintOf {
  const known = new WeakMap<ResolvedSettings, { readonly auth: TokenAuth; readonly text: string }>();
  return (auth, settings) => {
    const last = known.get(settings);
    if (last?.auth === auth) return last.text;
    const text = exchangeFingerprint(auth, settings);
    known.set(settings, { auth, text });
    return text;
  };
}
