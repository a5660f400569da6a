/** What the runtime offers for replacing credentials while calls go on: the types that server, CLI and library users program against. */
import type { CredentialLevel, Trial } from './installation/rotation.ts';

/** An installation's own credentials, or those that the console gives to all accounts. */
export type RotationTarget =
  | { readonly accountId: string; readonly installationId: string }
  | { readonly connector: string };

/** Credentials that are held beside those in use; never their values. */
interface HeldView {
  /** Keys of the settings that they are for. */
  readonly settings: readonly string[];
  /** Times in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly purgeAt: number;
}

export interface StagedView extends HeldView {
  /** The last test; null before the first. */
  readonly trial: Trial | null;
}

export interface FallbackView extends HeldView {
  /** When a call was last carried by them; null when none was. */
  readonly usedAt: number | null;
  /** The code of the refusal of the credentials in use. */
  readonly usedFor: string | null;
}

export interface RotationStatus {
  readonly level: CredentialLevel;
  readonly staged: StagedView | null;
  readonly fallback: FallbackView | null;
}

export interface TriedStatus extends RotationStatus {
  /** What the test of the staged credentials found. */
  readonly trial: Trial;
}

export interface TestOptions {
  /**
   * Of the console's credentials: ids of the installations to test on, in place of all that use them. Throws
   * `input.invalid` for one that does not.
   */
  readonly installations?: readonly string[];
}

export interface SwapOptions extends TestOptions {
  /** For how long the credentials from before are kept, 0 to 10,080 (a week); 60 unless given. */
  readonly fallbackMinutes?: number;
}

/**
 * Every method throws `installation.unknown`, `installation.deauthenticated` or `connector.unknown`, and
 * `settings.wrong-level` for an installation whose credentials come from the console.
 */
export interface Rotation {
  status(target: RotationTarget): Promise<RotationStatus>;
  /**
   * Keeps new credentials for a day, beside those in use; ones that were staged before are replaced. A value that is not
   * given stays as it is. Throws `rotation.not-credentials`, `rotation.same-credentials`, and what `assertSettable` throws.
   */
  stage(target: RotationTarget, values: Readonly<Record<string, string>>): Promise<RotationStatus>;
  /**
   * Exchanges a token with the staged credentials and makes the connection test with it. Neither state nor token of an
   * installation changes; a refusal is a result. Throws `rotation.nothing-staged`, `rotation.untestable`.
   */
  test(target: RotationTarget, options?: TestOptions): Promise<TriedStatus>;
  /**
   * Tests, and puts the staged credentials in the place of those in use, which become the fallback. Throws what the test
   * found when they do not work - `vendor.*`, `rotation.other-organisation`, for the console `rotation.refused` - and
   * then nothing is changed; `installation.changed` when others changed it meanwhile.
   */
  swap(target: RotationTarget, options?: SwapOptions): Promise<TriedStatus>;
  /** Stages and swaps; what does not work is not left staged. Throws like both. */
  rotate(
    target: RotationTarget,
    values: Readonly<Record<string, string>>,
    options?: SwapOptions,
  ): Promise<TriedStatus>;
  /** Forgets what is staged. */
  cancel(target: RotationTarget): Promise<RotationStatus>;
  /** Forgets the fallback now. */
  purge(target: RotationTarget): Promise<RotationStatus>;
}
