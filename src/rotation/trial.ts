/** Staged credentials come in; whether the vendor takes them, on each installation that would use them, goes out. */
import { atOnce } from '../at-once.ts';
import { createMemoryTokens } from '../auth/memory-tokens.ts';
import type { Token } from '../auth/token.ts';
import { exchangeFingerprint, isTokenAuth } from '../auth/token-request.ts';
import type { Library } from '../definition/library.ts';
import { FishplateError } from '../errors.ts';
import type { ExchangeTools } from '../exchange.ts';
import { authOf } from '../installation/auth-of.ts';
import type { LoadedInstallation } from '../installation/installation.ts';
import {
  assertSameOrganisation,
  type CredentialValues,
  identityChanges,
  type Trial,
  type TrialResult,
  withCredentials,
} from '../installation/rotation.ts';
import { completeSettings } from '../installation/settings.ts';
import { renewToken, secretsInUse } from '../obtain-token.ts';
import type { Perform } from '../perform.ts';
import { readIdentity } from '../response/identity.ts';
import type { TestOptions } from '../rotation-contract.ts';
import type { Subject } from './subject.ts';

export interface TrialTools {
  readonly library: Library;
  readonly tools: ExchangeTools;
  readonly perform: Perform;
}

/** A test on one installation, with what a swap needs of it. */
export interface Tried {
  readonly loaded: LoadedInstallation;
  readonly result: TrialResult;
  readonly error?: FishplateError;
  /** Of the staged credentials; absent for kinds without tokens. */
  readonly token?: { readonly fingerprint: string; readonly token: Token };
}

/** What the trials found; `refusal` says why the credentials may not come in, if they may not. */
export interface Trials {
  readonly tried: readonly Tried[];
  readonly trial: Trial;
  readonly refusal: FishplateError | undefined;
}

const MOST_TESTS = 8;

/** Throws `rotation.untestable`, `input.invalid`; what the vendor says is a result. */
export function createTrials({
  library,
  tools,
  perform,
}: TrialTools): (subject: Subject, values: CredentialValues, options: TestOptions) => Promise<Trials> {
  const { now } = tools.world;

  /** Exchanges and calls with a token cache of its own: what is in use notices nothing of it. */
  const tryOn = async (
    subject: Subject,
    values: CredentialValues,
    user: LoadedInstallation,
  ): Promise<Tried> => {
    const { connector } = user;
    const { row } = user;
    const loaded = {
      ...user,
      resolution: withCredentials(connector, user.resolution, subject.level, values),
    };
    const tokens = createMemoryTokens(now);
    try {
      const settings = completeSettings(connector, loaded.resolution);
      const auth = authOf(loaded);
      await renewToken({ installationId: row.id, settings, auth }, { ...tools, tokens });
      const { method, arguments: args } = connector.test;
      const sole = { tokens, as: 'staged' } as const;
      const { body } = await perform(loaded, library.method(connector, method), args, { sole });
      const identity = readIdentity(
        connector,
        body,
        secretsInUse({ installationId: row.id, settings, auth }, { ...tools, tokens }),
      );
      assertSameOrganisation(connector, row.identity, identity);
      const changed = identityChanges(row.identity, identity);
      const fingerprint = isTokenAuth(auth) ? exchangeFingerprint(auth, settings) : undefined;
      const token = fingerprint && tokens.peek({ installationId: row.id, fingerprint });
      const result = { installationId: row.id, ok: true, identity, changed, reason: null };
      return { loaded: user, result, ...(fingerprint && token && { token: { fingerprint, token } }) };
    } catch (error) {
      if (!(error instanceof FishplateError)) throw error;
      const { code, message, hint } = error;
      const reason = { code, message, hint };
      const result = { installationId: row.id, ok: false, identity: null, changed: [], reason };
      return { loaded: user, result, error };
    }
  };

  return async (subject, values, { installations: chosen }) => {
    const users = chosenOf(subject, chosen);
    if (users.length === 0)
      throw new FishplateError(
        'rotation.untestable',
        `no installation uses the credentials of ${subject.connector.title} that the console gives`,
      );
    const tried: Tried[] = [];
    await atOnce(MOST_TESTS, users, async (user) => {
      tried.push(await tryOn(subject, values, user));
    });
    const order = users.map(({ row }) => row.id);
    tried.sort((a, b) => order.indexOf(a.loaded.row.id) - order.indexOf(b.loaded.row.id));
    const refusal = refusalOf(tried);
    const trial: Trial = {
      at: now(),
      ok: refusal === undefined,
      results: tried.map(({ result }) => result),
    };
    return { tried, trial, refusal };
  };
}

function chosenOf(
  { level, users, connector }: Subject,
  chosen: TestOptions['installations'],
): readonly LoadedInstallation[] {
  if (chosen === undefined || level === 'account') return users;
  const unknown = chosen.filter((id) => !users.some(({ row }) => row.id === id));
  if (unknown.length > 0)
    throw new FishplateError(
      'input.invalid',
      `${unknown.join(', ')}: no installation that uses the credentials of ${connector.title} from the console`,
    );
  return users.filter(({ row }) => chosen.includes(row.id));
}

/**
 * Why the staged credentials may not come in; undefined when they may. They must work where those in use do, and
 * somewhere: an installation that fails anyhow - a wrong organisation id, say - does not stand in their way.
 */
function refusalOf(tried: readonly Tried[]): FishplateError | undefined {
  const works = tried.some(({ result }) => result.ok);
  const blocking = tried.filter(({ loaded, error }) => error && (!works || loaded.row.state === 'active'));
  const [first] = blocking;
  if (!first?.error) return undefined;
  if (tried.length === 1) return first.error;
  const problems = blocking.map(({ loaded, error }) => ({
    path: loaded.row.id,
    message: `${error?.message ?? ''} [${error?.code ?? ''}]`,
  }));
  return new FishplateError(
    'rotation.refused',
    `the new credentials fail on ${blocking.length} of ${tried.length} installations: ${problems[0]?.message ?? ''}`,
    { problems, cause: first.error },
  );
}
