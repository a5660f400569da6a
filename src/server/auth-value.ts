/** The partner API's `AuthValue` comes in, in any of the forms that clients send; setting values go out. */
import { credentialTemplates } from '../definition/auth-settings.ts';
import type { AuthMethod, Connector } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';

type Values = Record<string, string>;
type ReadPaste = (text: string) => { readonly values: Readonly<Record<string, string>> };

/**
 * Reads an `AuthValue`: null, `""` and `"{}"` mean "use what is there". Otherwise
 * - client credentials and Basic: base64 of `id:secret`, JSON with ClientId and ClientSecret, or a paste of what the
 *   vendor's screen shows;
 * - API key and Bearer: the key itself.
 * Throws `settings.paste-unreadable`, and never quotes the value.
 */
export function readAuthValue(
  connector: Connector,
  authId: string,
  given: unknown,
  readPaste: ReadPaste,
): Values {
  const text = (
    typeof given === 'object' && given !== null ? JSON.stringify(given) : String(given ?? '')
  ).trim();
  if (text === '' || text === '{}') return {};
  const auth = connector.auth.find(({ id }) => id === authId) ?? connector.auth[0];
  const names = auth ? credentialSettings(auth) : undefined;
  if (!names) return { ...readPaste(text).values };
  if (names.length === 1)
    return text.startsWith('{') ? { ...readPaste(text).values } : nameAll(names, [text]);
  const pair = pairFromBase64(text) ?? pairFromJson(text);
  return pair ? nameAll(names, pair) : { ...readPaste(text).values };
}

const nameAll = (names: readonly string[], values: readonly string[]): Values =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));

/** The settings that hold the credentials; undefined when the definition composes them of several. */
function credentialSettings(auth: AuthMethod): string[] | undefined {
  const names = credentialTemplates(auth).map(placeholderNames);
  const isPlain = names.length <= 2 && names.every((list) => list.length === 1);
  return isPlain ? names.flat() : undefined;
}

function pairFromBase64(text: string): [string, string] | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const plain = Buffer.from(text, 'base64').toString('utf8');
  // Text that only happens to be of base64's letters decodes to bytes that are no text.
  const colon = plain.indexOf(':');
  return colon > 0 && colon < plain.length - 1 && /^[\x20-\x7e]+$/.test(plain)
    ? [plain.slice(0, colon), plain.slice(colon + 1)]
    : undefined;
}

function pairFromJson(text: string): [string, string] | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  const find = (wanted: string) =>
    Object.entries(value).find(([key]) => key.toLowerCase().replaceAll('_', '') === wanted)?.[1];
  const [id, secret] = [find('clientid'), find('clientsecret')];
  if (typeof id === 'string' && typeof secret === 'string') return [id, secret];
  if (find('accesstoken') !== undefined)
    throw new FishplateError(
      'settings.paste-unreadable',
      'AuthValue holds an access token, but this connector gets its tokens itself',
      { hint: 'Send the credentials instead: JSON with ClientId and ClientSecret, or base64 of id:secret.' },
    );
  return undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
