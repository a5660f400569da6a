import { describe, expect, it } from 'vitest';
import {
  fillTemplate,
  formatTemplate,
  parseTemplate,
  pathSegment,
  placeholderNames,
  type Template,
} from '../../src/definition/template.ts';
import { FishplateError } from '../../src/errors.ts';

const parsed = (text: string): Template => {
  const { template, problems } = parseTemplate(text);
  expect(problems).toEqual([]);
  return template;
};

describe('a text with placeholders', () => {
  it.each<[string, string, number]>([
    ['a {{name', 'definition.bad-template', 2],
    ['{{}}', 'definition.bad-template', 0],
    ['x{{ }}', 'definition.bad-template', 1],
    ['{{1st}}', 'definition.bad-template', 0],
    ['{{a.b}}', 'definition.bad-template', 0],
    ['{{a-b}}', 'definition.bad-template', 0],
    ['{{a b}}', 'definition.bad-template', 0],
    ['{{__proto__}}', 'definition.bad-template', 0],
    ['{{{a}}}', 'definition.bad-template', 0],
    ['{{a | }}', 'definition.bad-template', 0],
    ['{{a | lower | trim}}', 'definition.bad-template', 0],
    ['{{a | rot13}}', 'definition.unknown-transform', 0],
    ['{{a | constructor}}', 'definition.unknown-transform', 0],
    ['{{a | toString}}', 'definition.unknown-transform', 0],
  ])('is refused: %s', (text, code, offset) => {
    expect(parseTemplate(text).problems).toMatchObject([{ code, offset }]);
  });

  it('has all its problems told, and what can be read is read all the same', () => {
    const { template, problems } = parseTemplate('{{good}} {{!}} {{x|y}} {{end');
    expect(problems.map(({ offset }) => offset)).toEqual([9, 15, 23]);
    expect(placeholderNames(template)).toEqual(['good']);
  });

  it.each<[string, Template]>([
    ['', []],
    ['plain', ['plain']],
    ['{{a}}', [{ name: 'a' }]],
    ['{{ a }}{{b|lower}}', [{ name: 'a' }, { name: 'b', transform: 'lower' }]],
    ['x/{{a  |  base64}}/y', ['x/', { name: 'a', transform: 'base64' }, '/y']],
    ['a }} b { c', ['a }} b { c']],
  ])('%j comes apart into texts and placeholders', (text, template) => {
    expect(parsed(text)).toEqual(template);
  });

  it('can be kept as JSON and written out again', () => {
    const text = 'https://{{host | lower}}/{{path}}/x';
    const kept = JSON.parse(JSON.stringify(parsed(text))) as Template;
    expect(formatTemplate(kept)).toBe(text);
    expect(formatTemplate(kept, (name) => `<${name}>`)).toBe('https://<host | lower>/<path>/x');
  });
});

describe('filling a template', () => {
  it('refuses a name without a value rather than writing "undefined"', () => {
    expect(() => fillTemplate(parsed('/{{a}}/{{b}}'), (name) => (name === 'a' ? '1' : undefined))).toThrow(
      '{{b}}',
    );
  });

  it('transforms first, escapes then, and leaves the literal parts alone', () => {
    const template = parsed('/a b/{{x | upper}}/{{y | trim}}/{{z | base64}}/{{w | lower}}');
    const values: Record<string, string> = { x: 'é/', y: ' y ', z: '>>>', w: 'ÀB' };
    expect(fillTemplate(template, (name) => values[name], encodeURIComponent)).toBe(
      `/a b/${encodeURIComponent('É/')}/y/Pj4%2B/${encodeURIComponent('àb')}`,
    );
  });

  it('tells the escape whose value it is', () => {
    const seen: string[] = [];
    fillTemplate(
      parsed('{{a}}{{b}}'),
      (name) => name.toUpperCase(),
      (value, name) => {
        seen.push(`${name}=${value}`);
        return value;
      },
    );
    expect(seen).toEqual(['a=A', 'b=B']);
  });

  it('does not read a value as a template', () => {
    expect(fillTemplate(parsed('{{a}}'), (name) => (name === 'a' ? '{{b}}$&' : 'leaked'))).toBe('{{b}}$&');
  });
});

describe('a path segment', () => {
  it.each([
    ['', 'is empty'],
    ['.', '"."'],
    ['..', '".."'],
    ['a\ud800', 'unpaired surrogate'],
  ])('cannot be %j', (value, reason) => {
    const refuse = () => pathSegment(value, 'id');
    expect(refuse).toThrow(FishplateError);
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'arguments.invalid',
        message: expect.stringContaining(reason),
        problems: [{ path: 'id', message: expect.stringContaining(reason) }],
      }),
    );
  });

  it.each([
    '../../etc/passwd',
    '%2e%2e',
    '%2E%2E%2F',
    'a/b',
    'a\\b',
    '..%00',
    'x?y=1#z',
    'a;b=c',
    '...',
    '. .',
    '\r\nHost: evil',
    'user@evil.example',
    'é\u{1F511}日本',
    '\'"`$(id)',
    ' ',
  ])('keeps %j within one segment of the same URL', (value) => {
    const url = new URL(`https://api.example/things/${pathSegment(value)}/end`);
    expect(url.host).toBe('api.example');
    expect(url.search + url.hash).toBe('');
    const segments = url.pathname.split('/');
    expect(segments).toHaveLength(4);
    expect(decodeURIComponent(segments[2] ?? '')).toBe(value);
  });
});
