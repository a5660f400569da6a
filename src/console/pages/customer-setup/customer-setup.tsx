/** A setup link's token comes in by the fragment of the address; what it asks for goes out, and then who the credentials are. */
import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconClockX, IconLinkOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { isApiError } from '../../api/api-error.ts';
import type { SetupForm } from '../../api/installation-answers.ts';
import { openSetupLink } from '../../api/setup-links.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ColorSchemeToggle } from '../../shell/color-scheme.tsx';
import { readLink, takeLink } from '../sign-in/take-link.ts';
import { CustomerForm } from './customer-form.tsx';
import { Done } from './done.tsx';
import { Stop } from './stop.tsx';

export default function CustomerSetup() {
  const { hash } = useLocation();
  // Taken before anything is shown: it must not stay in the address or the history. Kept in this page alone.
  const [token, setToken] = useState(readLink);
  const [form, setForm] = useState<SetupForm>();
  const [error, setError] = useState<unknown>();
  // Of this visit: a link can also be sent for a connection that works already.
  const [isDone, setDone] = useState(false);
  const asked = useRef<string>(undefined);
  useEffect(() => {
    const link = hash === '' ? undefined : takeLink();
    if (link !== undefined) setToken(link);
  }, [hash]);
  const open = (link: string) => {
    asked.current = link;
    setError(undefined);
    setForm(undefined);
    setDone(false);
    openSetupLink(link).then(
      (opened) => asked.current === link && setForm(opened),
      (reason: unknown) => asked.current === link && setError(reason),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each link
  useEffect(() => {
    if (token !== undefined && asked.current !== token) open(token);
  }, [token]);
  useEffect(() => {
    document.title = `${form ? `Connect ${form.Connector.Title}` : 'Setup link'} - Fishplate`;
  }, [form]);
  return (
    <Center component="main" mih="100vh" p="md" py={60} className="sign-in">
      <Paper withBorder shadow="sm" p={{ base: 'lg', sm: 'xl' }} w="100%" maw={560}>
        <Content
          {...{ token, form, error, isDone }}
          onRetry={() => token !== undefined && open(token)}
          onForm={(after) => {
            setForm(after);
            setDone(after.State === 'active');
          }}
          onRefused={setError}
        />
      </Paper>
      <div className="corner">
        <ColorSchemeToggle />
      </div>
    </Center>
  );
}

interface ContentProps {
  readonly token: string | undefined;
  readonly form: SetupForm | undefined;
  readonly error: unknown;
  readonly isDone: boolean;
  readonly onRetry: () => void;
  readonly onForm: (form: SetupForm) => void;
  readonly onRefused: (error: unknown) => void;
}

function Content({ token, form, error, isDone, onRetry, onForm, onRefused }: ContentProps) {
  if (token === undefined)
    return (
      <Stop icon={IconLinkOff} title="Open your setup link again">
        This page keeps the link to itself, so it is gone after a reload. Click the link in the message that
        you got once more: it is still good, as long as you have not finished.
      </Stop>
    );
  if (isApiError(error, 'link.used'))
    return (
      <Stop icon={IconCircleCheck} title="This link was used already">
        The connection was set up with it. Ask whoever sent it for a new one if something is to be changed.
      </Stop>
    );
  if (isApiError(error, 'link.expired'))
    return (
      <Stop icon={IconClockX} title="The time of this link is over">
        Ask whoever sent it for a new one.
      </Stop>
    );
  if (isApiError(error, 'link.unknown'))
    return (
      <Stop icon={IconLinkOff} title="This link is not known here">
        It may have been taken back, or a part of it got lost on the way. Copy it as a whole, or ask whoever
        sent it for a new one.
      </Stop>
    );
  if (error !== undefined)
    return (
      <Stack gap="md">
        <Title order={1} size="h2">
          Setup link
        </Title>
        <ErrorNotice error={error} onRetry={onRetry} />
      </Stack>
    );
  if (!form)
    return (
      <Stack gap="md">
        <Title order={1} size="h2">
          Opening the setup link
        </Title>
        <Text c="dimmed" size="sm">
          It is being checked.
        </Text>
        <Loading what="Reading what is asked for" rows={3} height={56} />
      </Stack>
    );
  if (isDone) return <Done form={form} />;
  return <CustomerForm {...{ token, form, onForm, onRefused }} />;
}
