/** A title and what belongs below it come in; a part of the installation's page goes out. */
import { Group, Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  /** What it shows. When that changes, the control that was used may be gone: the focus comes here then. */
  readonly view?: string;
}

export function Section({ title, lead, actions, children, view = '' }: SectionProps) {
  const id = useId();
  const region = useRef<HTMLDivElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    region.current?.focus({ preventScroll: true });
  }, [view]);
  return (
    <Paper withBorder component="section" aria-labelledby={id} className="section" ref={region} tabIndex={-1}>
      <div className="section-head">
        <Group justify="space-between" gap="sm">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {actions}
        </Group>
        {lead !== undefined && (
          <Text size="sm" c="dimmed" mt={2}>
            {lead}
          </Text>
        )}
      </div>
      {children}
    </Paper>
  );
}
