/** Rules for files come in, URLs of the sandbox go out; later a URL's token comes back and says what it is good for. */
import { isObject } from './dotted.ts';
import { fillFields, fillText, fillValue, type Scope } from './fill.ts';
import { Refusal } from './refusal.ts';
import type { UploadRule } from './script-behaviours.ts';
import type { LinkRule } from './script-collections.ts';

/** Where files lie on each port. */
export const FILES_PREFIX = '/_files/';

interface LinkBase {
  /** Milliseconds since the epoch, on the vendor's clock. */
  readonly expiresAt: number;
  readonly once: boolean;
  readonly scope: Scope;
}

/** What a URL is good for, its placeholders filled. */
export type Link = LinkBase &
  (
    | { readonly kind: 'download'; readonly rule: LinkRule }
    | { readonly kind: 'upload'; readonly rule: UploadRule }
  );

export interface Minted {
  readonly url: string;
  /** ISO 8601. */
  readonly expires: string;
}

export type MintLink = (rule: LinkRule, scope: Scope) => Minted;

/** In memory only: after a restart the URLs are gone, as those of a vendor are after a while. */
export interface Links {
  download: MintLink;
  upload(rule: UploadRule, scope: Scope): Minted;
  /** `now` in milliseconds. Throws the refusals unknownLink and expiredLink. */
  find(token: string, now: number): Link;
  /** Whether this is the first time; a URL that works only once is at its end then. */
  use(token: string): boolean;
}

const MOST_LINKS = 10_000;

/** `{{origin}}` of the scope is where the sandbox is reached. */
export function createLinks(newToken: () => string): Links {
  const links = new Map<string, Link>();
  const used = new Set<string>();

  function forget(token: string): void {
    links.delete(token);
    used.delete(token);
  }

  function mint(link: Link): Minted {
    const token = newToken();
    links.set(token, link);
    const [oldest] = links.keys();
    if (links.size > MOST_LINKS && oldest !== undefined) forget(oldest);
    const origin = String(link.scope.values.origin ?? '');
    return { url: `${origin}${FILES_PREFIX}${token}`, expires: new Date(link.expiresAt).toISOString() };
  }

  return {
    download: (rule, scope) =>
      mint({
        kind: 'download',
        rule: filledDownload(rule, scope),
        scope,
        once: rule.once ?? false,
        expiresAt: endOf(rule, scope),
      }),
    upload: (rule, scope) =>
      mint({
        kind: 'upload',
        rule: filledUpload(rule, scope),
        scope,
        once: rule.once ?? false,
        expiresAt: endOf(rule, scope),
      }),
    find: (token, now) => {
      const link = links.get(token);
      if (!link)
        throw new Refusal('unknownLink', 'There is no file at this URL, or it has been fetched already');
      if (link.expiresAt <= now)
        throw new Refusal('expiredLink', `The URL worked until ${new Date(link.expiresAt).toISOString()}`);
      return link;
    },
    use: (token) => {
      const isFirst = !used.has(token);
      used.add(token);
      if (links.get(token)?.once) forget(token);
      return isFirst;
    },
  };
}

const endOf = ({ lifetimeSeconds }: { readonly lifetimeSeconds: number }, { values }: Scope) =>
  Date.parse(String(values.now)) + lifetimeSeconds * 1000;

function filledDownload(rule: LinkRule, { values }: Scope): LinkRule {
  const below = rule.below?.map((text) => fillText(text, values));
  const where = rule.where && fillFields(rule.where, values);
  const body = fillValue(rule.body, values);
  return {
    lifetimeSeconds: rule.lifetimeSeconds,
    format: fillText(rule.format, values),
    ...(rule.of !== undefined && { of: rule.of }),
    ...(below && { below }),
    ...(isObject(where) && { where }),
    ...(rule.rows !== undefined && { rows: rule.rows }),
    ...(body !== undefined && { body }),
    ...(rule.upload !== undefined && { upload: fillText(rule.upload, values) }),
  };
}

function filledUpload(rule: UploadRule, { values }: Scope): UploadRule {
  return {
    ...rule,
    type: fillText(rule.type, values),
    name: fillText(rule.name, values),
    ...(rule.bytes !== undefined && { bytes: fillText(rule.bytes, values) }),
  };
}
