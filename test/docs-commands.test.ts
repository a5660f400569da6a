import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../src/cli/run.ts';
import { testConnector } from '../src/conformance/suite.ts';
import { createTerminal, runLine } from './cli/fake-io.ts';
import { makeTempFolder } from './store/temp-folder.ts';

/** The command lines of the first code block below a heading, without `npx fishplate`. */
function commandsBelow(page: string, heading: string): string[][] {
  const text = readFileSync(page, 'utf8');
  const part = text.slice(text.indexOf(`\n${heading}\n`));
  const [, block = ''] = /^```\n(.*?)^```$/ms.exec(part) ?? [];
  return linesOf(block);
}

const linesOf = (text: string): string[][] =>
  [...text.matchAll(/^ *npx fishplate (.+?) *$/gm)].map(
    ([, line = '']) => line.split(/ {2,}/)[0]?.split(' ') ?? [],
  );

/** Starts a harness as the command line says, but on free ports; what it says goes out. */
async function startHarness(argv: readonly string[], cwd: string): Promise<string> {
  const terminal = createTerminal({ cwd });
  const ended = run([...argv, '--port', '0'], terminal.io);
  onTestFinished(async () => {
    terminal.stop.abort();
    await ended;
  });
  await vi.waitFor(() => expect(terminal.out() + terminal.err()).toContain('Ctrl-C'), { timeout: 15_000 });
  return terminal.out();
}

async function expectSuccess(argv: readonly string[], cwd: string): Promise<string> {
  const { code, out, err } = await runLine(argv, { cwd });
  expect({ argv, code, err }).toEqual({ argv, code: 0, err });
  return out;
}

describe('"Add a connector in five steps" in README.md', () => {
  it('holds commands that work one after the other, down to a call', async () => {
    const cwd = makeTempFolder();
    const commands = commandsBelow('README.md', '## Add a connector in five steps');
    expect(commands.map(([name]) => name)).toEqual(['new', 'test', 'test', 'validate', 'harness']);
    const harness = commands.at(-1) ?? [];
    const steps: string[] = [];
    for (const argv of commands.slice(0, -1)) steps.push(await expectSuccess(argv, cwd));
    // What `new` says comes next is what works next.
    expect(linesOf(steps[0] ?? '')).toEqual([commands[1], harness]);
    const said = await startHarness(harness, cwd);
    const [tried = ''] = said.slice(said.indexOf('Try these')).split('The other sandboxes');
    const printed = linesOf(tried);
    expect(printed.map(([name]) => name)).toEqual(['setup', 'install', 'call']);
    const outputs: string[] = [];
    for (const argv of printed) outputs.push(await expectSuccess(argv, cwd));
    expect(outputs[1]).toContain('Acme: active');
    expect(outputs[2]).toContain('"name": "Fishplate harness"');
  }, 60_000);
});

describe('docs/add-a-connector.md', () => {
  it('leads to a connector that passes its test', async () => {
    const root = makeTempFolder();
    const page = readFileSync('docs/add-a-connector.md', 'utf8');
    const files = [...page.matchAll(/^```yaml\n# (\S+\.yaml)\n(.*?)^```$/gms)];
    expect(files.length).toBe(7);
    for (const [, path = '', text = ''] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const report = await testConnector(join(root, 'connector/lighthouse'));
    expect(report.findings.filter(({ level }) => level === 'failure')).toEqual([]);
    // Its README is the reader's.
    expect(report.findings.map(({ subject }) => subject)).toEqual(['README.md']);
    expect(report.sections.filter(({ checked }) => checked === 0)).toEqual([]);
  });

  it('begins with commands that work', async () => {
    const cwd = makeTempFolder();
    for (const argv of commandsBelow('docs/add-a-connector.md', '## Begin')) await expectSuccess(argv, cwd);
  });
});
