/** Methods come in; each is previewed and called with a sample, and what does not hold of request or answer is noted. */
import type { Method } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { Arguments } from '../request/arguments.ts';
import { createSchemaChecker, type SchemaChecker } from '../schema.ts';
import { shown } from './report.ts';
import { referencesIn } from './script.ts';
import { describeError, mendOf, type Stage, tryCall } from './stage.ts';

/** Long enough for jobs to be done, too short for a token to expire. */
export const JOB_MS = 10_000;

/** Previews and calls the methods in their order, and learns from the answers. */
export async function checkCalls(stage: Stage, methods: readonly Method[]): Promise<void> {
  const checker = createSchemaChecker(stage.bed.connector.types);
  const { samples = {} } = stage.given;
  for (const method of methods) {
    const sample = samples[method.key];
    // What an earlier call has begun is done by now, unless this one shall come at once.
    if (sample?.after === undefined && referencesIn(sample).length > 0) stage.bed.world.advance(JOB_MS);
    await checkCall(stage, method, checker);
  }
}

async function checkCall(stage: Stage, method: Method, checker: SchemaChecker): Promise<void> {
  const { findings, places, samples, known, results } = stage;
  await readBefore(stage, method);
  const args = samples.argumentsOf(method);
  findings.checked('requests', method.key);
  if (!(await checkPreviews(stage, method, [args, samples.allArguments(method)]))) return;
  findings.checked('answers', method.key);
  const result = await tryCall(stage, method, args);
  if (result instanceof FishplateError) {
    findings.fail('answers', {
      subject: method.key,
      expected: `an answer to ${shown(args)}`,
      came: describeError(result),
      mend: mendOf(result),
      at: places.method(method.key),
    });
    return;
  }
  results.set(method.key, { args, result });
  known.learn(method, result.body);
  const problems = method.response === undefined ? [] : checker.check(method.response, result.body);
  if (problems.length === 0) return;
  findings.fail('answers', {
    subject: method.key,
    expected: 'an answer that satisfies the response schema',
    came: `${shown(result.body)} - ${problems.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')}`,
    mend: 'Correct the schema, or what sandbox.yaml answers.',
    at: places.method(method.key, [method.paging ? 'items' : 'response']),
  });
}

/** Whoever changes an entity sends the version that it has read, and others may have changed it meanwhile. */
async function readBefore(stage: Stage, method: Method): Promise<void> {
  const read = method.body && stage.samples.readerOf(method);
  if (!read) return;
  const result = await tryCall(stage, read, stage.samples.argumentsOf(read));
  if (!(result instanceof FishplateError)) stage.known.learn(read, result.body);
}

/** Whether the method can be called: with what it must have, and with every parameter that there is. */
async function checkPreviews(
  { bed: { runtime, account }, installation, secrets, findings, places }: Stage,
  method: Method,
  tries: readonly Arguments[],
): Promise<boolean> {
  const subject = method.key;
  for (const args of tries) {
    try {
      const preview = await runtime.preview(account, installation, method.key, args);
      const text = JSON.stringify(preview);
      if (!secrets.some((secret) => text.includes(secret))) continue;
      findings.fail('requests', {
        subject,
        expected: 'a preview without secrets',
        came: `the secret of the key, in clear: ${secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), shown(preview))}`,
        mend: 'Name the fields that hold secrets under sensitive.',
        at: places.method(subject),
      });
    } catch (error) {
      if (!isFishplateError(error)) throw error;
      findings.fail('requests', {
        subject,
        expected: `a request made of ${shown(args)}`,
        came: describeError(error),
        mend: mendOf(error),
        at: places.method(subject),
      });
      return false;
    }
  }
  return true;
}
