/** The session comes in; the pages behind it go out, or the way to the sign-in, which leads back. */
import { Center } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { Navigate, useLocation } from 'react-router';
import { useSession } from '../api/session.ts';
import { ErrorNotice } from '../parts/error-notice.tsx';
import { Loading } from '../parts/loading.tsx';

/** What the sign-in page finds in its location's state. */
export interface SignInState {
  /** Path, with query and fragment, of the page that was asked for. */
  readonly from: string;
  /** The session ended while it was open. */
  readonly wasOpen: boolean;
}

export function SignedIn({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const { pathname, search, hash } = useLocation();
  const wasOpen = useRef(false);
  if (session.data) {
    wasOpen.current = true;
    return children;
  }
  if (session.data === null) {
    const state: SignInState = { from: pathname + search + hash, wasOpen: wasOpen.current };
    return <Navigate to="/sign-in" replace state={state} />;
  }
  return (
    <Center component="main" mih="100vh" p="md">
      {session.isError ? (
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      ) : (
        <Loading what="Checking who you are" rows={0} />
      )}
    </Center>
  );
}
