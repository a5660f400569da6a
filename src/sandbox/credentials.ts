/** What a request says of who makes it comes in; the access key it names, and knows the secret of, goes out. */
import { credentialTemplates } from '../definition/auth-settings.ts';
import type { AuthMethod, Connector, Setting } from '../definition/connector.ts';
import { placeholderNames, type Template } from '../definition/template.ts';
import type { SandboxAccess } from './access.ts';
import type { AccessKey, SecretForm } from './access-keys.ts';
import { fillText } from './fill.ts';
import { Refusal } from './refusal.ts';
import { type AccessKeyRules, accessKeyRulesOf, type SandboxScript } from './script.ts';

/** Setting -> the text that stands for it in a request. */
export type Given = Readonly<Record<string, string>>;

/** Undoes a template: the text of each placeholder; undefined when the text is not of its form. */
export function unfill(template: Template, text: string): Given | undefined {
  const names: string[] = [];
  const source = template.map((part, index) => {
    if (typeof part === 'string') return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(part.name);
    return index === template.length - 1 ? '(.+)' : '(.+?)';
  });
  const match = new RegExp(`^${source.join('')}$`, 's').exec(text);
  if (!match) return undefined;
  const placeholders = template.flatMap((part) => (typeof part === 'string' ? [] : [part]));
  return Object.fromEntries(
    placeholders.map(({ name, transform }, index) => {
      const found = match[index + 1] ?? '';
      return [name, transform === 'base64' ? fromBase64(found) : found];
    }),
  );
}

/** Undoes several; undefined when one is not of its form, or two say different things of one setting. */
export function unfillAll(sent: readonly (readonly [Template, string])[]): Given | undefined {
  const all: Record<string, string> = {};
  for (const [template, text] of sent) {
    const found = unfill(template, text);
    if (!found) return undefined;
    for (const [name, value] of Object.entries(found)) {
      if (all[name] !== undefined && all[name] !== value) return undefined;
      all[name] = value;
    }
  }
  return all;
}

export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/**
 * What a setting of a connector's credentials holds: the key's id, its secret, its organisation, what the script says,
 * or something that the vendor takes as it comes: an address, say.
 */
export type Holds = 'id' | 'secret' | 'organisation' | 'said' | 'anything';

/** By setting, in the order in which people name them. */
export function heldBy(connector: Connector, script: SandboxScript, auth: AuthMethod): Map<string, Holds> {
  const { organisationSetting } = script;
  const rules = accessKeyRulesOf(script);
  const names = [...new Set(credentialTemplates(auth).flatMap(placeholderNames))];
  const own = names.filter((name) => name !== organisationSetting);
  const isSecret = (name: string) => connector.settings[name]?.secret === true;
  const secrets = own.some(isSecret) ? own.filter(isSecret) : own.slice(-1);
  return new Map(
    names.map((name) => {
      if (name === organisationSetting) return [name, 'organisation'];
      if (rules.settings[name] !== undefined) return [name, 'said'];
      if (secrets.includes(name)) return [name, 'secret'];
      return [name, takesIds(connector.settings[name], rules) ? 'id' : 'anything'];
    }),
  );
}

/** Neither e-mail addresses nor what has another form than the vendor's ids. */
function takesIds(setting: Setting | undefined, { idPrefix, idLength }: AccessKeyRules): boolean {
  if (!setting || setting.choices || /e-?mail$/i.test(setting.key)) return false;
  const id = idPrefix.padEnd(idLength, 'A');
  return (
    id.length <= setting.maxLength &&
    (setting.pattern === undefined || new RegExp(setting.pattern, 'u').test(id))
  );
}

/** What the settings ask of the vendor's secrets. Who signs has a private key in place of one. */
export const secretForms = (connector: Connector, script: SandboxScript): SecretForm[] =>
  connector.auth
    .filter((auth) => auth.kind !== 'client-credentials' || auth.credentials !== 'private_key_jwt')
    .flatMap((auth) => [...heldBy(connector, script, auth)])
    .flatMap(([name, holds]) => {
      const setting = holds === 'secret' ? connector.settings[name] : undefined;
      return setting ? [{ pattern: setting.pattern, maxLength: setting.maxLength }] : [];
    });

/** Finds keys. A refusal where the credentials are good, but not for this organisation. */
export type KeyOf = (auth: AuthMethod, given: Given | undefined) => AccessKey | Refusal | undefined;

/** A key is found by its secret, and whatever else was sent has to be that key's too. */
export function createKeyOf(connector: Connector, script: SandboxScript, access: SandboxAccess): KeyOf {
  const { settings } = accessKeyRulesOf(script);
  const held = new Map(connector.auth.map((auth) => [auth.id, heldBy(connector, script, auth)]));

  function fits(key: AccessKey, holds: Holds | undefined, name: string, text: string): boolean {
    if (holds === 'secret') return access.secretMatches(key.id, text);
    if (holds === 'id') return text === key.id;
    if (holds !== 'said') return true;
    const organisationId = access.findServiceUser(key.serviceUserId)?.organisationId;
    return text === fillText(settings[name] ?? '', { accessKeyId: key.id, organisationId });
  }

  return (auth, given = {}) => {
    const own = held.get(auth.id);
    const texts = Object.entries(given);
    const [secret] = texts.filter(([name]) => own?.get(name) === 'secret').map(([, text]) => text);
    const key = secret === undefined ? undefined : access.keyBySecret(secret);
    if (!key || !texts.every(([name, text]) => fits(key, own?.get(name), name, text))) return undefined;
    const organisation = texts.find(([name]) => own?.get(name) === 'organisation')?.[1];
    const owner = access.findServiceUser(key.serviceUserId);
    if (organisation === undefined || !owner || owner.organisationId === organisation) return key;
    return new Refusal('wrongOrganisation', `Forbidden: no access to the organization ${organisation}`);
  };
}
