import { describe, expect, it } from 'vitest';
import { type Change, found, testScaffold } from './scaffolded.ts';

/** What is broken, how, and what must be said of it. */
const mutations: readonly (readonly [what: string, changes: readonly Change[], finding: string])[] = [
  ['a path that differs from its neighbours', [get('/task/{{id}}')], 'entities tasks.get'],
  ['a list at another path than what is created', [list('/task')], 'entities tasks.list'],
  ['a path that the documentation does not have', [list('/task')], 'quotes tasks.list'],
  [
    'a host that the documentation does not have',
    [['connector.yaml', 'acme.example/v1', 'acme.example/v2']],
    'quotes tasks.list',
  ],
  [
    'items looked for where none are',
    [['connector.yaml', 'items: items', 'items: tasks']],
    'quotes tasks.list',
  ],
  [
    'a response schema that the documentation contradicts',
    [['types/tasks.yaml', 'id: { type: string }', 'id: { type: integer }']],
    'quotes tasks.list',
  ],
  [
    'a response schema that the sandbox contradicts',
    [['methods/me.yaml', 'required: [id]', 'required: [id, login]']],
    'answers me.get',
  ],
  [
    'an example that its own schema refuses',
    [['types/tasks.yaml', '[Buy milk]', "['']"]],
    'requests tasks.create',
  ],
  [
    'a rule that an earlier one always precedes',
    [
      [
        'connector.yaml',
        '  - when: { status: [401], text',
        '  - { when: { status: [4xx] }, means: invalid }\n  - when: { status: [401], text',
      ],
    ],
    'failures failures[1] (key-inactive)',
  ],
  [
    'a rule for tokens where none are requested',
    [['connector.yaml', '{ status: [403] }', '{ at: token, status: [403] }']],
    'failures failures[2] (forbidden)',
  ],
  [
    'a rule that takes an inactive key for a wrong one',
    [['connector.yaml', 'text: [inactive, disabled]', 'text: [sleeping]']],
    'connection test (token), inactive key',
  ],
  [
    'a refusal that the documentation explains otherwise',
    [['connector.yaml', 'means: forbidden', 'means: invalid']],
    'quotes tasks.create',
  ],
  [
    'a missing permission that is told as a bad key',
    [['sandbox.yaml', 'entities:', 'refusals: { forbidden: { status: 401 } }\nentities:']],
    'connection test (token), no permissions',
  ],
  [
    'a field of the identity that the answer has not',
    [['connector.yaml', 'name: name }', 'name: full_name }']],
    'connection test.identity.name',
  ],
  [
    'a lookup whose names are elsewhere',
    [['connector.yaml', 'name: title }', 'name: label }']],
    'lookups lookups.tasks',
  ],
  ['no connection test', [['connector.yaml', 'test: {', 'x-test: {']], 'loading connector.yaml'],
  ['a test by a method that is not there', [['methods/me.yaml', 'key: me']], 'loading connector.yaml'],
  ['no sandbox', [['sandbox.yaml', '']], 'loading sandbox.yaml'],
  [
    'a quote of a method that is not there',
    [['conformance.yaml', 'method: tasks.list', 'method: task.list']],
    'loading conformance.yaml',
  ],
];

function get(path: string): Change {
  return ['methods/tasks.yaml', 'path: /tasks/{{id}}', `path: ${path}`];
}

function list(path: string): Change {
  return ['methods/tasks.yaml', 'path: /tasks\n', `path: ${path}\n`];
}

const idle = (key: string) =>
  `  ${key}: { label: ${key}, description: Of no use., level: account, default: x }\n`;

/** A list below a task. */
const NOTES = `  notes:
    name: List Notes
    description: Read the notes of a task.
    verb: GET
    path: /tasks/{{id}}/notes
    paging: { style: numbered }
    items: { type: object, properties: { id: { type: string }, text: { type: string } } }
`;

describe('the connector suite', () => {
  it('finds nothing wrong with what `fishplate new` makes', async () => {
    const report = await testScaffold();
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.sections.filter(({ checked }) => checked === 0)).toEqual([]);
    // Not only judged: the sandbox has answered as each rule describes, and the caller was told what it means.
    const rules = report.sections.find(({ name }) => name === 'failures');
    expect(rules?.note).toBe(`${rules?.checked} of them over HTTP`);
  });

  it.each(mutations)('finds %s', async (_, changes, finding) => {
    const report = await testScaffold(...changes);
    expect(report.ok).toBe(false);
    expect(found(report)).toContain(finding);
  });

  it('says where to mend it, what was expected and what came', async () => {
    const { findings } = await testScaffold(['connector.yaml', 'items: items', 'items: tasks']);
    expect(findings.find(({ section }) => section === 'quotes')).toEqual({
      section: 'quotes',
      level: 'failure',
      subject: 'tasks.list',
      expected: 'items at "tasks" of the quoted answer',
      came: expect.stringContaining('nothing there, in {"items":'),
      mend: 'Correct items of the paging style "numbered".',
      at: expect.stringMatching(/^acme\/connector\.yaml:\d+:3$/),
    });
  });

  it('names the refusal of sandbox.yaml that an inactive key meets', async () => {
    const { findings } = await testScaffold([
      'connector.yaml',
      'text: [inactive, disabled]',
      'text: [sleeping]',
    ]);
    const inactive = findings.find(({ subject }) => subject.endsWith('inactive key'));
    expect(inactive?.mend).toContain('refusals.revokedToken in sandbox.yaml');
  });

  it('warns of a status that a rule names and never sees', async () => {
    const report = await testScaffold(['connector.yaml', '{ status: [403] }', '{ status: [401, 403] }']);
    expect(found(report)).toEqual([]);
    expect(found(report, 'warning')).toEqual(['failures failures[2] (forbidden)']);
  });

  it('warns of a setting that nothing is made of, and of a reader without a schema unless it answers 204', async () => {
    const reader =
      "  ping: { name: Get Ping, description: Say nothing., verb: GET, path: '/ping/{{place}}' }\n";
    const edits: Change[] = [
      ['connector.yaml', 'settings:\n', `settings:\n${idle('spare')}${idle('place')}`],
      ['methods/me.yaml', 'methods:\n', `methods:\n${reader}`],
    ];
    const silent = await testScaffold(...edits);
    expect(found(silent, 'warning')).toEqual(['care response', 'care settings']);
    const quoted: Change = [
      'conformance.yaml',
      'quotes:\n',
      'quotes:\n  - { method: me.ping, status: 204 }\n',
    ];
    expect(found(await testScaffold(...edits, quoted), 'warning')).toEqual(['care settings']);
  });

  it('advises what a careful author would add, and does not fail for want of it', async () => {
    const report = await testScaffold(
      ['README.md', '# Acme'],
      ['connector.yaml', '  limits: [perMinute]\n', ''],
      ['conformance.yaml', 'quotes:\n', 'quotes: []\nsamples:\n  me.get: { parameters: {} }\n# quotes:\n'],
      ['conformance.yaml', '  - method: tasks.list', '#  - method: tasks.list'],
      ['conformance.yaml', '    request:', '#    request:'],
      ['conformance.yaml', '    answer:\n', '#    answer:\n'],
      ['conformance.yaml', '      items:', '#      items:'],
      ['conformance.yaml', '      total:', '#      total:'],
      ['conformance.yaml', '  - { method: tasks.get', '#  - { method: tasks.get'],
      ['conformance.yaml', '  - method: tasks.create\n', '#  - method: tasks.create\n'],
      ['conformance.yaml', '    request: POST', '#    request: POST'],
      ['conformance.yaml', '    requestHeaders:', '#    requestHeaders:'],
      ['conformance.yaml', '    body:', '#    body:'],
      ['conformance.yaml', '  - { method: tasks.create', '#  - { method: tasks.create'],
    );
    expect(report.ok).toBe(true);
    expect(found(report, 'warning')).toEqual([
      'care README.md',
      'care limits.perMinute',
      'care paging.numbered',
      'care bodyEncoding',
    ]);
  });

  it('tells of seeds that no list can have, below an entity that nobody names', async () => {
    const report = await testScaffold(
      ['sandbox.yaml', '\ncollections:\n', '\ncollections:\n  tasks/*/notes: { seeds: [{ text: a }] }\n'],
      ['methods/tasks.yaml', '\nmethods:\n', `\nmethods:\n${NOTES}`],
    );
    expect(found(report)).toEqual([]);
    expect(found(report, 'warning')).toEqual(['care seeds']);
  });

  it('advises to repeat what only reads, and leaves alone what says that it does more', async () => {
    const change = (words: string) =>
      testScaffold([
        'methods/tasks.yaml',
        '    path: /tasks/{{id}}\n',
        `    path: /tasks/{{id}}\n    ${words}\n`,
      ]);
    expect(found(await change('idempotent: false'), 'warning')).toEqual(['care idempotent']);
    expect(found(await change('idempotent: false\n    readOnly: false'), 'warning')).toEqual([]);
  });

  it('takes a method that answers a file, without a schema of its answer', async () => {
    const method = `  pdf:
    name: Get Task as PDF
    description: Read one task as it is printed.
    verb: GET
    path: /tasks/{{id}}/pdf
    headers: { Accept: application/pdf }
  delete:
`;
    const report = await testScaffold(
      ['methods/tasks.yaml', '  delete:\n', method],
      ['sandbox.yaml', '\nmethods:', "\nmethods:\n  tasks.pdf: { as: answer, body: '%PDF-1.7' }"],
    );
    expect(report.findings).toEqual([]);
  });

  it('calls nothing that is to be skipped, and says so', async () => {
    const report = await testScaffold([
      'conformance.yaml',
      'quotes:',
      "skip: { tasks.delete: 'What is deleted here is gone for everybody.' }\nquotes:",
    ]);
    expect(report.ok).toBe(true);
    expect(report.skipped).toEqual([
      { method: 'tasks.delete', reason: 'What is deleted here is gone for everybody.' },
    ]);
    expect(report.sections.find(({ name }) => name === 'answers')?.checked).toBe(4);
  });

  it('says the same of the same folder each time', async () => {
    const broken: Change[] = [get('/task/{{id}}'), ['types/tasks.yaml', '[Buy milk]', "['']"]];
    expect(await testScaffold(...broken)).toEqual(await testScaffold(...broken));
  });
});
