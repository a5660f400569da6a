import { describe, expect, it } from 'vitest';
import { nextOfLinks } from '../../src/response/link-header.ts';

describe('a Link header', () => {
  it.each([
    '',
    'https://a.example/2; rel="next"',
    '<https://a.example/2>',
    '<https://a.example/2>; rel="last"',
    '<https://a.example/2>; rel="nextish"',
    '<https://a.example/2>; title="rel=next"',
    '<https://a.example/2>; title="a, <b>; rel=next"; rel=prev',
    '<https://a.example/2>; rel=prev; rel=next',
    '<https://a.example/2; rel="next"',
    'nonsense, <https://a.example/2>; rel=next',
  ])('has no next page in %j', (header) => {
    expect(nextOfLinks(header)).toBeUndefined();
  });

  it.each([
    ['<https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/2>;rel=next', 'https://a.example/2'],
    ['<https://a.example/2>; REL="Next"', 'https://a.example/2'],
    ['<https://a.example/2>; rel="start next"', 'https://a.example/2'],
    ['<1>; rel="prev", <3>; rel="next", <9>; rel="last"', '3'],
    ['<1>; rel="prev" ,, <3> ; title="a \\", b" ; rel="next"', '3'],
    ['<https://a.example/?ids=1,2;3&q="x">; rel="next"', 'https://a.example/?ids=1,2;3&q="x"'],
    ['<3>; title; results="true"; rel="next"; foo=bar', '3'],
    [' </x?page=2>; rel=next', '/x?page=2'],
  ])('finds it in %j', (header, target) => {
    expect(nextOfLinks(header)).toBe(target);
  });

  it('is read in no time, however long', () => {
    expect(nextOfLinks(`<a>; x="${'\\"'.repeat(50_000)}`)).toBeUndefined();
    expect(nextOfLinks('<a>; rel=prev, '.repeat(5_000))).toBeUndefined();
  });
});
