/** Credentials or a one-time link come in; the session, and what it may do, goes out - as hooks. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Message, Session } from './answers.ts';
import { isSignedOut } from './api-error.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

const path = pathOf`session`;

export type Credentials =
  | { readonly Link: string }
  | { readonly ClientId: string; readonly ClientSecret: string };

/** `data` is null when nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }) => {
      try {
        return await request<Session>('GET', path, { signal });
      } catch (error) {
        if (isSignedOut(error)) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** The API answers with an http-only cookie; no script sees the token. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => request<Session>('POST', path, { body: credentials }),
    onSuccess: async (session) => {
      // Whoever asked before the cookie came would be told "nobody" after it.
      await client.cancelQueries();
      forgetAll(client);
      client.setQueryData(keys.session, session);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<Message>('DELETE', path),
    onSuccess: async () => {
      await client.cancelQueries();
      forgetAll(client);
      client.setQueryData(keys.session, null);
    },
  });
}

/** What one service user saw is not for the next one. The session itself stays: whoever shows it is to hear of the new one. */
function forgetAll(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
}

export interface Right {
  readonly allowed: boolean;
  /** Why not, for whoever sees the disabled button; empty when it is allowed. */
  readonly reason: string;
}

/**
 * Whether the signed-in service user may do an action (src/access/actions.ts) to something at all. A hint for what to
 * show: the API judges each request by itself. Controls are disabled with `reason`, never hidden.
 */
export function useMay(action: string): Right {
  const { data: session } = useSession();
  return rightOf(session ?? null, action);
}

/** The same without React. */
export function rightOf(session: Session | null, action: string): Right {
  if (session === null) return { allowed: false, reason: 'You are not signed in.' };
  if (session.May.includes(action)) return { allowed: true, reason: '' };
  const { Name, Policies } = session.ServiceUser;
  const policies = Policies.length === 0 ? 'has no permission policy' : `has ${Policies.join(', ')}`;
  return { allowed: false, reason: `${Name} ${policies}, which does not allow ${action}.` };
}
