/** The rotation of an installation's credentials, as hooks: new ones are staged, tested, and put in the place of those in use. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Rotation, StagedTest } from './installation-answers.ts';
import type { Place } from './installations.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';

/** Not for installations without credentials of their own: `enabled`. */
export function useRotation({ account, installation }: Place, enabled: boolean) {
  return useQuery({
    queryKey: keys.rotation(account, installation),
    queryFn: ({ signal }) =>
      request<Rotation>('GET', pathOf`account/connectors/${installation}/rotation`, { account, signal }),
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
export function useRotationStep({ account, installation }: Place) {
  const client = useQueryClient();
  const path = pathOf`account/connectors/${installation}/rotation`;
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
      client.setQueryData(keys.rotation(account, installation), after);
      await client.invalidateQueries({ queryKey: keys.installation(account, installation), exact: true });
      await client.invalidateQueries({ queryKey: keys.installations(account), exact: true });
    },
  });
}
