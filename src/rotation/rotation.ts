/** New credentials come in; they are staged, tested, and put in the place of those in use, without a call that fails for it. */
import { FishplateError, isFishplateError } from '../errors.ts';
import type { HeldCredentials } from '../held-credentials.ts';
import type { Installations } from '../installation/installations.ts';
import {
  assertRotatable,
  type CredentialValues,
  type Held,
  heldRemoval,
  heldRow,
  type Trial,
} from '../installation/rotation.ts';
import type {
  FallbackView,
  Rotation,
  RotationStatus,
  RotationTarget,
  StagedView,
  SwapOptions,
  TriedStatus,
} from '../rotation-contract.ts';
import type { Change, Store } from '../store/store.ts';
import { assertReplaces, createSubjects, isSameSubject, type Subject } from './subject.ts';
import { swapChanges } from './swap.ts';
import { createTrials, type TrialTools } from './trial.ts';

export interface RotationTools extends TrialTools {
  readonly installations: Installations;
  readonly held: HeldCredentials;
  readonly store: Store;
}

const STAGED_MS = 86_400_000;
const DEFAULT_FALLBACK_MINUTES = 60;
const MOST_FALLBACK_MINUTES = 10_080;
/** How often a swap is written again because others changed an installation, none of them its settings. */
const MOST_TURNS = 5;

export function createRotation({
  installations,
  library,
  held,
  store,
  tools,
  perform,
}: RotationTools): Rotation {
  const { now } = tools.world;

  const subjectOf = createSubjects(installations, library);
  const tryAll = createTrials({ library, tools, perform });

  const statusOf = async ({ level, owner }: Subject): Promise<RotationStatus> => {
    const staged = await held.find(owner, 'staged');
    const fallback = await held.find(owner, 'fallback');
    return {
      level,
      staged: staged ? stagedView(staged) : null,
      fallback: fallback ? fallbackView(fallback) : null,
    };
  };

  const stagedOf = async ({ owner }: Subject): Promise<Held> => {
    const staged = await held.find(owner, 'staged');
    if (staged) return staged;
    throw new FishplateError('rotation.nothing-staged', `no new credentials are staged for "${owner}"`);
  };

  const stage = async (target: RotationTarget, values: CredentialValues): Promise<Subject> => {
    const subject = await subjectOf(target);
    const { level, owner, connector, current } = subject;
    assertRotatable(connector, level, values);
    assertReplaces(subject, values);
    if (Object.entries(values).every(([key, value]) => current[key] === value))
      throw new FishplateError(
        'rotation.same-credentials',
        `these credentials of ${connector.title} are in use`,
      );
    const before = await held.find(owner, 'staged');
    // Later than what it replaces, so that nobody takes the one for the other.
    const createdAt = Math.max(now(), (before?.createdAt ?? 0) + 1);
    const staged: Held = {
      ...{ owner, kind: 'staged', values, createdAt, purgeAt: createdAt + STAGED_MS },
      ...{ trial: null, usedAt: null, usedFor: null },
    };
    const exists: Change[] = subject.users
      .filter(({ row }) => row.id === owner)
      // Removed since it was looked up? What is left behind would stay for ever.
      .map(({ row }) => ({ op: 'update', table: 'installation', id: row.id, set: {} }));
    await write([...exists, { op: 'upsert', table: 'heldCredentials', row: heldRow(staged) }]);
    return subject;
  };

  const noteTrial = async (staged: Held, trial: Trial): Promise<void> => {
    const { id, values } = heldRow({ ...staged, trial });
    const expect = { createdAt: staged.createdAt };
    await write([{ op: 'update', table: 'heldCredentials', id, set: { values }, expect }]);
  };

  const swap = async (target: RotationTarget, options: SwapOptions): Promise<TriedStatus> => {
    const minutes = checkMinutes(options.fallbackMinutes ?? DEFAULT_FALLBACK_MINUTES);
    const subject = await subjectOf(target);
    const staged = await stagedOf(subject);
    const { tried, trial, refusal } = await tryAll(subject, staged.values, options);
    if (refusal) {
      // Replaced meanwhile: then this is of no interest to those who look at what is staged.
      await noteTrial(staged, trial).catch(() => undefined);
      throw refusal;
    }
    const purgeAt = now() + minutes * 60_000;
    for (let turn = 1, latest = subject; ; turn++) {
      try {
        await store.write(swapChanges(latest, { staged, tried, now: now(), purgeAt }));
        return { ...(await statusOf(subject)), trial };
      } catch (error) {
        if (!isFishplateError(error, 'store.stale')) throw error;
        latest = await subjectOf(target);
        // A state that was written meanwhile changes nothing of what the test found; a setting does.
        if (turn === MOST_TURNS || !isSameSubject(subject, latest)) throw changedMeanwhile(error);
      }
    }
  };

  const write = (changes: readonly Change[]): Promise<void> =>
    store.write(changes).catch((error: unknown) => {
      throw isFishplateError(error, 'store.stale') ? changedMeanwhile(error) : error;
    });

  return {
    status: async (target) => statusOf(await subjectOf(target)),
    stage: async (target, values) => statusOf(await stage(target, values)),
    test: async (target, options = {}) => {
      const subject = await subjectOf(target);
      const staged = await stagedOf(subject);
      const { trial } = await tryAll(subject, staged.values, options);
      await noteTrial(staged, trial);
      return { ...(await statusOf(subject)), trial };
    },
    swap: (target, options = {}) => swap(target, options),
    rotate: async (target, values, options = {}) => {
      checkMinutes(options.fallbackMinutes ?? DEFAULT_FALLBACK_MINUTES);
      const { owner } = await stage(target, values);
      try {
        return await swap(target, options);
      } catch (error) {
        await store.write([heldRemoval(owner, 'staged')]);
        throw error;
      }
    },
    cancel: async (target) => {
      const subject = await subjectOf(target);
      await store.write([heldRemoval(subject.owner, 'staged')]);
      return statusOf(subject);
    },
    purge: async (target) => {
      const subject = await subjectOf(target);
      await store.write([heldRemoval(subject.owner, 'fallback')]);
      return statusOf(subject);
    },
  };
}

function checkMinutes(minutes: number): number {
  if (Number.isSafeInteger(minutes) && minutes >= 0 && minutes <= MOST_FALLBACK_MINUTES) return minutes;
  throw new FishplateError(
    'input.invalid',
    `FallbackMinutes is ${minutes}; it must be a whole number from 0 to ${MOST_FALLBACK_MINUTES}`,
  );
}

const changedMeanwhile = (cause: unknown) =>
  new FishplateError(
    'installation.changed',
    'the installation, or what is staged for it, was changed meanwhile',
    {
      cause,
    },
  );

const viewOf = ({ values, createdAt, purgeAt }: Held) => ({
  settings: Object.keys(values),
  createdAt,
  purgeAt,
});
const stagedView = (held: Held): StagedView => ({ ...viewOf(held), trial: held.trial });
const fallbackView = (held: Held): FallbackView => ({
  ...viewOf(held),
  usedAt: held.usedAt,
  usedFor: held.usedFor,
});
