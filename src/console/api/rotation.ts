/** The rotation of credentials, of an installation or of the console, as hooks: new ones are staged, tested and swapped in. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Rotation, StagedTest } from './installation-answers.ts';
import type { Place } from './installations.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** Whose credentials: an installation's own, or those that the console gives of a connector. */
export type RotationTarget = Place | { readonly connector: string };

/** Not for installations without credentials of their own, nor for whoever may not set the console up: `enabled`. */
export function useRotation(target: RotationTarget, enabled: boolean) {
  const { queryKey, path, account } = placeOf(target);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => request<Rotation>('GET', path, { account, signal }),
    enabled,
  });
}

export type RotationStep =
  /** Tests the new credentials and swaps; those from before are kept for so long. */
  | {
      readonly step: 'rotate';
      readonly values: Readonly<Record<string, string>>;
      readonly fallbackMinutes: number;
    }
  | { readonly step: 'stage'; readonly values: Readonly<Record<string, string>> }
  | { readonly step: 'test' }
  | { readonly step: 'swap'; readonly fallbackMinutes: number }
  | { readonly step: 'cancel' }
  | { readonly step: 'purge' };

/** Where a rotation stands after a step, with the test that the step made. */
export type RotationAfter = Rotation & { readonly Test?: StagedTest };

/** A step that the vendor's refusal stopped throws `ApiError`; what was in use is in use then. */
export function useRotationStep(target: RotationTarget) {
  const client = useQueryClient();
  const { queryKey, path, account, concerns } = placeOf(target);
  const send = (given: RotationStep): Promise<RotationAfter> => {
    switch (given.step) {
      case 'rotate': {
        const body = { Settings: given.values, FallbackMinutes: given.fallbackMinutes };
        return request('POST', path, { account, body });
      }
      case 'stage':
        return request('PUT', path, { account, body: { Settings: given.values } });
      case 'test':
        return request('POST', `${path}/test`, { account, body: {} });
      case 'swap': {
        const body = { FallbackMinutes: given.fallbackMinutes };
        return request('POST', `${path}/swap`, { account, body });
      }
      case 'cancel':
        return request('DELETE', path, { account });
      case 'purge':
        return request('DELETE', `${path}/fallback`, { account });
    }
  };
  return useMutation({
    gcTime: 0,
    mutationFn: send,
    onSuccess: async ({ Test: _, ...after }) => {
      client.setQueryData(queryKey, after);
      await Promise.all(concerns.map((filter) => client.invalidateQueries(filter)));
    },
  });
}

interface RotationPlace {
  readonly account: string | undefined;
  readonly path: string;
  readonly queryKey: readonly string[];
  /** Other answers that a step makes old. */
  readonly concerns: readonly { readonly queryKey: readonly string[]; readonly exact: boolean }[];
}

function placeOf(target: RotationTarget): RotationPlace {
  if ('connector' in target)
    return {
      account: undefined,
      path: pathOf`connectors/${target.connector}/rotation`,
      queryKey: keys.consoleRotation(target.connector),
      concerns: [
        { queryKey: keys.consoleSetup(target.connector), exact: true },
        // States of installations follow from it.
        { queryKey: keys.accounts, exact: false },
      ],
    };
  const { account, installation } = target;
  return {
    account,
    path: pathOf`account/connectors/${installation}/rotation`,
    queryKey: keys.rotation(account, installation),
    concerns: [
      { queryKey: keys.installation(account, installation), exact: true },
      { queryKey: keys.installations(account), exact: true },
    ],
  };
}
