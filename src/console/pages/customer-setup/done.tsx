/** A form that was completed comes in; who the credentials are goes out, and that there is nothing more to do. */
import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { SetupForm } from '../../api/installation-answers.ts';
import { Facts } from '../../parts/facts.tsx';
import { factsOf } from '../../parts/identity.ts';

export function Done({ form: { Connector, Identity } }: { readonly form: SetupForm }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md">
      <ThemeIcon variant="light" color="teal" size={44} radius="xl">
        <IconCircleCheck size={24} aria-hidden />
      </ThemeIcon>
      <div>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
          {Connector.Title} is connected
        </Title>
        <Text c="dimmed" mt={4}>
          The connection was tested and works. You can close this page; the link is used up.
        </Text>
      </div>
      {Identity !== null && (
        <section aria-label="Who it is" className="done-facts">
          <Facts facts={factsOf(Identity)} />
        </section>
      )}
    </Stack>
  );
}
