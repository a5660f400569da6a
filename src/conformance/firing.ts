/** A stage with a good installation comes in; the sandbox answers as each failure rule describes, and what the caller is told is noted. */
import type { ErrorCode } from '../errors.ts';
import { FishplateError } from '../errors.ts';
import { exchangesToken } from './answered.ts';
import { answersOf, type DecidedAnswer } from './rules.ts';
import { type Stage, tryCall } from './stage.ts';

/** To be asked last: keys that are called bad leave the installation failing. Needs what calls have been made of. */
export async function checkFiring(stage: Stage): Promise<void> {
  const { failures } = stage.bed.connector;
  let fired = 0;
  for (const [index, { means }] of failures.entries()) {
    const answer = answersOf(stage.bed.connector, index).find((each) => canBeAsked(stage, each));
    if (!answer) continue;
    fired++;
    const code = await codeOf(stage, answer);
    const expected: ErrorCode = `vendor.${means}`;
    if (code === expected) continue;
    stage.findings.fail('failures', {
      subject: `failures[${index}] (${means})`,
      expected: `${expected} of ${answer.method?.key ?? 'a token request'} when it is answered ${answer.status} ${JSON.stringify(answer.body)}`,
      came: code ?? 'a success',
      mend: 'See what the rule looks at, and at: call or at: token.',
      at: stage.places.connector('failures', index),
    });
  }
  if (fired > 0) stage.findings.note('failures', `${fired} of them over HTTP`);
}

const canBeAsked = ({ bed, results }: Stage, { method }: DecidedAnswer): boolean =>
  method ? results.has(method.key) && !method.etag : bed.connector.auth.some(exchangesToken);

async function codeOf(stage: Stage, { method, ...answer }: DecidedAnswer): Promise<ErrorCode | undefined> {
  const { bed, results } = stage;
  const { faults } = bed.sandbox;
  faults.add({ method: method?.key ?? 'token', ...answer });
  try {
    if (!method) return await codeOfToken(stage);
    const result = await tryCall(stage, method, results.get(method.key)?.args ?? {});
    return result instanceof FishplateError ? result.code : undefined;
  } finally {
    faults.clear();
    // What was refused leaves the installation failing until it is tested again.
    await bed.runtime.test(bed.account, stage.installation);
  }
}

async function codeOfToken({ bed }: Stage): Promise<ErrorCode | undefined> {
  const auth = bed.connector.auth.find(exchangesToken);
  if (!auth) return undefined;
  const { row } = await bed.install(auth, bed.valuesOf(auth, bed.makeKey(auth)));
  return row.stateReason?.code as ErrorCode | undefined;
}
