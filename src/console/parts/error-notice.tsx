/** Whatever was thrown comes in; what happened, what to do next and what the vendor said go out, with the id for whoever is asked. */
import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ApiProblem, isApiError, type VendorAnswer } from '../api/api-error.ts';
import { CopyButton } from './copy-button.tsx';
import { FailedBatches } from './failed-batches.tsx';
import { sentence } from './format.ts';

interface ErrorNoticeProps {
  /** Nothing is shown for null and undefined, so a mutation's `error` can be handed over as it is. */
  readonly error: unknown;
  /** The problems that are shown nowhere else; all of the error's when left out. */
  readonly problems?: readonly ApiProblem[];
  readonly title?: string | undefined;
  /** Shows a button to try again. */
  readonly onRetry?: () => void;
}

/** By category (docs/errors.md); the message itself says what exactly. */
const titles: Readonly<Record<string, string>> = {
  input: 'Something that was given needs a look',
  unauthenticated: 'The sign-in was not accepted',
  forbidden: 'You may not do this',
  'not-found': 'This is not there',
  conflict: 'This does not go with how things are',
  setup: 'Something has to be set up first',
  credentials: 'The vendor does not accept the credentials',
  throttled: 'Too much at once',
  cancelled: 'Stopped',
  internal: 'Something went wrong on our side',
  vendor: 'The vendor refused or failed',
  unavailable: 'No answer',
  timeout: 'It took too long',
};

/** `role="alert"`, so that it is read out when it appears. */
export function ErrorNotice({ error, problems, title, onRetry }: ErrorNoticeProps) {
  if (error === null || error === undefined) return null;
  const known = isApiError(error) ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const listed = problems ?? known?.problems ?? [];
  return (
    <Alert
      className="error-notice"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? titles[known?.category ?? 'internal'] ?? titles.internal}
    >
      <Stack gap="xs">
        <Text size="sm">{sentence(message)}</Text>
        {listed.length > 0 && (
          <List size="sm" spacing={2}>
            {listed.map(({ path, message: text, hint }) => (
              <List.Item key={`${path} ${text}`}>
                {path !== '' && (
                  <>
                    <Code>{path}</Code>{' '}
                  </>
                )}
                {text}
                {hint !== undefined && ` - ${hint}`}
              </List.Item>
            ))}
          </List>
        )}
        {known && <FailedBatches batches={known.batches} />}
        {known?.vendor && !tells(message, known.vendor) && (
          <Text size="sm">
            The vendor answered {known.vendor.status}
            {known.vendor.message !== undefined && (
              <>
                : <Code>{known.vendor.message}</Code>
              </>
            )}
          </Text>
        )}
        {known?.outcome === 'sent-unknown' && (
          <Text size="sm">No answer came back: the vendor may have done it all the same.</Text>
        )}
        {known && known.hint !== '' && (
          <Text size="sm" fw={500}>
            {known.hint}
          </Text>
        )}
        {known?.vendor && <VendorOwn vendor={known.vendor} />}
        <Group gap="sm">
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {known?.requestId !== undefined && (
            <Group gap={4} wrap="nowrap">
              <Text size="xs" c="dimmed">
                {known.code} - request <span className="id">{known.requestId}</span>
              </Text>
              <CopyButton value={known.requestId} label="Copy the request id" />
            </Group>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Folded away: it is for whoever has to talk with the vendor. */
function VendorOwn({ vendor: { status, code, body } }: { readonly vendor: VendorAnswer }) {
  if (code === undefined && body === undefined) return null;
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return (
    <details className="vendor-own">
      <summary>
        What the vendor answered: status {status}
        {code !== undefined && (
          <>
            , code <Code>{code}</Code>
          </>
        )}
      </summary>
      {text !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <pre className="json-text" tabIndex={0}>
          {text}
        </pre>
      )}
    </details>
  );
}

/** Whether the message has the vendor's words in it already. */
const tells = (message: string, vendor: VendorAnswer) =>
  vendor.message !== undefined && message.includes(vendor.message);
