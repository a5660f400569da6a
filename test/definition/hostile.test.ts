import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../src/definition/load.ts';
import { createPatternJudge } from '../../src/definition/patterns.ts';
import { codeFrame, type Problem, problemCatalogue } from '../../src/definition/problem.ts';
import { readPackageSchema } from '../../src/schema.ts';
import { flattenSchema } from '../../src/server/fields.ts';
import { apiNouns } from '../../src/server/schema-nouns.ts';
import { withOverlay } from '../helpers/overlay.ts';
import { makeTempFolder } from '../store/temp-folder.ts';

/** The problems of the fixture `acme` after `change` has been at its folder. */
const problemsAfter = (change: (folder: string) => void): Promise<readonly Problem[]> =>
  withOverlay(['acme'], async (folder) => {
    change(folder);
    const result = await loadConnector(folder);
    return 'problems' in result ? result.problems : [];
  });
const codesAfter = async (change: (folder: string) => void) =>
  (await problemsAfter(change)).map(({ file, code }) => `${file} ${code}`);

const withFile = (path: string, text: string) => (folder: string) => writeFileSync(join(folder, path), text);
const edited = (path: string, edit: (text: string) => string) => (folder: string) =>
  writeFileSync(join(folder, path), edit(readFileSync(join(folder, path), 'utf8')));

describe('a folder is refused', () => {
  it('whose files are links to what lies outside of it, and none of that is shown', async () => {
    const outside = join(makeTempFolder(), 'outside.yaml');
    writeFileSync(outside, 'password: hunter2-of-this-machine\n');
    for (const path of ['methods/extra.yaml', 'types/extra.yaml', 'sandbox.yaml', 'icon.svg']) {
      const problems = await problemsAfter((folder) => symlinkSync(outside, join(folder, path)));
      expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
        `${path} definition.foreign-file`,
      ]);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
    const problems = await codesAfter((folder) => {
      rmSync(join(folder, 'connector.yaml'));
      symlinkSync(outside, join(folder, 'connector.yaml'));
    });
    expect(problems).toEqual(['connector.yaml definition.foreign-file']);
  });

  it('whose folder of methods is a link to another one', async () => {
    const outside = makeTempFolder();
    writeFileSync(join(outside, 'passwords.yaml'), 'password: hunter2\n');
    const problems = await codesAfter((folder) => {
      rmSync(join(folder, 'methods'), { recursive: true });
      symlinkSync(outside, join(folder, 'methods'));
    });
    expect(problems).toEqual(['methods/passwords.yaml definition.foreign-file']);
  });

  it('whose files are no files: a pipe that never ends, a link to itself, a folder', async () => {
    expect(
      await codesAfter((folder) => {
        expect(spawnSync('mkfifo', [join(folder, 'types/pipe.yaml')]).status).toBe(0);
        symlinkSync('loop.yaml', join(folder, 'types/loop.yaml'));
        mkdirSync(join(folder, 'types/folder.yaml'));
      }),
    ).toEqual(['folder', 'loop', 'pipe'].map((name) => `types/${name}.yaml definition.foreign-file`));
  });

  it('with a file that is too large, before it is read', async () => {
    const big = (bytes: number) => (folder: string) => {
      writeFileSync(join(folder, 'types/big.yaml'), '');
      truncateSync(join(folder, 'types/big.yaml'), bytes);
    };
    const [problem, ...others] = await problemsAfter(big(20 * 1024 ** 3));
    expect(problem).toMatchObject({ code: 'definition.too-large', file: 'types/big.yaml' });
    expect(problem?.message).toContain('5242880 are allowed');
    expect(others).toEqual([]);
  });

  it('with too many files, or too much in them all together', async () => {
    const many = (count: number, bytes: number) => (folder: string) => {
      for (let number = 0; number < count; number++) {
        writeFileSync(join(folder, `types/t${number}.yaml`), '# nothing\n');
        truncateSync(join(folder, `types/t${number}.yaml`), bytes);
      }
    };
    expect(await codesAfter(many(1_001, 0))).toContainEqual(expect.stringContaining('definition.too-large'));
    expect(await codesAfter(many(5, 5_000_000))).toContainEqual(
      expect.stringContaining('definition.too-large'),
    );
  });

  it('but not for a link that stays inside', async () => {
    expect(
      await codesAfter((folder) => {
        mkdirSync(join(folder, 'shared'));
        writeFileSync(join(folder, 'shared/more.yaml'), 'More: { type: object }\n');
        symlinkSync('../shared/more.yaml', join(folder, 'types/more.yaml'));
      }),
    ).toEqual([]);
  });
});

describe('a file is refused', () => {
  it('that doubles itself by aliases, in no time', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
    const codes = await codesAfter(withFile('types/bomb.yaml', `a0: &a0 [lol]\n${lines.join('\n')}\n`));
    expect(new Set(codes)).toEqual(new Set(['types/bomb.yaml definition.alias']));
    expect(codes.length).toBeLessThanOrEqual(100);
  });

  it('with a thousand mistakes by the first hundred of them', async () => {
    const codes = await codesAfter(withFile('types/bad.yaml', `A: [${'*x, '.repeat(20_000)}]\n`));
    expect(codes.length).toBeLessThanOrEqual(100);
    const faulty = Array.from({ length: 5_000 }, (_, n) => `T${n}: { typ: string }`).join('\n');
    expect((await codesAfter(withFile('types/bad.yaml', faulty))).length).toBeLessThanOrEqual(100);
    const dangling = Array.from({ length: 5_000 }, (_, n) => `T${n}: { $ref: '#/types/X${n}' }`).join('\n');
    expect((await codesAfter(withFile('types/bad.yaml', dangling))).length).toBeLessThanOrEqual(1_000);
  });

  it.each([
    ['flow lists', `A: ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['flow mappings', `A: ${'{a: '.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['block lists', `A:\n${Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n)}- `).join('\n')}`],
    ['lists on one line', `A:\n  ${'- '.repeat(50_000)}x`],
    ['mappings as keys', `${'? '.repeat(50_000)}x`],
  ])('whose %s are nested too deeply', async (_, text) => {
    const codes = await codesAfter(withFile('types/deep.yaml', text));
    expect(codes).toEqual(['types/deep.yaml definition.yaml-syntax']);
  });

  it.each([
    '__proto__: { polluted: true }',
    '"\\x5f_proto__": { polluted: true }',
    'A: { properties: { __proto__: { type: object } } }',
    'A: { enum: [{ constructor: { prototype: { polluted: true } } }] }',
    'A: { default: { prototype: 1 } }',
    '? __proto__\n: { polluted: true }',
    '!!str __proto__: { polluted: true }',
  ])('with a key that JavaScript gives a meaning of its own: %s', async (text) => {
    const codes = await codesAfter(withFile('types/keys.yaml', text));
    expect(codes).toContain('types/keys.yaml definition.forbidden-key');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'with %s for the name of a setting, method or parameter',
    async (name) => {
      const setting = `  ${name}: { label: L, description: D., level: account }\n`;
      const method = `  ${name}: { name: N, description: D., verb: GET, path: /x }\n`;
      const parameter = `methods:\n  odd:\n    name: Odd\n    description: Odd.\n    verb: GET\n    path: /odd\n    parameters: { ${name}: { description: P., type: string } }\n`;
      for (const change of [
        edited('connector.yaml', (text) => text.replace(/^settings:\n/m, `settings:\n${setting}`)),
        edited('methods/things.yaml', (text) => text.replace(/^methods:\n/m, `methods:\n${method}`)),
        edited('methods/things.yaml', (text) => text.replace(/^methods:\n/m, parameter)),
      ])
        expect(await codesAfter(change)).toContainEqual(expect.stringContaining('definition.forbidden-key'));
    },
  );

  it('with a list or mapping for a key', async () => {
    expect(await codesAfter(withFile('types/keys.yaml', '? [__proto__]\n: { a: 1 }\n'))).toEqual([
      'types/keys.yaml definition.yaml-syntax',
    ]);
  });

  it.each(['!!js/function "x"', '!!binary aGk=', '!!set { a }', '!include /etc/passwd'])(
    'with the tag %s',
    async (tag) => {
      expect(await codesAfter(withFile('types/tag.yaml', `A: { default: ${tag} }`))).toContain(
        'types/tag.yaml definition.yaml-syntax',
      );
    },
  );

  it('showing no more than the surroundings of a mistake in a line of a megabyte', async () => {
    const [problem] = await problemsAfter(
      withFile('types/long.yaml', `A: { description: "${'x'.repeat(1_000_000)}", typ: string }`),
    );
    expect(problem?.code).toBe('definition.unknown-key');
    expect(problem?.frame?.length).toBeLessThan(1_000);
    expect(problem?.frame).toContain('typ: string');
  });
});

describe('types are refused', () => {
  it('that are each other, in a circle of any length', async () => {
    expect(await codesAfter(withFile('types/self.yaml', `A: { $ref: '#/types/A' }`))).toEqual([
      'types/self.yaml definition.endless-ref',
    ]);
    const ring = Array.from({ length: 1_000 }, (_, n) => `T${n}: { $ref: '#/types/T${(n + 1) % 1_000}' }`);
    expect(await codesAfter(withFile('types/ring.yaml', ring.join('\n')))).toContain(
      'types/ring.yaml definition.endless-ref',
    );
    const negated = `A: { not: { anyOf: [{ $ref: '#/types/B' }] } }\nB: { oneOf: [{ $ref: '#/types/A' }] }`;
    expect(await codesAfter(withFile('types/not.yaml', negated))).toEqual([
      'types/not.yaml definition.endless-ref',
    ]);
  });

  it('that come to a million schemas for one value', async () => {
    const doubling = Array.from(
      { length: 40 },
      (_, n) => `T${n}: { allOf: [{ $ref: '#/types/T${n + 1}' }, { $ref: '#/types/T${n + 1}' }] }`,
    );
    const codes = await codesAfter(
      withFile('types/bomb.yaml', [...doubling, 'T40: { type: string }'].join('\n')),
    );
    expect(codes).toEqual(expect.arrayContaining(['types/bomb.yaml definition.endless-ref']));
  });

  it('but not for a circle that goes through a property or an item', async () => {
    const tree = `Tree: { properties: { left: { $ref: '#/types/Tree' }, rest: { type: array, items: { $ref: '#/types/Tree' } } } }`;
    expect(await codesAfter(withFile('types/tree.yaml', tree))).toEqual([]);
  });

  it('nor for fields without number, of which ten thousand are shown', () => {
    const pair = (n: number) => ({
      properties: { a: { $ref: `#/types/T${n}` }, b: { $ref: `#/types/T${n}` } },
    });
    const types = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`T${n}`, pair(n + 1)]));
    const fields = flattenSchema({ $ref: '#/types/T0' }, { ...types, T60: { type: 'string' } });
    expect(fields).toHaveLength(10_000);
  });
});

describe('a pattern is refused', () => {
  const judge = createPatternJudge();
  it.each([
    '(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}[a-z]{2,3}$',
    '^\\d+\\d+$',
    '\\s+$',
    '^(?:a{1,10}){1,10}$',
    '(((((((((a?){9}){9}){9}){9}){9}){9}){9}))',
    '^(?=(a+)+$)b',
    '^(?!(a+)+$)b',
    '(?<=(a+)+)c',
    '(?<!(a+)+)c',
    '(?<year>a+)+$',
    '^(a)(\\1)*\\1*$',
    '[^]{0,900}'.repeat(50),
    'x'.repeat(1_001),
  ])('that could run for ever, or cannot be judged: %s', (pattern) => {
    expect(judge(pattern)).toMatchObject({ code: 'definition.unsafe-pattern' });
  });

  it.each(['[', '(?<', '\\p{Cntrl}', '*'])('that is none: %s', (pattern) => {
    expect(judge(pattern)).toMatchObject({ code: 'definition.bad-schema' });
  });

  it.each([
    '^[a-z]+$',
    '^[^@\\s]+@[^@\\s]+$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$',
    '^[\\p{L}_$][\\p{L}_$0-9]*$',
    '^[\\w-]+(?:\\.[\\w-]+)*$',
    '^\\(\\?<=[(?<]+$',
    '^(?:HOUR|DAY|MINUTE)$',
  ])('but not a plain one: %s', (pattern) => {
    expect(judge(pattern)).toBeUndefined();
  });

  it('in the place where it stands in settings, parameters, bodies, types and names of properties', async () => {
    const bad = "'^(a+)+$'";
    const method = (part: string) =>
      edited('methods/things.yaml', (text) =>
        text.replace(
          /^methods:\n/m,
          // As a function: in a text, $' would stand for what comes after.
          () =>
            `methods:\n  odd:\n    name: Odd\n    description: Odd.\n    verb: POST\n    path: /odd\n    ${part}\n`,
        ),
      );
    for (const change of [
      method(`parameters: { x: { description: X., type: string, pattern: ${bad} } }`),
      method(`body: { properties: { a: { items: { pattern: ${bad} } } } }`),
      method(`response: { anyOf: [{ pattern: ${bad} }] }`),
      withFile('types/bad.yaml', `A: { additionalProperties: { not: { pattern: ${bad} } } }`),
    ]) {
      const problems = await problemsAfter(change);
      expect(problems.map(({ code }) => code)).toEqual(['definition.unsafe-pattern']);
      expect(problems[0]?.frame).toContain(bad);
    }
  });

  it('in a time that is bounded, however many there are', () => {
    let now = 0;
    // A clock on which every judgement takes a second.
    const slow = createPatternJudge(() => (now += 500));
    const found = Array.from({ length: 50 }, (_, n) => slow(`^a{${n + 1}}$`));
    expect(found[0]).toBeUndefined();
    expect(found.at(-1)?.message).toContain('behind too many others');
  });

  it('never in our own schemas, which judge what strangers send', () => {
    const patterns = new Set<string>();
    const walk = (value: unknown, key = ''): void => {
      if (typeof value === 'string' && key === 'pattern') patterns.add(value);
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (key === 'patternProperties') patterns.add(name);
        walk(inner, name);
      }
    };
    for (const noun of apiNouns) walk(readPackageSchema(`${noun}.schema.json`));
    expect(patterns.size).toBeGreaterThan(0);
    expect([...patterns].filter((pattern) => judge(pattern) !== undefined)).toEqual([]);
  });
});

describe('an icon is refused', () => {
  it.each([
    '<svg><image href="https://evil.example/x.png"/></svg>',
    '<svg><use xlink:href="data:image/svg+xml;base64,x"/></svg>',
    '<svg><a href=" &#106;avascript:x()"/></svg>',
    '<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>',
    '<svg><style>@import "https://evil.example/x.css"</style></svg>',
    '<svg><rect fill="url(https://evil.example/x)"/></svg>',
  ])('that fetches something or hides it: %s', async (icon) => {
    expect(
      await codesAfter((folder) => {
        edited('connector.yaml', (text) => `${text}icon: icon.svg\n`)(folder);
        withFile('icon.svg', icon)(folder);
      }),
    ).toEqual(['connector.yaml definition.icon']);
  });

  it.each(['../icon.svg', '/etc/passwd', 'a/b.svg', '..%2ficon.svg'])(
    'by a name that leads elsewhere: %s',
    async (name) => {
      expect(await codesAfter(edited('connector.yaml', (text) => `${text}icon: '${name}'\n`))).toEqual([
        'connector.yaml definition.bad-value',
      ]);
    },
  );
});

describe('whatever a file holds', () => {
  it('it loads or has problems with a place in it, and nothing is thrown', async () => {
    const piece = fc.constantFrom(
      ...[
        'A',
        ': ',
        '\n',
        '  ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '&a ',
        '*a',
        '|',
        '>',
        '!',
        '!!str ',
        '? ',
      ],
      ...[
        '#',
        '%',
        '@',
        '\t',
        '__proto__',
        '$ref',
        'pattern',
        '\u0000',
        '\ufeff',
        '---\n',
        '...\n',
        '{{',
        '<<: ',
        '\ud800',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        for (const problem of await problemsAfter(withFile('types/any.yaml', pieces.join('')))) {
          expect(Object.keys(problemCatalogue)).toContain(problem.code);
          expect(problem.line).toBeGreaterThan(0);
          expect(problem.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a place in it can be shown', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(20), fc.nat(2_000), (text, line, column) => {
        expect(codeFrame(text.repeat(50), line + 1, column + 1).length).toBeLessThan(5_000);
      }),
    );
  });
});
