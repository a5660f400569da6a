/** An installation comes in; the files that its vendor takes go out, with their places in the workbench. Pure. */
import type { Upload } from '../../api/answers.ts';
import type { Installation } from '../../api/installation-answers.ts';
import type { UploadEntry } from './method-rows.tsx';

/** No key of a method has a colon in it. */
const PREFIX = 'upload:';

export const uploadsOf = (installation: Installation | undefined): UploadEntry[] =>
  (installation?.Connector.Uploads ?? []).map(({ Key, Name }) => ({ key: PREFIX + Key, name: Name }));

/** Undefined for the key of a method, and of an upload that there is not. */
export const uploadAt = ({ Connector }: Installation, key: string): Upload | undefined =>
  key.startsWith(PREFIX) ? Connector.Uploads?.find(({ Key }) => PREFIX + Key === key) : undefined;
