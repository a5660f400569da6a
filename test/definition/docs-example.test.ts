import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packagePath } from '../../src/cli/package.ts';
import { loadConnector } from '../../src/definition/load.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';

describe('the connector in docs/definitions.md and docs/sandbox.md', () => {
  it('is complete: written down as it stands, it has no problems', async () => {
    const root = mkdtempSync(join(tmpdir(), 'fishplate-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const pages = ['definitions', 'sandbox'].map((name) =>
      readFileSync(packagePath(`docs/${name}.md`), 'utf8'),
    );
    for (const [, path = '', text = ''] of pages
      .join('\n')
      .matchAll(/^```yaml\n# (\S+\.yaml)\n(.*?)^```$/gms)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const result = await loadConnector(join(root, 'connector/todo'));
    expect('problems' in result ? result.problems : []).toEqual([]);
    expect('connector' in result && Object.keys(result.connector.methods)).toEqual([
      'lists.list',
      'lists.get',
      'lists.create',
      'me.get',
    ]);
    if (!('connector' in result)) return;
    const sandbox = await loadSandboxScript(join(root, 'connector/todo'), result.connector);
    expect('problems' in sandbox ? sandbox.problems : []).toEqual([]);
  });
});
