/** A new key comes in, the texts a vendor's popup offers for copying go out. They hold the secret in clear. */
import { fillText } from './fill.ts';
import type { AccessKeyRules } from './script.ts';

export interface CopyForms {
  /** `NAME=value` lines. */
  readonly environment: string;
  /** A JSON block. */
  readonly json: string;
  /** Label -> value. */
  readonly values: Readonly<Record<string, string>>;
}

interface ShownKey {
  readonly organisationId: string;
  readonly accessKeyId: string;
  readonly apiSecret: string;
}

/** Writes a key in the vendor's forms; the names are those of sandbox.yaml. */
export function createCopyForms(rules: AccessKeyRules['copy'], key: ShownKey): CopyForms {
  const fill = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fillText(text, { ...key })]));
  const environment = Object.entries(fill(rules.environment)).map(([name, value]) => `${name}=${value}`);
  return {
    environment: environment.join('\n'),
    json: JSON.stringify(fill(rules.json), null, 2),
    values: fill(rules.values),
  };
}
