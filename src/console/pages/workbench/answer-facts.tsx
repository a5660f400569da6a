/** An answer comes in; what is to be known of the call goes out in a line: status, time, attempts, waits, the request's id. */
import { Badge } from '@mantine/core';
import { CopyButton } from '../../parts/copy-button.tsx';
import { countOf, formatDuration } from '../../parts/format.ts';
import type { CallAnswer } from './answer.ts';

interface AnswerFactsProps {
  readonly answer: CallAnswer;
  /** Of a paged method: which page it is. */
  readonly page: number | undefined;
}

export function AnswerFacts({ answer, page }: AnswerFactsProps) {
  const { status, attempts, waitedMs, durationMs, batches, isReplayed, requestId, rows } = answer;
  return (
    <ul className="answer-facts plain-list">
      <li>
        <Badge variant="light" color={status < 400 ? 'teal' : 'red'}>
          {status}
        </Badge>
      </li>
      {isReplayed && (
        <li>
          <Badge variant="light" color="amber">
            Answer of an earlier call
          </Badge>
        </li>
      )}
      <li>{formatDuration(durationMs)}</li>
      {page !== undefined && page > 0 && <li>page {page}</li>}
      {rows && <li>{countOf(rows.length, 'row')}</li>}
      <li>{countOf(attempts, 'attempt')}</li>
      {waitedMs > 0 && <li>waited {formatDuration(waitedMs)} for the vendor's limit</li>}
      {batches !== undefined && <li>{countOf(batches, 'request')}</li>}
      <li className="answer-request">
        request <span className="id">{requestId.slice(0, 8)}</span>
        <CopyButton value={requestId} label="Copy the request id" />
      </li>
    </ul>
  );
}
