/** A method and how things are come in; the buttons that preview, call, page and stop go out, each saying what it will do. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconEye, IconPlayerPlay, IconPlayerStop, IconStack2, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { MethodBrief } from '../../api/methods.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';

/** White on it can be read. */
const DANGER = 'red.9';

interface CallBarProps {
  readonly method: MethodBrief;
  readonly vendor: string;
  /** Where it will be done: the installation's name. */
  readonly where: string;
  readonly isRunning: boolean;
  readonly isPreviewing: boolean;
  /** How many fields kept the last try from being sent. */
  readonly faults: number;
  readonly onCall: () => void;
  readonly onAllPages: () => void;
  readonly onPreview: () => void;
  readonly onStop: () => void;
}

export function CallBar(props: CallBarProps) {
  const { method, vendor, where, isRunning, isPreviewing, faults, onCall, onAllPages, onPreview, onStop } =
    props;
  const [isAsking, setAsking] = useState(false);
  const isDelete = method.HttpMethod === 'DELETE';
  const action = method.IsReadOnly ? 'methods:read' : 'methods:write';
  const Icon = isDelete ? IconTrash : IconPlayerPlay;
  return (
    <div className="call-bar" data-near>
      <Group gap="sm">
        {isRunning ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            // The second click of a double one was meant for the button that was here before.
            onClick={({ detail }) => detail > 1 || onStop()}
          >
            Stop
          </Button>
        ) : (
          <GuardedButton
            action={action}
            color={isDelete ? DANGER : undefined}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => (isDelete ? setAsking(true) : onCall())}
          >
            {labelOf(method)}
          </GuardedButton>
        )}
        {method.IsPaged && !isRunning && (
          <GuardedButton
            action={action}
            variant="default"
            leftSection={<IconStack2 size={16} aria-hidden />}
            onClick={onAllPages}
          >
            All pages
          </GuardedButton>
        )}
        <GuardedButton
          action="methods:read"
          variant="default"
          leftSection={<IconEye size={16} aria-hidden />}
          loading={isPreviewing}
          loaderProps={{ type: 'dots' }}
          onClick={onPreview}
        >
          Preview
        </GuardedButton>
      </Group>
      <Text size="xs" c={faults > 0 ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
        {faults > 0
          ? `Not sent: ${faults === 1 ? 'one field needs a look' : `${faults} fields need a look`}.`
          : isRunning
            ? `Waiting for ${vendor} ...`
            : noteOf(method, vendor, where)}
      </Text>
      {isAsking && (
        <Dialog onClose={() => setAsking(false)} title={`${method.Name}?`}>
          <Stack gap="md">
            <Text size="sm">
              This deletes at {vendor}, with the installation {where}, and may not be possible to take back.
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
                Keep it
              </Button>
              <Button
                color={DANGER}
                onClick={() => {
                  setAsking(false);
                  onCall();
                }}
              >
                Delete
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </div>
  );
}

function labelOf({ HttpMethod, IsReadOnly }: MethodBrief): string {
  if (HttpMethod === 'DELETE') return 'Call and delete';
  return IsReadOnly ? 'Call and read' : 'Call and change';
}

function noteOf({ IsReadOnly }: MethodBrief, vendor: string, where: string): string {
  return IsReadOnly
    ? `Reads only: nothing changes at ${vendor}.`
    : `Changes data at ${vendor}, with the installation ${where}.`;
}
