import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector, loadConnectorOrThrow } from '../../src/definition/load.ts';
import { formatProblem, type Problem, problemCatalogue } from '../../src/definition/problem.ts';
import { fixture, withOverlay } from '../helpers/overlay.ts';

const names = readdirSync(fixture('invalid')).filter((name) => name !== 'not-found');

/** The expectation that each fixture states in its first line: `# expect <code> at <line>:<column>`. */
function expectationOf(name: string): { file: string; code: string; line: number; column: number } {
  for (const file of readdirSync(fixture(`invalid/${name}`), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml')) continue;
    const text = readFileSync(join(fixture(`invalid/${name}`), file), 'utf8');
    const match = /^# expect (\S+) at (\d+):(\d+)$/m.exec(text);
    if (match?.[1]) return { file, code: match[1], line: Number(match[2]), column: Number(match[3]) };
  }
  throw new Error(`the fixture ${name} does not say what it expects`);
}

const problemsOf = async (folders: readonly string[]): Promise<readonly Problem[]> =>
  withOverlay(folders, async (folder) => {
    const result = await loadConnector(folder);
    return 'problems' in result ? result.problems : [];
  });

describe('a definition that is wrong', () => {
  it.each(names)('is refused for its %s, and for nothing else, where it stands', async (name) => {
    const problems = await problemsOf(['acme', `invalid/${name}`]);
    expect(problems.map(({ file, code, line, column }) => ({ file, code, line, column }))).toEqual([
      expectationOf(name),
    ]);
    expect(problems[0]?.frame).toMatch(new RegExp(`^>\\s+${problems[0]?.line} \\|`, 'm'));
  });

  it('is refused for a folder without connector.yaml, and for no folder at all', async () => {
    expect((await problemsOf(['invalid/not-found'])).map((problem) => problem.code)).toEqual([
      'definition.not-found',
    ]);
    const result = await loadConnector('/nowhere/at/all');
    expect('problems' in result && result.problems[0]?.message).toContain('/nowhere/at/all');
  });

  it('has a fixture for every code of the catalogue', () => {
    const shown = new Set(names.map((name) => expectationOf(name).code));
    const codes = Object.keys(problemCatalogue).filter((code) => code !== 'definition.not-found');
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
  });

  it('is told the nearest name that would have been right', async () => {
    const hints = await Promise.all(
      [
        'unknown-key',
        'unknown-placeholder',
        'unknown-host',
        'unknown-method',
        'dangling-ref',
        'bad-value',
      ].map((name) => problemsOf(['acme', `invalid/${name}`])),
    );
    expect(hints.map(([problem]) => problem?.hint)).toEqual([
      'did you mean "path"?',
      'did you mean "tenant"?',
      'did you mean "files"?',
      'did you mean "users.me"?',
      'did you mean "Thing"?',
      'did you mean "live"?',
    ]);
  });

  it('is told how to quote an id that YAML would read as a number', async () => {
    const [problem] = await problemsOf(['acme', 'invalid/numeric-id']);
    expect(problem?.message).toBe('"settings.region.default" is text, but YAML reads 012 as the number 12');
    expect(problem?.hint).toBe("put it in quotes: '012'");
  });

  it('gets all its problems at once, in reading order', async () => {
    const problems = await problemsOf(['acme', 'invalid/unknown-key', 'invalid/bad-value']);
    expect(problems.map((problem) => `${problem.file} ${problem.code}`)).toEqual([
      'connector.yaml definition.bad-value',
      'methods/things.yaml definition.unknown-key',
    ]);
  });

  it('reads well in a terminal', async () => {
    const [problem] = await problemsOf(['acme', 'invalid/unknown-key']);
    expect(problem && formatProblem(problem, 'connector/acme')).toBe(
      [
        'connector/acme/methods/things.yaml:21:5 definition.unknown-key: there is no key "pth" in methods.search',
        '  20 |     verb: GET',
        '> 21 |     pth: /x',
        '     |     ^',
        '  22 |     path: /{{tenant}}/search',
        '  hint: did you mean "path"?',
      ].join('\n'),
    );
  });

  it('throws with everything in the message for programs that cannot go on', async () => {
    await withOverlay(['acme', 'invalid/bad-value'], (folder) =>
      expect(loadConnectorOrThrow(folder)).rejects.toMatchObject({
        code: 'connector.invalid',
        message: expect.stringContaining('connector.yaml:6:9'),
      }),
    );
  });
});

describe('a definition that is right', () => {
  it('has no problems', async () => {
    expect(await problemsOf(['acme'])).toEqual([]);
  });
});
