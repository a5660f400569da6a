import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testConnector } from '../../src/conformance/suite.ts';

describe('fishplate test', () => {
  it.each(readdirSync('connector'))(
    'finds nothing wrong with connector/%s',
    async (name) => {
      const { findings, connector, sections, skipped } = await testConnector(`connector/${name}`);
      expect(findings.filter(({ level }) => level === 'failure')).toEqual([]);
      const answers = sections.find((section) => section.name === 'answers');
      expect(answers?.checked).toBe((connector?.methods ?? 0) - skipped.length);
    },
    180_000,
  );
});
