/** A connector's folder comes in; everything that can be known of it without the vendor is tried, and a report goes out. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../definition/connector.ts';
import { loadConnector } from '../definition/load.ts';
import { didYouMean, type Problem } from '../definition/problem.ts';
import { loadSource, type Source } from '../definition/source.ts';
import { FishplateError } from '../errors.ts';
import { loadSandboxScript } from '../sandbox/load.ts';
import { createPlan, type Plan } from '../sandbox/plan.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import { type Bed, openBed } from './bed.ts';
import { checkCalls, JOB_MS } from './calls.ts';
import { checkCare, checkIgnored } from './care.ts';
import { checkConnection, secretTextsOf } from './connection.ts';
import { checkDeleted, checkListed, checkSame } from './entities.ts';
import { checkFiring } from './firing.ts';
import { createKnown } from './known.ts';
import { checkLookups } from './lookups.ts';
import { createNeeds } from './needs.ts';
import { orderMethods, READING } from './order.ts';
import { checkPages } from './paging.ts';
import { createPlaces, type Places } from './places.ts';
import { checkQuotes } from './quotes.ts';
import { type ConformanceReport, createFindings, type Findings } from './report.ts';
import { checkRules } from './rules.ts';
import { createSamples } from './samples.ts';
import { type ConformanceScript, checkConformanceScript, readConformanceScript } from './script.ts';
import type { Stage } from './stage.ts';

export interface ConformanceOptions {
  /** The folder as the report shall name it. */
  readonly shownAs?: string;
  /** Key of the one method to report on; what it depends on is called all the same. */
  readonly method?: string;
}

/**
 * Tries a connector against its own sandbox, on ports of 127.0.0.1 and a clock that jumps: nothing else is reached, and
 * nobody waits. What is wrong is in the report; throws `method.unknown` for the option, and what is a defect of ours.
 */
export async function testConnector(
  folder: string,
  { shownAs = folder, method }: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const source = await loadSource(folder);
  const places = createPlaces(source, shownAs);
  const findings = createFindings(method === undefined ? undefined : (subject) => subject === method);
  const loading = createFindings();
  const connector = await loadDefinition(folder, source, loading, places);
  if (!connector) {
    // What is wrong with the other file does not wait for the next round.
    const isTold = loading.all().some(({ subject }) => subject === 'sandbox.yaml');
    if (!isTold) await loadPlay(folder, source, undefined, loading, places);
    return reportOf(shownAs, loading, undefined, {});
  }
  const given = readConformanceScript(source);
  if (method !== undefined) assertMethod(connector, method);
  const script = await loadPlay(folder, source, connector, loading, places);
  checkRules(connector, findings, places);
  checkQuotes(connector, given, findings, places);
  if (script) await playAll({ connector, script, given, findings, places });
  checkCare({ folder, connector, given, findings, places });
  return reportOf(shownAs, merge(loading, findings), connector, given);
}

function assertMethod({ name, methods }: Connector, key: string): void {
  if (Object.hasOwn(methods, key)) return;
  const hint = didYouMean(key, Object.keys(methods));
  throw new FishplateError(
    'method.unknown',
    `${name} has no method "${key}"`,
    hint === undefined ? {} : { hint },
  );
}

async function loadDefinition(
  folder: string,
  source: Source,
  findings: Findings,
  places: Places,
): Promise<Connector | undefined> {
  const result = await loadConnector(folder);
  for (const { path } of source.files) findings.checked('loading', path);
  if ('connector' in result) return result.connector;
  noteProblems(result.problems, findings, places);
  return undefined;
}

/** Undefined, and noted, when the vendor cannot be played. */
async function loadPlay(
  folder: string,
  source: Source,
  connector: Connector | undefined,
  findings: Findings,
  places: Places,
): Promise<SandboxScript | undefined> {
  const result = await loadSandboxScript(folder, connector);
  if ('problems' in result) {
    const isMissing = !existsSync(join(folder, 'sandbox.yaml'));
    if (isMissing)
      findings.fail('loading', {
        ...{ subject: 'sandbox.yaml', at: places.file('sandbox.yaml') },
        expected:
          'a file that lets the sandbox play the vendor: organisations and policies are enough to begin with',
        came: 'none, so nothing could be called',
        mend: 'docs/sandbox.md has the smallest one.',
      });
    else noteProblems(result.problems, findings, places);
    if (connector) noteProblems(checkConformanceScript(source, connector, undefined), findings, places);
    return undefined;
  }
  if (!connector) return undefined;
  const { collections } = createPlan(connector, result.script);
  const problems = checkConformanceScript(source, connector, new Set(collections.keys()));
  noteProblems(problems, findings, places);
  return problems.length > 0 ? undefined : result.script;
}

function noteProblems(problems: readonly Problem[], findings: Findings, places: Places): void {
  for (const { file, line, column, code, message, hint } of problems)
    findings.fail('loading', {
      subject: file,
      expected: 'a definition without problems',
      came: `${code}: ${message}`,
      at: `${places.file(file)}:${line}:${column}`,
      ...(hint !== undefined && { mend: hint }),
    });
}

interface PlayParts {
  readonly connector: Connector;
  readonly script: SandboxScript;
  readonly given: ConformanceScript;
  readonly findings: Findings;
  readonly places: Places;
}

/** The part that needs the sandbox. */
async function playAll(parts: PlayParts): Promise<void> {
  const { connector, script, given, findings, places } = parts;
  const bed = await openBed(connector, script, given);
  try {
    await checkConnection(bed, findings, places);
    const stage = await openStage(bed, parts);
    const plan = createPlan(bed.connector, script);
    if (stage) await callAll(stage, plan);
    checkIgnored(bed.connector, script, plan.collections, findings, places);
  } finally {
    await bed.close();
  }
}

/** Undefined when no key gets in: the section on the connection says why. */
async function openStage(bed: Bed, { given, findings, places }: PlayParts): Promise<Stage | undefined> {
  const { connector, script } = bed;
  const plan = createPlan(connector, script);
  const known = createKnown(plan, script);
  const needs = createNeeds(connector, plan, script.organisationSetting, given);
  for (const auth of connector.auth) {
    const key = bed.makeKey(auth);
    const view = await bed.install(auth, bed.valuesOf(auth, key)).catch(() => undefined);
    if (view?.row.state !== 'active') continue;
    return {
      ...{ bed, auth, given, known, findings, places },
      installation: view.row.id,
      secrets: secretTextsOf(bed, auth, key),
      samples: createSamples({ connector, script, given, plan, known, needs }),
      results: new Map(),
    };
  }
  return undefined;
}

async function callAll(stage: Stage, plan: Plan): Promise<void> {
  const { bed, given } = stage;
  const { connector, script, world } = bed;
  const methods = Object.values(connector.methods).filter(({ key }) => given.skip?.[key] === undefined);
  const needs = createNeeds(connector, plan, script.organisationSetting, given);
  const { making, deleting } = orderMethods(methods, plan, needs, given);
  for (const [index, phase] of making.entries()) {
    await checkCalls(stage, phase);
    world.advance(JOB_MS);
    if (index === READING) await checkListed(stage);
  }
  checkSame(stage);
  await checkPages(stage);
  await checkLookups(stage);
  await checkCalls(stage, deleting);
  await checkDeleted(stage);
  await checkFiring(stage);
}

const merge = (first: Findings, second: Findings): Findings => ({
  ...second,
  all: () => [...first.all(), ...second.all()],
  sections: () =>
    second.sections().map((section) => {
      const own = first.sections().find(({ name }) => name === section.name);
      return own && own.checked > 0 ? own : section;
    }),
});

function reportOf(
  folder: string,
  findings: Findings,
  connector: Connector | undefined,
  { skip = {} }: ConformanceScript,
): ConformanceReport {
  const all = findings.all();
  return {
    folder,
    ...(connector && {
      connector: {
        name: connector.name,
        version: connector.version,
        methods: Object.keys(connector.methods).length,
      },
    }),
    ok: all.every(({ level }) => level !== 'failure'),
    sections: findings.sections(),
    findings: all,
    skipped: Object.entries(skip).map(([method, reason]) => ({ method, reason })),
  };
}
