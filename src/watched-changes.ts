/** What changes installations and their credentials comes in; the same goes out, with an event for each change of state and each step. */
import type { Installations } from './installation/installations.ts';
import { codeOf } from './observed-send.ts';
import type { Observer } from './observer.ts';
import type { Rotation, RotationTarget } from './rotation-contract.ts';
import type { InstallationRow } from './store/rows.ts';

/** Tells of installations that come into another state. */
export function watchInstallations(installations: Installations, { event }: Observer): Installations {
  const tell = (before: InstallationRow, after: InstallationRow) => {
    if (before.state === after.state) return;
    const { stateReason: reason } = after;
    event({
      ...{ type: 'state', connector: after.connector, installationId: after.id, accountId: after.accountId },
      ...{ from: before.state, to: after.state },
      ...(reason && { reason: reason.code }),
      ...(reason?.notBefore !== undefined && { notBefore: reason.notBefore }),
    });
  };
  const { load } = installations;
  return {
    ...installations,
    setState: async (row, set, also) => {
      const after = await installations.setState(row, set, also);
      tell(row, after);
      return after;
    },
    change: async (accountId, id, change) => {
      const before = await load(accountId, id);
      const after = await installations.change(accountId, id, change);
      tell(before.row, after.row);
      return after;
    },
    deauthenticate: async (accountId, id) => {
      const before = await load(accountId, id);
      const after = await installations.deauthenticate(accountId, id);
      tell(before.row, after.row);
      return after;
    },
    reauthenticate: async (accountId, id) => {
      const before = await load(accountId, id);
      const after = await installations.reauthenticate(accountId, id);
      tell(before.row, after.row);
      return after;
    },
  };
}

/** Tells of every step of a rotation; looking at how far it is, is none. */
export function watchRotation(rotation: Rotation, { event }: Observer): Rotation {
  const told = async <T>(act: string, target: RotationTarget, step: () => Promise<T>): Promise<T> => {
    const name = 'connector' in target ? `console/${target.connector}` : target.installationId;
    try {
      const result = await step();
      event({ type: 'rotation', act, target: name, outcome: 'ok' });
      return result;
    } catch (error) {
      event({ type: 'rotation', act, target: name, outcome: codeOf(error) });
      throw error;
    }
  };
  return {
    status: (target) => rotation.status(target),
    stage: (target, values) => told('stage', target, () => rotation.stage(target, values)),
    test: (target, options) => told('test', target, () => rotation.test(target, options)),
    swap: (target, options) => told('swap', target, () => rotation.swap(target, options)),
    rotate: (target, values, options) =>
      told('rotate', target, () => rotation.rotate(target, values, options)),
    cancel: (target) => told('cancel', target, () => rotation.cancel(target)),
    purge: (target) => told('purge', target, () => rotation.purge(target)),
  };
}
