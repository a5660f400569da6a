import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file));
const textOf = (file: string) => readFileSync(join(root, 'src', file), 'utf8');

interface Import {
  readonly from: string;
  readonly to: string;
  /** Brings in nothing that exists at run time. */
  readonly typesOnly: boolean;
}

/** Every import and re-export, dynamic ones included. Local targets are paths below src/, others package names. */
const imports: Import[] = sources.flatMap((from) =>
  [
    ...textOf(from).matchAll(
      /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ].map((match) => {
    const target = match[2] ?? match[3] ?? match[4] ?? '';
    const to = target.startsWith('.') ? normalize(join(dirname(from), target)).replaceAll('\\', '/') : target;
    return { from, to, typesOnly: match[1] !== undefined };
  }),
);

/** The stage of a file: its folder, or for files at the top their own name. */
const stageOf = (file: string) =>
  file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, '');

const base = [
  ...['errors', 'wire', 'secret', 'schema', 'schema-faults', 'world', 'observer', 'scrub', 'mask', 'recent'],
  'exact-integers',
];
const parts = ['auth', 'request', 'response', 'transport', 'store', 'installation', 'definition'];
const line = [
  'runtime',
  'make-call',
  'perform',
  'paged-call',
  'lookup',
  'keyed-upload',
  'console-setup',
  'runtime-contract',
  'dispatch',
  'batched-call',
  'merged-call',
  'tagged-call',
  'strict-check',
  'custom-fields',
  'upload',
  'exchange',
  'obtain-token',
  'vendor-error',
  'prover',
  'preview',
  'call-log',
  'perform-options',
  'keyed-call',
  'kept-answer',
  'limits',
  'at-once',
  'fallback',
  'held-credentials',
  'rotation',
  'rotation-contract',
  'call-record',
  'call-row',
  'call-id',
  'observed-send',
  'retention',
  'under-way',
  'watched-call',
  'watched-changes',
  'wire-record',
];
/** What each stage may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  wire: [],
  observer: [],
  secret: [],
  recent: [],
  'exact-integers': [],
  kept: ['recent', 'store'],
  scrub: ['errors', 'secret'],
  mask: ['secret'],
  world: ['wire'],
  schema: ['errors', 'schema-faults'],
  'schema-faults': ['errors'],
  definition: base,
  store: base,
  installation: [...base, 'kept', 'definition', 'store', 'paste-text'],
  transport: base,
  auth: [...base, 'definition', 'installation', 'store'],
  request: [...base, 'definition', 'installation'],
  response: [...base, 'definition', 'installation', 'request'],
  preview: [...base, 'auth', 'definition', 'installation', 'request'],
  'call-log': ['store', 'wire'],
  limits: [...base, 'definition', 'installation', 'transport'],
  'observed-send': base,
  'wire-record': [...base, ...parts, 'preview'],
  'call-id': base,
  'call-row': [...base, 'definition', 'installation', 'request', 'store'],
  'call-record': [...base, ...parts, 'call-id', 'call-log', 'call-row', 'observed-send', 'wire-record'],
  retention: [...base, 'store'],
  'watched-call': [
    ...[...base, ...parts, 'call-record', 'observed-send', 'perform-options', 'runtime-contract'],
  ],
  'under-way': ['wire'],
  'watched-changes': [...base, 'installation', 'observed-send', 'rotation-contract', 'store'],
  'vendor-error': [...base, ...parts],
  'obtain-token': [...base, ...parts, 'observed-send', 'vendor-error'],
  exchange: [...base, ...parts, 'call-record', 'limits', 'obtain-token', 'vendor-error'],
  'runtime-contract': [...base, ...parts, 'call-log', 'preview', 'rotation-contract'],
  'at-once': [],
  'held-credentials': [...base, 'installation', 'store'],
  fallback: [...base, 'auth', 'installation', 'held-credentials'],
  'rotation-contract': ['installation'],
  rotation: [
    ...[...base, ...parts, 'at-once', 'exchange', 'obtain-token', 'held-credentials', 'perform-options'],
    ...['perform', 'rotation-contract', 'runtime-contract'],
  ],
  'perform-options': ['auth', 'observer', 'runtime-contract'],
  'kept-answer': [...base],
  'keyed-call': [...base, 'definition', 'store', 'perform-options', 'kept-answer'],
  'batched-call': [...base, 'definition', 'request', 'runtime-contract'],
  'merged-call': [...base, 'definition', 'request', 'runtime-contract', 'tagged-call'],
  'tagged-call': [...base, 'definition', 'request', 'response', 'runtime-contract'],
  'strict-check': [...base, 'definition', 'request', 'response', 'runtime-contract'],
  'custom-fields': [...base, 'definition', 'request', 'response'],
  upload: [...base, ...parts, 'exchange', 'observed-send', 'runtime-contract'],
  perform: [
    ...[...base, ...parts, 'call-record', 'exchange', 'fallback', 'perform-options', 'runtime-contract'],
  ],
  dispatch: [
    ...base,
    ...parts,
    'perform',
    'batched-call',
    'merged-call',
    'tagged-call',
    'strict-check',
    'perform-options',
    'runtime-contract',
  ],
  prover: [...base, ...parts, 'exchange', 'obtain-token', 'perform', 'runtime-contract'],
  'make-call': [...base, ...parts, ...line],
  'paged-call': [...base, 'request', 'response', 'runtime-contract'],
  lookup: [...base, 'definition', 'response', 'runtime-contract'],
  'keyed-upload': [...base, ...parts, ...line],
  'console-setup': [...base, ...parts, 'at-once', 'prover', 'runtime-contract'],
  runtime: [...base, ...parts, ...line],
  access: [...base, 'kept', 'store', 'definition'],
  telemetry: [...base, 'store'],
  server: [...base, ...parts, ...line, 'access', 'telemetry'],
  sandbox: [...base, 'definition'],
  index: [...base, ...parts, ...line, 'telemetry'],
  config: [...base, ...parts, 'call-record', 'retention'],
  // Tries a connector on both sides of the wire: the runtime that calls, and the vendor that is played.
  conformance: [...base, ...parts, ...line, 'sandbox'],
  cli: [
    ...[
      ...base,
      ...parts,
      ...line,
      'access',
      'telemetry',
      'server',
      'sandbox',
      'conformance',
      'config',
      'index',
    ],
  ],
  // Pure, and of no package: in the browser it keeps what is pasted there.
  'paste-text': [],
  // A program of its own, in the browser: it knows the API and, but for the reader of pasted text, none of our code.
  console: ['paste-text'],
};
/** Stages that see no more of these than types: what they need of them at run time is handed to them. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  installation: ['store'],
  auth: ['store'],
  'call-log': ['store'],
  'keyed-call': ['store'],
  retention: ['store'],
  telemetry: ['store'],
  'watched-changes': ['store'],
  runtime: ['store'],
  server: ['store', 'runtime', 'telemetry', 'transport'],
};

describe('the source', () => {
  it('has a stage for every file', () => {
    expect(sources.map(stageOf).filter((stage) => !Object.hasOwn(allowed, stage))).toEqual([]);
  });

  it('imports one way', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        sources.includes(to) &&
        stageOf(from) !== stageOf(to) &&
        !allowed[stageOf(from)]?.includes(stageOf(to)),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('sees only the types of what is handed to it', () => {
    const wrong = imports.filter(
      (item) =>
        sources.includes(item.to) &&
        typesOnly[stageOf(item.from)]?.includes(stageOf(item.to)) &&
        !item.typesOnly,
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('has no cycles, not even of types', () => {
    const targets = new Map(
      sources.map((file) => [
        file,
        imports.filter(({ from, to }) => from === file && sources.includes(to)).map(({ to }) => to),
      ]),
    );
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]) => {
      if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      if (done.has(file) || trail.includes(file)) return;
      for (const to of targets.get(file) ?? []) visit(to, [...trail, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it.each([
    ['yaml', ['definition/source.ts']],
    ['ajv', ['schema.ts', 'schema-faults.ts']],
    ['ajv-formats', ['schema.ts']],
    ['axios', ['transport/axios.ts', 'transport/http-adapter.ts', 'transport/undici-adapter.ts']],
    ['undici', ['transport/connect.ts', 'transport/undici-adapter.ts']],
    ['prom-client', ['telemetry/metrics.ts', 'telemetry/tallies.ts']],
    ['@opentelemetry/api', ['telemetry/tracing.ts']],
    [
      'better-sqlite3',
      ['store/sqlite.ts', 'store/sqlite-driver.ts', 'store/sqlite-sealing.ts', 'store/sqlite-versions.ts'],
    ],
  ])('knows the package %s in its own place only', (name, places) => {
    const users = imports
      .filter(({ to }) => to === name || to.startsWith(`${name}/`))
      .map(({ from }) => from);
    expect(users.length).toBeGreaterThan(0);
    expect([...new Set(users)].filter((file) => !places.includes(file))).toEqual([]);
  });

  it('reaches the database by the kind of store that was asked for, in store/ alone', () => {
    const users = imports.filter(({ to }) => /store\/sqlite/.test(to)).map(({ from }) => stageOf(from));
    expect([...new Set(users)]).toEqual(['store']);
  });

  it('names no vendor', () => {
    const vendors = readdirSync(join(root, 'connector'));
    expect(vendors.length).toBeGreaterThan(0);
    const names = new RegExp(`\\b(?:${vendors.join('|')})`, 'i');
    expect(sources.filter((file) => names.test(textOf(file)))).toEqual([]);
  });

  it('has no drawers for odds and ends', () => {
    expect(
      sources.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|manager)(?:\.|\/)/.test(file)),
    ).toEqual([]);
  });

  it('opens every file with a sentence that says what comes in and what goes out', () => {
    expect(sources.filter((file) => !/^(?:#![^\n]*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
  });
});

describe('the tests', () => {
  it('skip nothing and single out nothing', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.test.ts'),
    );
    const marks = new RegExp(`\\b(?:it|test|describe)\\.${'(?:skip|only|todo)'}\\b`);
    expect(tests.filter((file) => marks.test(readFileSync(join(root, 'test', file), 'utf8')))).toEqual([]);
  });
});
