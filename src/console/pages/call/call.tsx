/** The id of a call comes in; what happened in its time, and what was sent and answered, go out. */
import { Alert, Grid, Paper, Stack } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff } from '@tabler/icons-react';
import type { CallRecord } from '../../api/call-answers.ts';
import { useCall } from '../../api/calls.ts';
import { Block } from '../../parts/block.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatDuration, formatTime, sentence } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../shell/page.tsx';
import { OutcomeBadge } from '../log/outcome.tsx';
import { CallFacts } from './call-facts.tsx';
import { KeptMessage } from './kept-message.tsx';
import { barOf, type Step, stepsOf, whyNotKept } from './steps.ts';

export function CallPage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useCall(id);
  return (
    <Page
      title={data?.Method ?? 'Call'}
      crumbs={[{ label: 'Call log', to: '/log' }]}
      badge={data && <OutcomeBadge call={data} />}
      lead={data && `${formatTime(data.Date)}, ${howOften(data)}, ${formatDuration(data.DurationMs)} in all.`}
      actions={data && <CopyButton value={JSON.stringify(data, null, 2)} label="Copy as JSON" withText />}
    >
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading what="Loading the call" rows={4} height={96} />}
      {data && (
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, lg: 8 }}>
            <Stack gap="xl">
              <Explanation call={data} />
              <Attempts call={data} />
              <Traffic call={data} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <CallFacts call={data} />
          </Grid.Col>
        </Grid>
      )}
    </Page>
  );
}

const howOften = ({ Attempts: count }: CallRecord) =>
  count === 0 ? 'never sent' : count === 1 ? 'at the first attempt' : countOf(count, 'attempt');

/** Of a call that went wrong. */
function Explanation({ call: { Meaning, Hint } }: { readonly call: CallRecord }) {
  if (Meaning === undefined) return null;
  return (
    <Alert
      className="error-notice"
      variant="light"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={sentence(Meaning)}
    >
      {Hint}
    </Alert>
  );
}

function Attempts({ call }: { readonly call: CallRecord }) {
  const steps = stepsOf(call);
  if (steps.length === 0) return null;
  const unlisted = call.Attempts - call.AttemptDetails.length;
  return (
    <Block
      title="What happened"
      lead={unlisted > 0 ? `${countOf(unlisted, 'further attempt')} came after these.` : undefined}
    >
      <Paper withBorder component="ol" className="steps">
        {steps.map((step) => (
          <StepRow key={`${step.title} ${step.startMs}`} step={step} totalMs={call.DurationMs} />
        ))}
      </Paper>
    </Block>
  );
}

function StepRow({ step, totalMs }: { readonly step: Step; readonly totalMs: number }) {
  const { kind, title, note, startMs, durationMs } = step;
  const { start, width } = barOf(step, totalMs);
  return (
    <li className="step">
      <div>
        <div className="step-title">{title}</div>
        <div className="step-note">{note}</div>
      </div>
      <div className="step-track" aria-hidden>
        <div
          className="step-bar"
          data-kind={kind}
          style={{ insetInlineStart: `min(${start}%, 100% - 4px)`, width: `${width}%` }}
        />
      </div>
      <div className="step-took">
        <div>{formatDuration(durationMs)}</div>
        <div className="step-note">at {formatDuration(startMs)}</div>
      </div>
    </li>
  );
}

function Traffic({ call }: { readonly call: CallRecord }) {
  const { Request, Response } = call;
  if (!Request)
    return (
      <Alert
        variant="light"
        color="gray"
        icon={<IconEyeOff aria-hidden />}
        title="Request and answer were not kept"
      >
        {whyNotKept(call)}
      </Alert>
    );
  return (
    <>
      <KeptMessage
        title="Request"
        lead="Kept without secrets, and of long bodies the first 2,048 characters."
        line={`${Request.Method} ${Request.Url}`}
        message={Request}
      />
      {Response ? (
        <KeptMessage title="Answer" line={`Status ${Response.Status}`} message={Response} />
      ) : (
        <Alert variant="light" color="gray" icon={<IconEyeOff aria-hidden />} title="No answer came" />
      )}
    </>
  );
}
