/** What was kept of a request or an answer comes in; its line, headers and body go out, each to be copied. */
import { Group, Paper, Text } from '@mantine/core';
import type { CallRecord } from '../../api/call-answers.ts';
import { Block } from '../../parts/block.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { countOf } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { readBody } from './steps.ts';

interface KeptMessageProps {
  readonly title: string;
  readonly lead?: string;
  /** What stands before the headers. */
  readonly line: string;
  readonly message: Pick<NonNullable<CallRecord['Response']>, 'Headers' | 'Body'>;
}

export function KeptMessage({ title, lead, line, message: { Headers, Body } }: KeptMessageProps) {
  const headers = Object.entries(Headers);
  return (
    <Block title={title} lead={lead}>
      <Paper withBorder className="message">
        <Group className="message-line" justify="space-between" wrap="nowrap" gap="sm">
          <span className="id">{line}</span>
          <CopyButton value={line} label={`Copy the first line of the ${title.toLowerCase()}`} />
        </Group>
        <details className="message-headers">
          <summary>{countOf(headers.length, 'header')}</summary>
          <dl className="headers-list">
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}:</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
        <div className="message-body">
          <BodyView title={title} body={Body} />
        </div>
      </Paper>
    </Block>
  );
}

function BodyView({ title, body }: { readonly title: string; readonly body: string | null }) {
  if (body === null || body === '')
    return (
      <Text size="sm" c="dimmed" p="md">
        No body.
      </Text>
    );
  const read = readBody(body);
  if ('json' in read) return <JsonView value={read.json} label={`Body of the ${title.toLowerCase()}`} />;
  return (
    <>
      <Group p="xs" pb={0}>
        <CopyButton value={body} label="Copy the body" withText />
      </Group>
      <pre className="json-text">{read.text}</pre>
    </>
  );
}
