/** What a request says of who makes it comes in; the access key it names, and knows the secret of, goes out. */
import type { Connector } from '../definition/connector.ts';
import type { Template } from '../definition/template.ts';
import type { SandboxAccess } from './access.ts';
import type { AccessKey } from './access-keys.ts';

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

export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/**
 * The key: by its id, where something that is no secret is given beside the secret and names one, else by the secret alone.
 */
export function keyOf({ settings }: Connector, access: SandboxAccess, given: Given): AccessKey | undefined {
  const entries = Object.entries(given);
  const secrets = entries.flatMap(([name, text]) => (settings[name]?.secret ? [text] : []));
  const [secret] = secrets.length > 0 ? secrets : entries.map(([, text]) => text);
  if (secret === undefined) return undefined;
  const others = entries.filter(([name]) => secrets.length > 0 && !settings[name]?.secret);
  if (others.length === 0) return access.keyBySecret(secret);
  return others
    .map(([, id]) => (access.secretMatches(id, secret) ? access.keyById(id) : undefined))
    .find(Boolean);
}
