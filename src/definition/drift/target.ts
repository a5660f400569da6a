/** A connector and a method come in; where its request goes, as an OpenAPI document writes it, goes out. */
import type { Connector, Method } from '../connector.ts';
import type { Template } from '../template.ts';

/** A template as a document writes it: `{name}`, where a setting has the vendor's name for it. */
export const documentPath = (connector: Connector, template: Template): string =>
  template
    .map((part) => (typeof part === 'string' ? part : `{${vendorNameOf(connector, part.name)}}`))
    .join('');

/** What the vendor calls a setting; the name itself when it is none or has no other. */
const vendorNameOf = (connector: Connector, name: string): string =>
  (Object.hasOwn(connector.settings, name) ? connector.settings[name]?.vendorName : undefined) ?? name;

/**
 * The base URL of a method's host in the environment that is the default, with settings that have no default as `{name}`.
 */
export function baseUrlOf(connector: Connector, { host }: Method): string {
  const { environments, settings } = connector;
  const chosen = environments.named[settings[environments.setting ?? '']?.default ?? ''];
  const environment = chosen ?? Object.values(environments.named)[0];
  const template = environment?.hosts[host] ?? [];
  return template
    .map((part) =>
      typeof part === 'string'
        ? part
        : (settings[part.name]?.default ?? `{${vendorNameOf(connector, part.name)}}`),
    )
    .join('');
}

/** The path of a URL, absolute or not, without a slash at its end. */
export const pathnameOf = (url: string): string =>
  (/^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/[^/?#]*)?([^?#]*)/i.exec(url)?.[1] ?? '').replace(/\/+$/, '');
