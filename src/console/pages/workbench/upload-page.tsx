/** A kind of file that the vendor takes comes in; a page goes out that sends one and follows its job. */
import type { Upload } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { MethodBrief } from '../../api/methods.ts';
import { type Crumb, Page } from '../../shell/page.tsx';

interface UploadPageProps {
  readonly installation: Installation;
  readonly upload: Upload;
  readonly methods: readonly MethodBrief[] | undefined;
  readonly crumbs: readonly Crumb[];
}

export default function UploadPage({ upload, crumbs }: UploadPageProps) {
  return (
    <Page title={`Upload ${upload.Name.toLowerCase()}`} crumbs={crumbs} lead={upload.Description}>
      {null}
    </Page>
  );
}
