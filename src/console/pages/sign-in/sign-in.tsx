/** A one-time link in the address, or an access key, comes in; a session goes out, and the page that was asked for. */
import {
  Anchor,
  Button,
  Center,
  Code,
  Divider,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { isApiError } from '../../api/api-error.ts';
import { type Credentials, useSession, useSignIn } from '../../api/session.ts';
import iconUrl from '../../icon.svg';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { ColorSchemeToggle } from '../../shell/color-scheme.tsx';
import type { SignInState } from '../../shell/signed-in.tsx';
import { isLink, takeLink } from './take-link.ts';

export default function SignIn() {
  const { state, hash } = useLocation();
  const session = useSession();
  const signIn = useSignIn();
  const { mutate } = signIn;
  useEffect(() => {
    document.title = 'Sign in - Fishplate';
  }, []);
  // In an effect: it runs once for each link, where rendering may run any number of times. The router's hash changes when
  // another link is pasted into the address of this page, which loads nothing anew.
  useEffect(() => {
    const link = isLink(hash) ? takeLink() : undefined;
    if (link !== undefined) mutate({ Link: link });
  }, [hash, mutate]);

  // A link goes before the session that is still there: it may be another service user's.
  const isOpening = isLink(hash) && (signIn.isIdle || (signIn.isPending && 'Link' in signIn.variables));
  if (session.data && !isOpening && !signIn.isError) return <Navigate to={placeOf(state)} replace />;
  return (
    <Center component="main" mih="100vh" p="md" className="sign-in">
      <Paper withBorder shadow="sm" p={{ base: 'lg', sm: 'xl' }} w="100%" maw={420}>
        <Stack gap="lg">
          <Stack gap={6}>
            <img src={iconUrl} width={40} height={40} alt="" />
            <Title order={1} size="h2" mt="xs">
              {isOpening ? 'Signing in ...' : 'Sign in to Fishplate'}
            </Title>
            <Text c="dimmed" size="sm" role="status">
              {isOpening
                ? 'The link is being checked.'
                : (state as SignInState | null)?.wasOpen
                  ? 'You were signed out. Sign in to go back to where you were; what was not saved is lost.'
                  : 'With an access key of your service user.'}
            </Text>
          </Stack>
          <ErrorNotice error={signIn.error} title={titleOf(signIn.error)} />
          {!isOpening && <KeyForm isPending={signIn.isPending} onSubmit={mutate} />}
          <Divider />
          <Text size="xs" c="dimmed">
            The program that runs the console makes one-time links: <Code>npx fishplate sign-in</Code> prints
            one.{' '}
            <Anchor href="/openapi.json" size="xs">
              The API describes itself
            </Anchor>
            .
          </Text>
        </Stack>
      </Paper>
      <div className="corner">
        <ColorSchemeToggle />
      </div>
    </Center>
  );
}

interface KeyFormProps {
  readonly isPending: boolean;
  readonly onSubmit: (credentials: Credentials) => void;
}

function KeyForm({ isPending, onSubmit }: KeyFormProps) {
  const [id, setId] = useState('');
  const [secret, setSecret] = useState('');
  const [wasTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (id !== '' && secret !== '') onSubmit({ ClientId: id.trim(), ClientSecret: secret.trim() });
  };
  const missing = (text: string) => (wasTried && text === '' ? 'Fill this in' : undefined);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="Client ID"
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          error={missing(id)}
          autoComplete="username"
          spellCheck={false}
          required
        />
        <PasswordInput
          label="Client secret"
          value={secret}
          onChange={({ currentTarget }) => setSecret(currentTarget.value)}
          error={missing(secret)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
          required
        />
        <Button type="submit" loading={isPending} loaderProps={{ type: 'dots' }} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** Links go wrong in three ways, and each is told apart. */
function titleOf(error: unknown): string | undefined {
  if (isApiError(error, 'link.used')) return 'This link was used already';
  if (isApiError(error, 'link.expired')) return 'The time of this link is over';
  if (isApiError(error, 'link.unknown')) return 'This link is not known here';
  if (isApiError(error, 'access.invalid-client')) return 'The id and the secret do not fit';
  return undefined;
}

const placeOf = (state: unknown) => (state as SignInState | null)?.from ?? '/';
