import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHarness } from './harness-bed.ts';

/** The request, what is taken from its answer, and the command it is piped into. */
const PIPE =
  /^curl -s -H '(\S+): (\S+)' \$apiUrl(\S+) \\\n +-d '(.+)' \|\n +jq -r (.+) \|\n +npx fishplate (install (\S+) .+)$/gm;

const pipes = [...readFileSync('docs/sandbox.md', 'utf8').matchAll(PIPE)].map(
  ([, header = '', type = '', path = '', body = '', filter = '', command = '', vendor = '']) => ({
    ...{ header, type, path, body, filter, command, vendor },
  }),
);

/** As much of jq as the page uses: a path, perhaps behind a text. */
function pick(filter: string, answer: unknown): string {
  const [, text = '', path = ''] = /^'?(?:"([^"]*)" \+ )?((?:\.\w+)+)'?$/.exec(filter) ?? [];
  if (path === '') throw new Error(`the filter ${filter} cannot be read`);
  let value = answer;
  for (const name of path.slice(1).split('.')) value = (value as Record<string, unknown>)[name];
  return `${text}${String(value)}\n`;
}

describe('docs/sandbox.md', () => {
  const bed = useHarness();

  it('shows how a key is made and installed at every vendor', () => {
    expect(pipes.map(({ vendor }) => vendor)).toEqual(['m3ter', 'precisely', 'xmco']);
  });

  it.each(pipes)('shows a pipe for $vendor that works with the URL that the harness prints', async (pipe) => {
    const { apiUrl = '' } = bed.harness().file.sandbox[pipe.vendor] ?? {};
    const answer = await fetch(`${apiUrl}${pipe.path}`, {
      method: 'POST',
      headers: { [pipe.header]: pipe.type },
      body: pipe.body,
    });
    const input = pick(pipe.filter, await answer.json());
    const { code, out, err } = await bed.fishplate(pipe.command.split(' '), { input });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/: active\n/);
  });
});
