import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../src/definition/load.ts';
import { withOverlay } from '../helpers/overlay.ts';

const label = 'label: X, description: X., level: account';
const settings = `settings:
  version: { ${label}, required: false }
  lines: { ${label}, multiline: true, required: false }
`;

/** The messages of the problems of a definition with these headers, in the connector and in a method. */
const problemsOf = (ofConnector: string, ofMethod = '') =>
  withOverlay(['dialects'], async (folder) => {
    const edit = (file: string, from: string, to: string) => {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).toContain(from);
      writeFileSync(join(folder, file), text.replace(from, to));
    };
    edit('connector.yaml', 'settings:\n', settings);
    edit('connector.yaml', 'headers: { Accept: application/json }', `headers: { ${ofConnector} }`);
    edit('methods/assets.yaml', 'Accept: application/geo+json', ofMethod);
    const result = await loadConnector(folder);
    return 'problems' in result ? result.problems.map(({ file, message }) => `${file}: ${message}`) : [];
  });

describe('a placeholder in a header', () => {
  it.each([
    ["X-Version: '{{versoin}}'", 'the placeholder {{versoin}} names nothing'],
    ["X-Version: '{{version'", 'a placeholder is opened with {{ but never closed'],
    ["X-Version: '{{lines}}'", '"lines" has several lines, which no header can carry'],
    ["X-Key: '{{apiKey | upper}}'", 'the secret "apiKey" would be sent changed'],
    ["Host: '{{version}}'", 'no setting can stand in the header "Host"'],
    ["content-length: '{{version}}'", 'no setting can stand in the header "content-length"'],
    ["Authorization: 'Bearer {{apiKey}}'", 'no setting can stand in the header "Authorization"'],
    ["Content-Type: 'text/{{version}}'", 'no setting can stand in the header "Content-Type"'],
  ])('is refused where it stands, and nowhere else: %s', async (header, message) => {
    expect(await problemsOf(header)).toEqual([expect.stringContaining(`connector.yaml: ${message}`)]);
    expect(await problemsOf('', header)).toEqual([
      expect.stringContaining(`methods/assets.yaml: ${message}`),
    ]);
  });

  it('may stand for any other setting, as it is, in base64, or beside text', async () => {
    const header = "X-Version: 'v{{version | lower}}', X-Key: '{{apiKey | base64}}'";
    expect(await problemsOf(header, "Accept: 'application/vnd.x.{{version}}+json'")).toEqual([]);
  });
});
