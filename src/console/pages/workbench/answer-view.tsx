/** What came of a call comes in; its answer, or what is to be done about the error, goes out, with the way to further pages. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowRight,
  IconDownload,
  IconPlayerStop,
  IconStack2,
} from '@tabler/icons-react';
import { isApiError } from '../../api/api-error.ts';
import type { MethodBrief } from '../../api/methods.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatCount } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { type Collected, isFile } from './answer.ts';
import { AnswerFacts } from './answer-facts.tsx';
import { download } from './download.ts';
import { FileAnswer } from './file-answer.tsx';
import { ResultTable } from './result-table.tsx';
import { toCsv } from './rows.ts';
import type { CallState } from './use-call.ts';

interface AnswerViewProps {
  readonly method: MethodBrief;
  readonly vendor: string;
  readonly state: CallState;
  /** Problems that stand at no field of the form. */
  readonly problems: Parameters<typeof ErrorNotice>[0]['problems'];
}

export function AnswerView({ method, vendor, state, problems }: AnswerViewProps) {
  const { outcome, isRunning } = state;
  if (!outcome)
    return (
      <Text size="sm" c="dimmed" role="status">
        {isRunning ? `Waiting for ${vendor} ...` : 'Nothing was called yet.'}
      </Text>
    );
  const { answer, collected, error, isUnknown } = outcome;
  return (
    <Stack gap="sm">
      <UnknownOutcome
        isUnknown={isUnknown === true || isUnknownError(error)}
        method={method}
        vendor={vendor}
      />
      <ErrorNotice error={error} problems={problems} />
      {answer && !collected && (
        <AnswerFacts answer={answer} page={method.IsPaged ? outcome.page : undefined} />
      )}
      <Pages method={method} state={state} />
      {answer && <Content method={method} state={state} />}
    </Stack>
  );
}

const isUnknownError = (error: unknown) => isApiError(error) && error.outcome === 'sent-unknown';

/** Whoever calls again without a look may do it twice. */
function UnknownOutcome({
  isUnknown,
  method,
  vendor,
}: {
  readonly isUnknown: boolean;
  readonly method: MethodBrief;
  readonly vendor: string;
}) {
  if (!isUnknown || method.IsReadOnly) return null;
  return (
    <Alert
      color="amber"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${vendor} may have done it, or not`}
    >
      The request left, and no answer came back. Look at {vendor} before you call again
      {method.TakesMerge ? '.' : ', or it may be done twice.'} With an Idempotency-Key (under Advanced) the
      same call can be made again without that risk.
    </Alert>
  );
}

function Pages({ method, state }: Pick<AnswerViewProps, 'method' | 'state'>) {
  const { outcome, isRunning, nextPage, allPages, stop } = state;
  const { answer, collected } = outcome ?? {};
  if (!method.IsPaged || !(answer ?? collected)) return null;
  const hasNext = answer?.next !== undefined;
  return (
    <Group gap="sm" className="pages-bar">
      <Text size="sm" className="number" role="status">
        {collected
          ? describeCollected(collected, isRunning, hasNext)
          : isRunning
            ? 'Asking for the next page ...'
            : describePage(hasNext, answer?.rows)}
      </Text>
      {isRunning && collected && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          onClick={stop}
        >
          Stop
        </Button>
      )}
      {!isRunning && hasNext && (
        <>
          {!collected && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowRight size={14} aria-hidden />}
              onClick={nextPage}
            >
              Next page
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconStack2 size={14} aria-hidden />}
            onClick={() => allPages()}
          >
            {collected ? 'Go on' : 'All further pages'}
          </Button>
        </>
      )}
    </Group>
  );
}

function describePage(hasNext: boolean, rows: readonly unknown[] | undefined): string {
  if (hasNext) return 'There is a next page.';
  return rows?.length === 0
    ? 'The list is empty: the vendor has nothing that fits.'
    : 'This is the last page.';
}

function describeCollected({ pages, rows, ended }: Collected, isRunning: boolean, hasNext: boolean): string {
  const so = `${countOf(pages, 'page')}, ${countOf(rows.length, 'row')}`;
  if (isRunning) return `Loading all pages: ${so} so far ...`;
  if (ended === 'stopped') return `Stopped after ${so}.`;
  if (ended === 'failed') return `Failed after ${so}.`;
  if (ended === 'repeated') return `Ended after ${so}: the same page came round again.`;
  if (ended === 'full') return `${so}: that is as much as this page takes at once.`;
  return hasNext ? `${so}.` : `All of it: ${so}.`;
}

function Content({ method, state: { outcome, isRunning } }: Pick<AnswerViewProps, 'method' | 'state'>) {
  const { answer, collected } = outcome ?? {};
  if (!answer) return null;
  const rows = collected?.rows ?? answer.rows;
  const value = collected ? collected.rows : answer.body;
  if (value === null || value === undefined || value === '')
    return (
      <Text size="sm" c="dimmed">
        The answer has no content.
      </Text>
    );
  if (isFile(value)) return <FileAnswer file={value} method={method.Key} />;
  const table = rows && rows.length > 0 ? <ResultTable rows={rows} /> : undefined;
  // Writing all rows as JSON anew with every page would take longer than the pages.
  if (isRunning && collected) return <div className="json-view pages-so-far">{table}</div>;
  return (
    <JsonView
      key={table ? 'rows' : 'value'}
      value={value}
      label={collected ? `Answer, ${formatCount(collected.rows.length)} rows` : 'Answer'}
      table={table}
      actions={
        <>
          <SaveButton
            label="JSON"
            onClick={() => download(`${method.Key}.json`, 'application/json', JSON.stringify(value, null, 2))}
          />
          {table && rows && (
            <SaveButton label="CSV" onClick={() => download(`${method.Key}.csv`, 'text/csv', toCsv(rows))} />
          )}
        </>
      }
    />
  );
}

const SaveButton = ({ label, onClick }: { readonly label: string; readonly onClick: () => void }) => (
  <Button
    variant="default"
    size="compact-sm"
    leftSection={<IconDownload size={14} aria-hidden />}
    aria-label={`Download as ${label}`}
    onClick={onClick}
  >
    {label}
  </Button>
);
