/** A method with its schema and draft come in; form, buttons and what came of it go out. */
import { Paper, Stack, Tabs, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { isApiError } from '../../api/api-error.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { type MethodBrief, type MethodCall, type MethodSchema, previewCall } from '../../api/methods.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { AnswerView } from './answer-view.tsx';
import { hasFields, sortProblems } from './argument-schema.ts';
import { ArgumentsForm } from './arguments-form.tsx';
import { CallBar } from './call-bar.tsx';
import { CallOptions } from './call-options.tsx';
import { type Check, checkCall, noFaults } from './check-call.ts';
import { callOf, type Draft } from './draft.ts';
import { PreviewView } from './preview-view.tsx';
import { useCall } from './use-call.ts';
import type { DraftState } from './use-draft.ts';

interface MethodDeskProps {
  readonly installation: Installation;
  readonly place: Place;
  readonly method: MethodBrief;
  readonly schema: MethodSchema;
  readonly state: DraftState;
}

export function MethodDesk({ installation, place, method, schema, state }: MethodDeskProps) {
  const { draft, change } = state;
  const { Connector, Name } = installation;
  const call = useCall(place, method);
  const preview = useMutation({ mutationFn: (body: MethodCall) => previewCall(place, method.Key, body) });
  const [tab, setTab] = useState<string | null>(call.outcome || call.isRunning ? 'answer' : null);
  const [check, setCheck] = useState<Check>(noFaults);
  const shownError = tab === 'request' ? preview.error : call.outcome?.error;
  const sorted = useMemo(() => sortAnswered(shownError, schema, draft), [shownError, schema, draft]);
  const settings = useMemo(
    () => Connector.Parameters.filter(({ IsCallOverridable }) => IsCallOverridable === true),
    [Connector],
  );

  /** What is wrong is shown at its field; nothing is asked of the API then. */
  const checked = (work: (body: MethodCall) => void) => () => {
    const found = checkCall(schema, draft, method.BatchedList);
    setCheck(found);
    if (found.count === 0) return work(callOf(draft));
    requestAnimationFrame(focusFirstFault);
  };
  const edit = (part: Partial<Draft>) => {
    // Until the next try nobody is told off while typing. The forms also tell of changes that are none.
    if (check.count > 0 && !isSame(draft, { ...draft, ...part })) setCheck(noFaults);
    change(part);
  };
  return (
    <>
      <Paper
        withBorder
        px={{ base: 'md', sm: 'lg' }}
        pt={{ base: 'md', sm: 'lg' }}
        pb={0}
        className="call-form"
      >
        <Stack gap="lg">
          {schema.Body === null && !hasFields(schema.Parameters) ? (
            <Text size="sm" c="dimmed">
              This method takes no arguments.
            </Text>
          ) : (
            <ArgumentsForm
              {...{ place, schema, draft, change: edit, method }}
              parameterErrors={check.count > 0 ? check.parameters : sorted.parameters}
              bodyErrors={check.count > 0 ? check.body : sorted.body}
            />
          )}
          <CallOptions {...{ method, settings, draft, change: edit }} />
        </Stack>
        <CallBar
          {...{ method, vendor: Connector.Title, where: Name }}
          isRunning={call.isRunning}
          isPreviewing={preview.isPending}
          faults={check.count}
          onCall={checked((body) => {
            setTab('answer');
            call.call(body, draft.idempotencyKey);
          })}
          onAllPages={checked((body) => {
            setTab('answer');
            call.allPages(body);
          })}
          onPreview={checked((body) => {
            setTab('request');
            preview.mutate(body);
          })}
          onStop={call.stop}
        />
      </Paper>
      {tab !== null && (
        <Tabs value={tab} onChange={setTab} keepMounted={false} className="call-result">
          <Tabs.List>
            <Tabs.Tab value="answer">Answer</Tabs.Tab>
            <Tabs.Tab value="request">Request</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="answer" pt="md">
            <AnswerView {...{ method, vendor: Connector.Title, state: call, problems: sorted.others }} />
          </Tabs.Panel>
          <Tabs.Panel value="request" pt="md">
            <ErrorNotice error={preview.error} problems={sorted.others} />
            {preview.data && !preview.error && <PreviewView preview={preview.data} />}
            {preview.isIdle && (
              <Text size="sm" c="dimmed">
                Press Preview to see the request as it would be sent.
              </Text>
            )}
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

/** The problems that the API found, at the fields that are on the page. */
function sortAnswered(error: unknown, schema: MethodSchema, draft: Draft) {
  const problems = isApiError(error) ? error.problems : [];
  const names = Object.keys((schema.Parameters.properties ?? {}) as object);
  const hasForm = schema.Body !== null && draft.bodyText === undefined && hasFields(schema.Body);
  return sortProblems(problems, names, hasForm);
}

const isSame = (a: Draft, b: Draft) =>
  a.bodyText === b.bodyText && JSON.stringify(callOf(a)) === JSON.stringify(callOf(b));

function focusFirstFault(): void {
  document.querySelector<HTMLElement>('.call-form [aria-invalid="true"], .call-form .json-input')?.focus();
}
