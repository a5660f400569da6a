/** A kind of file that the vendor takes comes in; a page goes out that sends one and says what became of it. */
import { Paper } from '@mantine/core';
import { useMemo } from 'react';
import type { Upload } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { Place } from '../../api/installations.ts';
import { type MethodBrief, type MethodSchema, useMethodSchema } from '../../api/methods.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { type Crumb, Page } from '../../shell/page.tsx';
import { hasFields, withoutFields } from './argument-schema.ts';
import { UploadDesk } from './upload-desk.tsx';

interface UploadPageProps {
  readonly installation: Installation;
  readonly upload: Upload;
  readonly methods: readonly MethodBrief[] | undefined;
  readonly crumbs: readonly Crumb[];
}

export default function UploadPage({ installation, upload, methods, crumbs }: UploadPageProps) {
  const method = methods?.find(({ Id }) => Id === upload.MethodId);
  return (
    <Page title={`Upload ${upload.Name.toLowerCase()}`} crumbs={crumbs} lead={upload.Description}>
      {method ? (
        <Asked {...{ installation, upload, method }} />
      ) : (
        <Loading what="Loading the fields" rows={2} height={56} />
      )}
    </Page>
  );
}

interface AskedProps {
  readonly installation: Installation;
  readonly upload: Upload;
  readonly method: MethodBrief;
}

/** What the method that hands out the file's place wants to know besides the file. */
function Asked({ installation, upload, method }: AskedProps) {
  const { Id, AccountId, Connector } = installation;
  const place = useMemo<Place>(() => ({ account: AccountId, installation: Id }), [AccountId, Id]);
  const found = useMethodSchema(place, Connector.Id, method.Key);
  const schema = useMemo(() => found.data && furtherFields(found.data.schema, upload), [found.data, upload]);
  if (found.error) return <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} className="call-form">
      {schema ? (
        <UploadDesk {...{ installation, place, upload, schema }} />
      ) : (
        <Loading what="Loading the fields" rows={2} height={56} />
      )}
    </Paper>
  );
}

function furtherFields(schema: MethodSchema, { FileFields }: Upload): MethodSchema {
  const rest = schema.Body === null ? null : withoutFields(schema.Body, FileFields);
  return { ...schema, Body: rest !== null && hasFields(rest) ? rest : null, IsBodyOptional: true };
}
