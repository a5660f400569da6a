/** Rules of headers: the settings in them, and the one that carries an idempotency key. */
import type { RawDefaults } from './raw.ts';
import type { Path, PlacedMethod, RuleContext } from './rule-context.ts';
import type { SourceFile } from './source.ts';
import { parseTemplate } from './template.ts';

/** Headers that no setting may have a say in, with what decides them. */
const decided: Readonly<Record<string, readonly string[]>> = {
  'the host of the method decides it': ['host'],
  'auth decides it: add an auth method': ['authorization', 'cookie', 'proxy-authorization'],
  'contentType: { setting: ... } of a method lets a setting choose between media types': ['content-type'],
  'the body decides it': ['content-length', 'content-encoding', 'transfer-encoding'],
  'the connection decides it': ['connection', 'expect', 'keep-alive', 'te', 'trailer', 'upgrade'],
};

const whoDecides = (header: string): string | undefined =>
  Object.entries(decided).find(([, names]) => names.includes(header.toLowerCase()))?.[0];

/** Placeholders in headers stand for settings, which go out as they are, or leave the header out. */
export function checkHeaders(
  { connector, expectTemplate, report }: RuleContext,
  file: SourceFile,
  path: Path,
  headers: RawDefaults['headers'],
): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    // Null takes an inherited header away.
    if (!value?.includes('{{')) continue;
    const place = [...path, 'headers', name];
    const refuse = (message: string, hint: string) =>
      report(file, place, 'definition.bad-template', message, { hint });
    expectTemplate(file, place, value, Object.keys(connector.settings), 'settings');
    const decision = whoDecides(name);
    if (decision !== undefined) refuse(`no setting can stand in the header "${name}"`, decision);
    for (const part of parseTemplate(value).template) {
      if (typeof part === 'string') continue;
      const setting = connector.settings[part.name];
      if (setting?.multiline)
        refuse(`"${part.name}" has several lines, which no header can carry`, 'take multiline away');
      if (setting?.secret && (part.transform === 'lower' || part.transform === 'upper'))
        refuse(
          `the secret "${part.name}" would be sent changed, and not be known again where it must be masked`,
          'let the setting hold what is sent',
        );
    }
  }
}

/** Headers that are made of something else, and cannot carry a key as well. */
const taken = ['authorization', 'content-type', 'content-length', 'accept', 'host', 'cookie', 'user-agent'];

export function checkIdempotencyKey(
  { report }: RuleContext,
  { file, path, method, own }: PlacedMethod,
): void {
  const header = method.idempotencyKey?.header.toLowerCase();
  if (header === undefined) return;
  const inOwn = own.idempotencyKey !== undefined;
  const place = inOwn ? [...path, 'idempotencyKey'] : path;
  if (inOwn && (method.readOnly ?? method.verb === 'GET'))
    report(file, place, 'definition.bad-value', 'a method that changes nothing takes no key', { at: 'key' });
  const others = [
    ...taken,
    ...Object.keys(method.headers ?? {}),
    ...Object.entries(method.parameters ?? {}).flatMap(([name, { in: where }]) =>
      where === 'header' ? [name] : [],
    ),
  ];
  if (others.some((name) => name.toLowerCase() === header))
    report(
      file,
      place,
      'definition.bad-value',
      `the header "${method.idempotencyKey?.header}" is used for something else`,
      { hint: 'the key is put there by itself: take the other one away', at: 'key' },
    );
}
