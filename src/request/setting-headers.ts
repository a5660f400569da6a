/** Headers made of settings come in; their values go out, as they are sent or as they may be shown. */
import type { Method, ValueSource } from '../definition/connector.ts';
import { fillTemplate, placeholderNames, type Template } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { neededText, settingText } from '../installation/settings.ts';
import { REDACTED } from '../secret.ts';

type Headers = Readonly<Record<string, string>>;
type Templates = NonNullable<Method['settingHeaders']>;

/** RFC 9110 section 5.5, without what only old servers allow: no line break can begin another header. */
const VALUE = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The values by name; a header is left out where an optional setting of it has none. Throws `installation.setup-required`
 * for a required one without a value, `settings.invalid` for a value that no header can carry. Neither quotes the value.
 */
export function settingHeaders(templates: Templates, settings: ResolvedSettings): Headers {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(templates)) {
    const template = templates[name];
    if (template === undefined || isLeftOut(template, settings)) continue;
    const value = fillTemplate(template, (key) => neededText(settings, key));
    if (!VALUE.test(value)) throw unfit(name, template, settings);
    headers[name] = value;
  }
  return headers;
}

const isLeftOut = (template: Template, { connector, values }: ResolvedSettings): boolean =>
  template.some(
    (part) =>
      typeof part !== 'string' &&
      connector.settings[part.name]?.required === false &&
      settingText(values, part.name) === undefined,
  );

function unfit(header: string, template: Template, { connector, values }: ResolvedSettings): FishplateError {
  const message = `holds what the header ${header} cannot carry: line breaks, letters beyond ASCII, or spaces around it`;
  const names = placeholderNames(template);
  const odd = names.filter((name) => !VALUE.test(settingText(values, name) ?? ''));
  const problems = (odd.length > 0 ? odd : names).map((path) => ({
    path,
    message: `${connector.settings[path]?.label ?? path} ${message}`,
  }));
  return new FishplateError('settings.invalid', problems.map((problem) => problem.message).join('; '), {
    problems,
  });
}

/** Headers as they may be shown: where a secret stands in one it is masked, however short or changed it is. */
export function maskedHeaders(
  headers: Headers,
  { settingHeaders: templates }: Pick<Method, 'settingHeaders'>,
  settings: ResolvedSettings,
): Headers {
  if (!templates) return headers;
  const isSecret = (name: string) => settings.connector.settings[name]?.secret === true;
  const masked = Object.entries(templates).flatMap(([name, template]): [string, string][] => {
    // A parameter of the same name may have taken its place.
    if (!Object.hasOwn(headers, name) || !placeholderNames(template).some(isSecret)) return [];
    const whole = template.map((part) => {
      if (typeof part === 'string' || !isSecret(part.name)) return part;
      return REDACTED;
    });
    return [[name, fillTemplate(whole, (key) => settingText(settings.values, key) ?? '')]];
  });
  return { ...headers, ...Object.fromEntries(masked) };
}

/** Where the values come from: of each header, the latest level that gives a part of it. Without those that are left out. */
export function settingHeaderSources(
  { settingHeaders: templates = {} }: Method,
  settings: ResolvedSettings,
): { readonly name: string; readonly in: 'header'; readonly source: ValueSource }[] {
  return Object.entries(templates).flatMap(([name, template]) => {
    if (isLeftOut(template, settings)) return [];
    const sources = placeholderNames(template).map((key) => settings.values[key]?.source);
    const source = latest.find((level) => sources.includes(level)) ?? 'default';
    return [{ name, in: 'header' as const, source }];
  });
}

const latest = ['call', 'account', 'console', 'default'] as const;
