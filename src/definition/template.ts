/** Text with placeholders: `{{name}}` or `{{name | transform}}` comes in, a list of parts goes out, once, at load. */
import { FishplateError } from '../errors.ts';

/** What may follow the bar in a placeholder. */
export const transforms = {
  base64: (text: string) => Buffer.from(text).toString('base64'),
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  trim: (text: string) => text.trim(),
} as const satisfies Record<string, (text: string) => string>;

export type Transform = keyof typeof transforms;

export interface Placeholder {
  readonly name: string;
  readonly transform?: Transform;
}

/** Literal texts and placeholders in order; plain data, so that a compiled connector can be kept as JSON. */
export type Template = readonly (string | Placeholder)[];

export interface TemplateProblem {
  readonly code: 'definition.bad-template' | 'definition.unknown-transform';
  readonly message: string;
  /** Offset of the offending `{{` in the text. */
  readonly offset: number;
}

const PLACEHOLDER = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*(?:\|\s*([A-Za-z0-9]+)\s*)?$/;

/** Splits a text at its placeholders. Every problem is reported, and what can be read is returned all the same. */
export function parseTemplate(text: string): { template: Template; problems: TemplateProblem[] } {
  const template: (string | Placeholder)[] = [];
  const problems: TemplateProblem[] = [];
  let rest = 0;
  while (rest < text.length) {
    const open = text.indexOf('{{', rest);
    if (open === -1) break;
    const close = text.indexOf('}}', open);
    if (close === -1) {
      problems.push({
        code: 'definition.bad-template',
        message: 'a placeholder is opened with {{ but never closed',
        offset: open,
      });
      break;
    }
    if (open > rest) template.push(text.slice(rest, open));
    const match = PLACEHOLDER.exec(text.slice(open + 2, close));
    const [, name, transform] = match ?? [];
    if (name === undefined) {
      problems.push({
        code: 'definition.bad-template',
        message: `"${text.slice(open, close + 2)}" is not a placeholder: write {{name}} or {{name | transform}}`,
        offset: open,
      });
    } else if (transform !== undefined && !Object.hasOwn(transforms, transform)) {
      problems.push({
        code: 'definition.unknown-transform',
        message: `there is no transform "${transform}" (there are ${Object.keys(transforms).join(', ')})`,
        offset: open,
      });
    } else {
      template.push(transform === undefined ? { name } : { name, transform: transform as Transform });
    }
    rest = close + 2;
  }
  if (rest < text.length) template.push(text.slice(rest));
  return { template, problems };
}

/** The names a template asks for, in order of appearance. */
export function placeholderNames(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
}

/**
 * Fills a template. `escapeValue` fits the place where the text lands (path segment, header, ...) and is applied to the
 * values only. Names without a value must not occur any more: the rules and the argument check see to that.
 */
export function fillTemplate(
  template: Template,
  lookUp: (name: string) => string | undefined,
  escapeValue: (value: string, name: string) => string = (value) => value,
): string {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = lookUp(part.name);
    if (value === undefined) throw new TypeError(`no value for the placeholder {{${part.name}}}`);
    text += escapeValue(part.transform ? transforms[part.transform](value) : value, part.name);
  }
  return text;
}

/**
 * Escapes a value for one path segment. Slashes, percent signs and everything else special stay inside the segment.
 * Nothing, `.` and `..` have no escaped form that URL parsers leave alone, so they are refused, as is half a surrogate
 * pair: `arguments.invalid`, naming the placeholder.
 */
export function pathSegment(value: string, name = ''): string {
  const fault =
    value === ''
      ? 'is empty and cannot stand in a path'
      : value === '.' || value === '..'
        ? `cannot be "${value}" in a path`
        : LONE_SURROGATE.test(value)
          ? 'holds half a character (an unpaired surrogate)'
          : undefined;
  if (fault !== undefined)
    throw new FishplateError('arguments.invalid', `${name} ${fault}`.trim(), {
      problems: [{ path: name, message: fault }],
    });
  return encodeURIComponent(value);
}

/** Escapes a value for several path segments: its slashes stay. Throws as `pathSegment` does, for each of them. */
export const pathSegments = (value: string, name = ''): string =>
  value
    .split('/')
    .map((segment) => pathSegment(segment, name))
    .join('/');

/** Half of a UTF-16 pair: it has no UTF-8 form, so no URL can carry it. */
export const LONE_SURROGATE = /\p{Surrogate}/u;

/** The template as it was written. */
export function formatTemplate(
  template: Template,
  name: (placeholder: string) => string = (text) => `{{${text}}}`,
): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part;
      return name(part.transform ? `${part.name} | ${part.transform}` : part.name);
    })
    .join('');
}
