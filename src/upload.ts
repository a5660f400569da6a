/** A file and where it belongs come in; a URL is asked for, the file is put there, and its job is followed to the end. */
import type { Upload } from './definition/connector.ts';
import { FishplateError, isFishplateError, restate } from './errors.ts';
import type { ExchangeTools } from './exchange.ts';
import { withSpans } from './observed-send.ts';
import type { Arguments } from './request/arguments.ts';
import { argumentOf } from './request/arguments.ts';
import { valueAt } from './response/read.ts';
import type {
  CallOptions,
  MethodResult,
  UploadFile,
  UploadProgress,
  UploadResult,
} from './runtime-contract.ts';
import { withRetry } from './transport/retry.ts';
import type { World } from './wire.ts';

export interface UploadContext {
  readonly upload: Upload;
  readonly file: UploadFile;
  /** Parameters and further body fields of the request for the URL. */
  readonly args: Arguments;
  /** Base URLs of the installation's own hosts: a vendor on this machine hands out URLs there. */
  readonly hosts: readonly string[];
  readonly options: CallOptions;
  readonly onProgress: (progress: UploadProgress) => void;
  /** Told when the file may be in its place. */
  readonly onArrival?: (() => void) | undefined;
  readonly call: (method: string, args: Arguments) => Promise<MethodResult>;
}

const DEFAULT_DEADLINE_MS = 600_000;

/**
 * The URL that the vendor hands out is used only where the definition names its host, and never with our credentials.
 * Throws `arguments.invalid`, `upload.foreign-host`, `upload.refused`, `upload.failed`, `upload.unfinished`, and what
 * calls throw.
 */
export async function uploadFile(context: UploadContext, tools: ExchangeTools): Promise<UploadResult> {
  const { upload, file, args, options, onProgress } = context;
  const { world } = tools;
  assertFile(upload, file);
  const deadline = world.now() + (options.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const body = {
    ...(argumentOf(args, 'body') as Record<string, unknown> | undefined),
    [upload.file.name]: file.name,
    [upload.file.type]: file.contentType,
    [upload.file.bytes]: file.content.byteLength,
  };
  const { body: granted } = await context.call(upload.request, { ...args, body });
  const jobId = String(valueAt(granted, upload.job) ?? '');
  onProgress({ stage: 'granted', jobId });
  await putFile(context, tools, granted, deadline).catch((error: unknown) => {
    if (!isFishplateError(error) || error.outcome === 'sent-unknown') context.onArrival?.();
    throw error;
  });
  context.onArrival?.();
  onProgress({ stage: 'sent', jobId });
  return followJob(context, world, jobId, deadline).catch((error: unknown) => {
    // Of reading the job nothing may have left, of the file it has.
    if (!isFishplateError(error) || error.outcome !== 'not-sent') throw error;
    throw restate(error, { outcome: 'sent-unknown' }, `${error.message}; the file was sent, as job ${jobId}`);
  });
}

async function followJob(
  { upload, file, args, options, onProgress, call }: UploadContext,
  world: World,
  jobId: string,
  deadline: number,
): Promise<UploadResult> {
  const { poll } = upload;
  for (;;) {
    const { body: job } = await call(poll.method, {
      ...pathArguments(args),
      [poll.parameter]: jobId,
    });
    const status = String(valueAt(job, poll.status) ?? '');
    onProgress({ stage: 'processing', jobId, status, job });
    if (poll.done.includes(status)) return { jobId, status, job };
    if (poll.failed.includes(status)) {
      throw new FishplateError(
        'upload.failed',
        `the vendor could not process ${file.name}: its job ${jobId} is ${status}`,
      );
    }
    const waitMs = poll.intervalSeconds * 1000;
    if (world.now() + waitMs >= deadline) {
      throw new FishplateError('upload.unfinished', `job ${jobId} is still "${status}"; the file was sent`, {
        outcome: 'sent-unknown',
      });
    }
    await world.sleep(waitMs, options.signal).catch(() => {
      throw new FishplateError(
        'transport.cancelled',
        `cancelled while job ${jobId} was ${status}; the file was sent`,
        { outcome: 'sent-unknown' },
      );
    });
  }
}

function assertFile(upload: Upload, file: UploadFile): void {
  const problems = [];
  if (!upload.contentTypes.includes(file.contentType))
    problems.push({ path: 'contentType', message: `must be one of ${upload.contentTypes.join(', ')}` });
  if (file.content.byteLength === 0) problems.push({ path: 'content', message: 'is empty' });
  if (file.content.byteLength > upload.maximumBytes)
    problems.push({
      path: 'content',
      message: `has ${file.content.byteLength} bytes; ${upload.maximumBytes} are allowed`,
    });
  if (problems.length === 0) return;
  const list = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new FishplateError('arguments.invalid', `${upload.key}: ${list}`, { problems });
}

async function putFile(
  context: UploadContext,
  tools: ExchangeTools,
  granted: unknown,
  deadline: number,
): Promise<void> {
  const { upload, file, options } = context;
  const url = allowedUrl(upload, valueAt(granted, upload.url), context.hosts);
  const headers = { 'content-type': file.contentType, ...vendorHeaders(valueAt(granted, upload.headers)) };
  const request = { method: 'PUT', url, headers, body: file.content };
  // Putting the same bytes to the same place twice leaves them there once.
  const policy = {
    idempotent: true,
    maxAttempts: 3,
    deadline: Math.min(deadline, tools.world.now() + upload.urlLifetimeSeconds * 1000),
    judge: ({ status }: { status: number }) =>
      status === 429 || status >= 500 ? ('later' as const) : ('final' as const),
  };
  // The place is a credential of its own, and all that is told of it is its host.
  const send = withSpans(tools.send, tools.observer.startSpan, () => '(file)');
  const response = await withRetry(send, policy, tools.world)(request, { signal: options.signal });
  if (response.status >= 200 && response.status < 300) return;
  // The body may repeat the URL, which is a credential of its own.
  throw new FishplateError('upload.refused', `the file's place answered ${response.status}`, {
    vendor: { status: response.status },
  });
}

/** The URL, when its host is one that the definition names, or one of the installation's own. Never quoted: it is a credential. */
function allowedUrl(upload: Upload, value: unknown, hosts: readonly string[]): string {
  const text = typeof value === 'string' && URL.canParse(value) ? value : undefined;
  const url = text === undefined ? undefined : new URL(text);
  const plain = url && url.username === '' && url.password === '';
  const named =
    url?.protocol === 'https:' &&
    url.port === '' &&
    upload.hosts.some((pattern) => matchesHost(pattern, url.hostname));
  const own = url !== undefined && hosts.some((base) => new URL(base).origin === url.origin);
  if (text !== undefined && plain && (named || own)) return text;
  const where = url ? `at ${url.host}` : 'that is no URL';
  throw new FishplateError(
    'upload.foreign-host',
    `the vendor named a place ${where}, where the definition lets no file go`,
  );
}

/** `*.example.com` stands for any host below example.com, any other pattern for itself. */
export function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.length > pattern.length - 1 && host.endsWith(pattern.slice(1))
    : host === pattern;
}

const withheld = new Set([
  'authorization',
  'cookie',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'proxy-authorization',
]);

/** The headers that the vendor wants sent along; those that would change who we are or how the message is framed are left out. */
function vendorHeaders(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]): [string, string][] => {
      const key = name.toLowerCase();
      const safe = /^[a-z0-9-]+$/.test(key) && typeof text === 'string' && /^[\t\x20-\x7e]*$/.test(text);
      return safe && !withheld.has(key) ? [[key, text]] : [];
    }),
  );
}

const pathArguments = ({ body: _, ...rest }: Arguments): Arguments => rest;
