/** The example that `fishplate new` makes, written down with changes; the report on it goes out. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildScaffold } from '../../src/cli/scaffold.ts';
import type { ScaffoldAuth } from '../../src/cli/scaffold-auth.ts';
import type { ConformanceReport, Finding } from '../../src/conformance/report.ts';
import { testConnector } from '../../src/conformance/suite.ts';
import { makeTempFolder } from '../store/temp-folder.ts';

/** In a file, what stands there and what shall stand there; without a second text the file is left out. */
export type Change = readonly [path: string, from: string, to?: string];

/** Throws when a change would change nothing. */
export function writeScaffold(changes: readonly Change[] = [], auth: ScaffoldAuth = 'bearer'): string {
  const folder = join(makeTempFolder(), 'acme');
  const options = { name: 'acme', title: 'Acme', schemas: '../../schemas', docs: '../../docs', auth };
  const files = new Map(buildScaffold(options));
  for (const [path, from, to] of changes) {
    const text = files.get(path);
    if (!text?.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
    if (to === undefined) files.delete(path);
    else files.set(path, text.replace(from, to));
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export const testScaffold = (...changes: readonly Change[]): Promise<ConformanceReport> =>
  testConnector(writeScaffold(changes), { shownAs: 'acme' });

/** What was found, in short: `section subject`. */
export const found = ({ findings }: ConformanceReport, level: Finding['level'] = 'failure'): string[] =>
  findings
    .filter((finding) => finding.level === level)
    .map(({ section, subject }) => `${section} ${subject}`);
