import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { createTerminal, runLine } from './fake-io.ts';

/** A harness of the scaffolded connector, whose tasks (two of them) the vendor cuts off after `maximumItems`. */
async function played(maximumItems: number) {
  const cwd = makeTempFolder();
  await runLine(['new', 'acme', '--auth', 'bearer'], { cwd });
  const file = join(cwd, 'connector/acme/connector.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('total: total,', `total: total, maximumItems: ${maximumItems},`));
  const terminal = createTerminal({ cwd });
  const ended = run(['harness', '--port', '0', '--connectors', 'connector/acme'], terminal.io);
  onTestFinished(async () => {
    terminal.stop.abort();
    await ended;
  });
  await vi.waitFor(() => expect(terminal.out()).toContain('Ctrl-C'), { timeout: 10_000 });
  for (const [, command = ''] of terminal.out().matchAll(/^ {2}npx fishplate ((?:setup|install) acme.*)$/gm))
    await runLine(command.replaceAll("'", '').split(' '), { cwd });
  const [, apiUrl = ''] = /^acme sandbox\n {2}apiUrl +(\S+)$/m.exec(terminal.out()) ?? [];
  const all = (...more: string[]) => runLine(['call', 'acme', 'tasks.list', '--all', ...more], { cwd });
  const queries = async () => {
    const asked = await fetch(`${apiUrl}/_sandbox/requests?method=tasks.list`);
    const requests = (await asked.json()) as { query: string }[];
    return requests.map(({ query }) => query);
  };
  return { all, queries };
}

it('--all fails after what it prints where the vendor gives no more, though there is more', async () => {
  const { all, queries } = await played(1);
  const { code, out, err } = await all('per_page=1');
  expect(code).toBe(1);
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(err).toContain('1 items were read, the vendor gives 1 of a list at most, and there are 2');
  expect(err).toContain('[pages.capped]');
  expect(await queries()).toEqual(['per_page=1']);
});

it('--all asks for the largest pages that the definition knows of, unless a size or a first page is given', async () => {
  const { all, queries } = await played(1000);
  const { code, out } = await all();
  expect([code, out.trim().split('\n').length]).toEqual([0, 2]);
  await all('per_page=1');
  await all('page=1');
  expect(await queries()).toEqual(['per_page=100', 'per_page=1', 'per_page=1&page=2', 'page=1']);
});
