/** A file comes in and is sent to the vendor, once for each key that its caller gives; how its job ended goes out. */
import { createHash } from 'node:crypto';
import type { Connector, Upload } from './definition/connector.ts';
import { FishplateError } from './errors.ts';
import type { ExchangeTools } from './exchange.ts';
import { authOf } from './installation/auth-of.ts';
import type { CompleteSettings } from './installation/completed.ts';
import type { Installations } from './installation/installations.ts';
import { assertKey, type KeyedCall, type KeyedIdentity } from './keyed-call.ts';
import { secretsInUse } from './obtain-token.ts';
import type { Watch } from './perform-options.ts';
import type { Runtime, UploadFile, UploadResult } from './runtime-contract.ts';
import { scrubError } from './scrub.ts';
import { redactText } from './secret.ts';
import { uploadFile } from './upload.ts';

export interface UploadTools {
  readonly installations: Pick<Installations, 'load'>;
  readonly completeSettings: CompleteSettings;
  readonly keyedCalls: (identity: KeyedIdentity) => KeyedCall;
  readonly tools: ExchangeTools;
  readonly call: Runtime['call'];
}

const DEFAULT_UPLOAD_MS = 600_000;

export function createUpload({
  installations,
  completeSettings,
  keyedCalls,
  tools,
  call,
}: UploadTools): Runtime['upload'] {
  return async (accountId, id, name, file, args = {}, { onProgress = () => undefined, ...options } = {}) => {
    const { row, connector, resolution } = await installations.load(accountId, id, options.settings);
    const upload = findUpload(connector, name);
    const settings = completeSettings(connector, resolution);
    const hosts = Object.values(settings.hosts);
    const auth = authOf({ row, connector });
    const secrets = () => secretsInUse({ installationId: row.id, settings, auth }, tools);
    const { deadlineMs, idempotencyKey: key, ...each } = options;
    const step = (method: string, its: Parameters<typeof call>[3]) => call(accountId, id, method, its, each);
    const send = (watch?: Watch) => {
      const context = { upload, file, args, hosts, options, onProgress, call: step };
      return uploadFile({ ...context, onArrival: watch?.arrived }, tools).then(
        // The job's name goes into the audit. What the vendor says of the job is the caller's.
        (done): UploadResult => ({ ...done, jobId: redactText(done.jobId, secrets()) }),
        (error: unknown) => {
          throw scrubError(error, secrets());
        },
      );
    };
    if (key === undefined) return send();
    assertKey(key);
    const asked = ['upload', name, args, options.settings ?? {}, describeFile(file)];
    const keyed = keyedCalls({ accountId, installationId: row.id, key, asked, repeatable: false });
    return (await keyed.recall<UploadResult>()) ?? keyed.perform(send, deadlineMs ?? DEFAULT_UPLOAD_MS);
  };
}

function findUpload({ title, uploads }: Connector, name: string): Upload {
  const upload = Object.hasOwn(uploads, name) ? uploads[name] : undefined;
  if (upload) return upload;
  throw new FishplateError('upload.unknown', `${title} takes no file "${name}"`);
}

/** What tells a file from another one. */
const describeFile = ({ name, contentType, content }: UploadFile) => [
  name,
  contentType,
  createHash('sha256').update(content).digest('hex'),
];
