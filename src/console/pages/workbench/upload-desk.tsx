/** A kind of file and what else is asked for come in; a form to send one goes out, and the job that the vendor made of it. */
import { Alert, Button, FileInput, Group, Select, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconFile, IconPlayerStop, IconUpload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Upload } from '../../api/answers.ts';
import { isApiError } from '../../api/api-error.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { type MethodSchema, uploadFile } from '../../api/methods.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { JsonView } from '../../parts/json-view.tsx';
import { sortProblems } from './argument-schema.ts';
import { ArgumentsForm } from './arguments-form.tsx';
import { type Check, checkCall, noFaults } from './check-call.ts';
import { callOf, type Draft, emptyDraft } from './draft.ts';
import { MOST_BYTES, sizeText, toBase64, typeOf } from './read-upload.ts';

interface UploadDeskProps {
  readonly installation: Installation;
  readonly place: Place;
  readonly upload: Upload;
  readonly schema: MethodSchema;
}

export function UploadDesk({ installation, place, upload, schema }: UploadDeskProps) {
  const [file, setFile] = useState<File | null>(null);
  const [type, setType] = useState<string | null>(upload.ContentTypes[0] ?? null);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [check, setCheck] = useState<Check>(noFaults);
  const [fileFault, setFileFault] = useState<string>();
  const control = useRef<AbortController>(undefined);
  const most = Math.min(upload.MaximumBytes, MOST_BYTES);
  const send = useMutation({
    mutationFn: (given: Omit<Sending, 'signal'>) => {
      control.current = new AbortController();
      return uploading(place, upload.Key)({ ...given, signal: control.current.signal });
    },
  });
  const names = Object.keys((schema.Parameters.properties ?? {}) as object);
  const answered = sortProblems(
    isApiError(send.error) ? send.error.problems : [],
    names,
    schema.Body !== null,
  );

  const start = () => {
    const found = checkCall(schema, draft, null);
    const fault = faultOf(file, most);
    setCheck(found);
    setFileFault(fault);
    if (found.count > 0 || fault !== undefined || file === null || type === null) return;
    send.mutate({ file, type, draft });
  };
  // The file goes on its way once; leaving the page must not leave it in doubt without a word.
  useEffect(() => {
    if (!send.isPending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [send.isPending]);
  return (
    <Stack gap="md">
      <FileInput
        label="File"
        required
        description={`At most ${sizeText(most)}.${most < upload.MaximumBytes ? ' Bigger ones go by the command line: fishplate upload.' : ''}`}
        placeholder="Choose a file"
        leftSection={<IconFile size={16} aria-hidden />}
        value={file}
        error={fileFault}
        clearable
        onChange={(chosen) => {
          setFile(chosen);
          setFileFault(undefined);
          if (chosen) setType(typeOf(chosen, upload.ContentTypes) ?? type);
        }}
      />
      <Select
        label="Content type"
        data={[...upload.ContentTypes]}
        value={type}
        onChange={setType}
        allowDeselect={false}
      />
      <ArgumentsForm
        {...{ place, schema, draft, method: plain }}
        change={(part) => {
          if (check.count > 0) setCheck(noFaults);
          setDraft((now) => ({ ...now, ...part }));
        }}
        parameterErrors={check.count > 0 ? check.parameters : answered.parameters}
        bodyErrors={check.count > 0 ? check.body : answered.body}
      />
      <Group gap="sm">
        {send.isPending ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            onClick={({ detail }) => detail > 1 || control.current?.abort()}
          >
            Stop
          </Button>
        ) : (
          <GuardedButton
            action="methods:write"
            leftSection={<IconUpload size={16} aria-hidden />}
            onClick={start}
          >
            Upload to {installation.Connector.Title}
          </GuardedButton>
        )}
        <Text size="sm" c="dimmed" role="status">
          {send.isPending && file
            ? `Sending ${sizeText(file.size)}, then waiting for ${installation.Connector.Title} to process it. This may take minutes ...`
            : `Changes data at ${installation.Connector.Title}, with the installation ${installation.Name}.`}
        </Text>
      </Group>
      {send.isError && control.current?.signal.aborted ? (
        <Alert color="amber" variant="light" title="Stopped">
          The file may have been sent all the same. Look at {installation.Connector.Title} before you send it
          again.
        </Alert>
      ) : (
        <ErrorNotice error={send.error} problems={answered.others} />
      )}
      {send.data && (
        <>
          <Alert
            color="teal"
            variant="light"
            icon={<IconCircleCheck aria-hidden />}
            title="The file was processed"
          >
            Job <span className="id">{send.data.JobId}</span>: {send.data.Status}.
          </Alert>
          {send.data.Job !== undefined && <JsonView value={send.data.Job} label="Job" />}
        </>
      )}
    </Stack>
  );
}

/** What goes with a file is neither secret nor split. */
const plain = { SensitivePaths: [], BatchedList: null };

interface Sending {
  readonly file: File;
  readonly type: string;
  readonly draft: Draft;
  readonly signal: AbortSignal;
}

const uploading =
  (place: Place, key: string) =>
  async ({ file, type, draft, signal }: Sending) => {
    const { Parameters, Body } = callOf(draft);
    return uploadFile(
      place,
      key,
      {
        ...{
          FileName: file.name,
          ContentType: type,
          Content: await toBase64(file),
          Encoding: 'base64',
          Parameters,
        },
        ...(Body !== undefined && { Body }),
      },
      signal,
    );
  };

function faultOf(file: File | null, most: number): string | undefined {
  if (file === null) return 'Choose a file';
  if (file.size === 0) return 'The file is empty';
  return file.size > most ? `The file has ${sizeText(file.size)}` : undefined;
}
