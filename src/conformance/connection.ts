/** A connector that is played comes in; whether its connection test takes a good key, and says what ails another, is noted. */
import type { AuthMethod, Meaning } from '../definition/connector.ts';
import { type ErrorCode, errorCatalogue, isFishplateError } from '../errors.ts';
import type { InstallationView } from '../runtime-contract.ts';
import { signsItself } from '../sandbox/key-values.ts';
import { exchangesToken } from './answered.ts';
import type { Bed, MadeKey } from './bed.ts';
import type { Places } from './places.ts';
import type { Findings } from './report.ts';

interface Trial {
  readonly bed: Bed;
  readonly auth: AuthMethod;
  readonly findings: Findings;
  readonly places: Places;
}

/** Tries every auth method. */
export async function checkConnection(bed: Bed, findings: Findings, places: Places): Promise<void> {
  for (const auth of bed.connector.auth) {
    const trial = { bed, auth, findings, places };
    if (!(await checkGood(trial))) continue;
    await checkBad(trial);
    await checkInactive(trial);
    await checkPowerless(trial);
    await checkForeign(trial);
    await checkElsewhere(trial);
  }
}

type Verdict = { readonly code: ErrorCode | undefined; readonly text: string };

const verdictOf = ({ row }: InstallationView): Verdict => {
  const { state, stateReason } = row;
  if (state === 'active') return { code: undefined, text: 'the installation is active' };
  if (!stateReason) return { code: undefined, text: `the installation is ${state}` };
  return { code: stateReason.code as ErrorCode, text: `${stateReason.code}: ${stateReason.message}` };
};

async function checkGood({ bed, auth, findings, places }: Trial): Promise<boolean> {
  const { method, identity } = bed.connector.test;
  const subject = `test (${auth.id})`;
  const at = places.connector('test');
  findings.checked('connection', subject);
  const view = await tryInstall({ bed, auth, findings, places }, bed.valuesOf(auth, bed.makeKey(auth)));
  if (!view) return false;
  if (view.row.state !== 'active') {
    findings.fail('connection', {
      ...{ subject, at },
      expected: `${method} to prove a good key`,
      came:
        view.missing.length > 0
          ? `no value for ${view.missing.map(({ key }) => key).join(', ')}`
          : verdictOf(view).text,
      mend:
        view.missing.length > 0
          ? 'Give the setting a default, or a value under settings in conformance.yaml.'
          : 'Compare auth in connector.yaml with what sandbox.yaml demands of a token request, and the method with its schema.',
    });
    return false;
  }
  for (const [field, path] of Object.entries(identity)) {
    const value = view.row.identity?.[field];
    if (value !== null && value !== undefined) continue;
    findings.fail('connection', {
      subject: `test.identity.${field}`,
      expected: `a value at "${path}" of what ${method} answers`,
      came: 'nothing',
      mend: 'Correct the path, or the answer in sandbox.yaml.',
      at: places.connector('test', 'identity', field),
    });
  }
  return true;
}

/** Undefined, and noted, when the values are not even taken. */
async function tryInstall(
  { bed, auth, findings, places }: Trial,
  values: Readonly<Record<string, string>>,
): Promise<InstallationView | undefined> {
  try {
    return await bed.install(auth, values);
  } catch (error) {
    if (!isFishplateError(error)) throw error;
    findings.fail('connection', {
      subject: `test (${auth.id})`,
      expected: 'values for every setting that the patterns of the settings allow',
      came: error.message,
      mend: 'Give values under settings in conformance.yaml. What the sandbox makes itself, keys and secrets, has the form that accessKeys in sandbox.yaml says: idPrefix, idLength, secretPrefix, secretLength.',
      at: places.connector('settings'),
    });
    return undefined;
  }
}

/** Installs with values that are wrong, and holds the answer against what is expected. */
async function checkRefused(
  trial: Trial,
  what: string,
  values: Readonly<Record<string, string>>,
  fits: (verdict: Verdict) => string | undefined,
  refusals = 'the refusals',
): Promise<Verdict | undefined> {
  const { auth, findings, places } = trial;
  const subject = `test (${auth.id}), ${what}`;
  findings.checked('connection', subject);
  const view = await tryInstall(trial, values);
  if (!view) return undefined;
  const verdict = verdictOf(view);
  const expected = fits(verdict);
  if (expected !== undefined)
    findings.fail('connection', {
      subject,
      expected,
      came: verdict.text,
      mend: `The first rule of failures that matches decides: see their order, and ${refusals} in sandbox.yaml.`,
      at: places.connector('failures') ?? places.connector('test'),
    });
  return verdict;
}

const isOfCredentials = ({ code }: Verdict) =>
  code !== undefined && errorCatalogue[code].category === 'credentials';

/** The code that a meaning has, when a rule of the connector gives it. */
const ruledCode = ({ bed }: Trial, meaning: Meaning): ErrorCode | undefined =>
  bed.connector.failures.some(({ means }) => means === meaning) ? `vendor.${meaning}` : undefined;

const elseThan = (codes: readonly (ErrorCode | undefined)[], { code }: Verdict) =>
  code !== undefined && !codes.includes(code);

/** The id of one key with the secret of another, which is gone. */
async function checkBad(trial: Trial): Promise<void> {
  const { bed, auth } = trial;
  const own = bed.makeKey(auth);
  const wrong = bed.makeKey(auth);
  bed.sandbox.access.deleteServiceUser(wrong.serviceUserId);
  const values = { ...bed.valuesOf(auth, own), ...secretsOf(bed, wrong) };
  await checkRefused(trial, 'wrong secret', values, (verdict) => {
    const others = (['key-inactive', 'wrong-organisation', 'wrong-environment'] as const).map(
      (meaning): ErrorCode => `vendor.${meaning}`,
    );
    if (isOfCredentials(verdict) && elseThan(others, verdict)) return undefined;
    return 'vendor.bad-credentials';
  });
}

const secretsOf = ({ connector }: Bed, { values }: MadeKey) =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name], _, all) => all.length === 1 || connector.settings[name]?.secret === true,
    ),
  );

async function checkInactive(trial: Trial): Promise<void> {
  const { bed, auth } = trial;
  const key = bed.makeKey(auth);
  try {
    bed.sandbox.access.setKeyActive(key.keyId, false);
  } catch (error) {
    // Not every vendor can.
    if (isFishplateError(error, 'sandbox.not-allowed')) return;
    throw error;
  }
  const wanted = ruledCode(trial, 'key-inactive');
  const refusal = exchangesToken(auth) ? 'inactiveKey' : 'revokedToken';
  await checkRefused(
    trial,
    'inactive key',
    bed.valuesOf(auth, key),
    (verdict) => {
      if (wanted !== undefined) return verdict.code === wanted ? undefined : wanted;
      return isOfCredentials(verdict)
        ? undefined
        : 'a code of the category credentials, such as vendor.key-inactive';
    },
    `refusals.${refusal}`,
  );
}

/** A key that works and may do nothing: whoever gets this wrong sends people to look for another key. */
async function checkPowerless(trial: Trial): Promise<void> {
  const { bed, auth } = trial;
  const key = bed.makeKey(auth, { policies: [] });
  await checkRefused(trial, 'no permissions', bed.valuesOf(auth, key), (verdict) =>
    isOfCredentials(verdict) ? 'no doubt about the key, which is good: vendor.forbidden' : undefined,
  );
}

async function checkForeign(trial: Trial): Promise<void> {
  const { bed, auth } = trial;
  const { organisationSetting: setting, organisations } = bed.script;
  const foreign = organisations[1]?.id;
  if (setting === undefined || foreign === undefined) return;
  const wanted = ruledCode(trial, 'wrong-organisation');
  const values = { ...bed.valuesOf(auth, bed.makeKey(auth)), [setting]: foreign };
  await checkRefused(trial, 'wrong organisation', values, (verdict) => {
    if (wanted !== undefined) return verdict.code === wanted ? undefined : wanted;
    return elseThan(['vendor.bad-credentials', 'vendor.key-inactive'], verdict)
      ? undefined
      : 'something else than a bad key: vendor.wrong-organisation';
  });
}

/** Of connectors with one environment nobody can choose the wrong one. */
async function checkElsewhere(trial: Trial): Promise<void> {
  const { bed, auth } = trial;
  const { named, other } = bed.connector.environments;
  // The two that were added do not count.
  if (Object.keys(named).length < 4 && !other) return;
  const wanted = ruledCode(trial, 'wrong-environment');
  // What fixed keys meet there is no answer to their credentials.
  const fits = wanted !== undefined && (auth.kind === 'client-credentials' || auth.kind === 'login');
  await checkRefused(trial, 'wrong environment', bed.valuesOf(auth, bed.makeKey(auth), true), (verdict) => {
    if (fits) return verdict.code === wanted ? undefined : wanted;
    return elseThan(['vendor.bad-credentials', 'vendor.key-inactive'], verdict)
      ? undefined
      : 'something else than a bad key';
  });
}

/** What must not be seen: the secrets of a key, and what is made of them. */
export function secretTextsOf(bed: Bed, auth: AuthMethod, key: MadeKey): string[] {
  const secrets = Object.values(secretsOf(bed, key));
  if (signsItself(auth)) return secrets;
  const pairs = Object.values(key.values).flatMap((id) => secrets.map((secret) => `${id}:${secret}`));
  return [...secrets, ...[...secrets, ...pairs].map((text) => Buffer.from(text).toString('base64'))];
}
