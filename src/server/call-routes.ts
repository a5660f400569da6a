/** The runtime comes in; the routes that call methods go out: Data on Demand as the partner API has it, trials, lookups, preview. */
import { FishplateError } from '../errors.ts';
import type { Arguments, CallOptions, RawRequest, Runtime, UploadFile } from '../runtime-contract.ts';
import { type CallArguments, type MethodCall, readCallArguments } from './call-arguments.ts';
import { previewView, replayed, replyOf } from './call-reply.ts';
import { testView } from './installation-view.ts';
import { assertPlainShape } from './json-shape.ts';
import { methodSchemaView } from './method-schema.ts';
import { assertExactIntegers } from './read-body.ts';
import { type Call, param, type Reply, type Route } from './route.ts';
import type { Services } from './services.ts';

const tag = 'Calls';
const resources = ['account/{account}', 'connector/{connector}'] as const;
const byMethod = { action: 'by-method', resources } as const;
const body = { schema: 'method-call' } as const;
const path = '/v1.0/account/connectors/{installation}';
/** Of a body inside the body: the reader of requests has seen only a text. */
const MOST_BODY_DEPTH = 64;

export function callRoutes({ runtime }: Services): Route[] {
  const perform = (call: Call) => callMethod(runtime, call, call.body as MethodCall);
  const performByQuery = (call: Call) => callMethod(runtime, call, fromQuery(call));
  return [
    ...['methods', 'test'].flatMap((kind): Route[] => {
      const name = kind === 'test' ? 'try' : 'call';
      return [
        {
          verb: 'POST',
          path: `${path}/${kind}/{method}`,
          operation: `${name}Method`,
          tag,
          summary: `${kind === 'test' ? 'Try' : 'Call'} a method by key, UUID or integer id; the answer is the vendor's body.`,
          access: byMethod,
          body,
          keyed: true,
          hot: true,
          answer: 'anything',
          handle: perform,
        },
        {
          verb: 'GET',
          path: `${path}/${kind}/{method}`,
          operation: `${name}MethodByQuery`,
          tag,
          summary:
            'The same for methods that change nothing, with parameters in the query by name or integer id.',
          access: byMethod,
          body,
          query: 'any',
          answer: 'anything',
          handle: performByQuery,
        },
      ];
    }),
    {
      verb: 'POST',
      path: `${path}/methods/{method}/body`,
      operation: 'callMethodWithBody',
      tag,
      summary: 'Call a method with the whole request body, as JSON or as a text of JSON.',
      access: byMethod,
      body: { ...body, required: ['Body'] },
      keyed: true,
      answer: 'anything',
      handle: (call) => callMethod(runtime, call, withParsedBody(call.body as MethodCall)),
    },
    {
      verb: 'POST',
      path: `${path}/request`,
      operation: 'sendRequest',
      tag,
      summary: "Send a request that no method describes, to one of the connector's hosts.",
      access: { action: 'requests:send', resources },
      body: { schema: 'raw-request', required: ['Verb', 'Path'] },
      keyed: true,
      answer: 'anything',
      audit: 'installation.request',
      handle: async (call) => {
        const request = rawRequestOf(call.body as RawRequestBody);
        const options = keyedOptionsOf(call, request.verb === 'GET');
        const result = await runtime.request(call.account, call.view.row.id, request, options);
        const mark = result.replayed && { replayed: true };
        const audited = {
          target: call.view.row.id,
          detail: { verb: request.verb, path: request.path, ...mark },
        };
        return { ...replyOf(result), audited };
      },
    },
    {
      verb: 'POST',
      path: `${path}/uploads/{upload}`,
      operation: 'uploadFile',
      tag,
      summary: 'Send a file to the vendor and follow its job to the end.',
      access: { action: 'methods:write', resources },
      body: { schema: 'upload', required: ['FileName', 'ContentType', 'Content'] },
      keyed: true,
      answer: 'upload-result',
      audit: 'installation.upload',
      handle: async (call) => {
        const { file, args } = readUpload(call.body as UploadBody);
        const name = param(call, 'upload');
        const options = keyedOptionsOf(call, false);
        const done = await runtime.upload(call.account, call.view.row.id, name, file, args, options);
        const { jobId, status, job } = done;
        const mark = done.replayed && { replayed: true };
        const detail = { upload: name, bytes: file.content.byteLength, jobId, ...mark };
        return {
          body: { JobId: jobId, Status: status, Job: job },
          headers: done.replayed ? replayed : {},
          audited: { target: call.view.row.id, detail },
        };
      },
    },
    {
      verb: 'POST',
      path: `${path}/preview/{method}`,
      operation: 'previewMethod',
      tag,
      summary: 'Show the request that a call would send, secrets masked, without sending it.',
      access: { action: 'methods:read', resources },
      body,
      keyed: 'shown',
      answer: 'preview',
      handle: async (call) => {
        const given = readCallArguments(call.view.connector, call.method, call.body as MethodCall);
        const options = keyedOptionsOf(call, call.method.readOnly, given);
        const { account, view, method } = call;
        const found = await runtime.preview(account, view.row.id, method.key, given.args, options);
        return { body: previewView(found) };
      },
    },
    {
      verb: 'GET',
      path: `${path}/methods/{method}/schema`,
      operation: 'getInstalledMethodSchema',
      tag,
      summary: "Read the JSON Schemas of a method, with the organisation's own custom fields.",
      access: { action: 'methods:read', resources },
      answer: 'method-schema',
      handle: async (call) => {
        const { account, view, method } = call;
        const schema = await runtime.bodySchema(account, view.row.id, method.key, optionsOf(call));
        return { body: methodSchemaView(view.connector, method, schema) };
      },
    },
    {
      verb: 'POST',
      path: `${path}/triggers/{trigger}`,
      operation: 'lookUp',
      tag,
      summary: 'Look up the values of an id parameter, by name.',
      access: { action: 'methods:read', resources },
      body,
      answer: { list: 'lookup-option' },
      handle: async (call) => {
        const options = optionsOf(call);
        const found = await runtime.lookup(call.account, call.view.row.id, param(call, 'trigger'), options);
        return { body: found.map(({ value, name }) => ({ Value: value, Name: name })) };
      },
    },
    {
      verb: 'POST',
      path: `${path}/test`,
      operation: 'testConnection',
      tag,
      summary: 'Test the connection: a failed test is an answer with Ok false, not an error.',
      access: { action: 'installations:write', resources },
      answer: 'connection-test',
      audit: 'installation.test',
      handle: async ({ account, view }) => {
        const result = await runtime.test(account, view.row.id);
        const detail = { ok: result.ok, ...(!result.ok && { code: result.error.code }) };
        return { body: testView(result), audited: { target: view.row.id, detail } };
      },
    },
  ];
}

interface UploadBody {
  readonly FileName: string;
  readonly ContentType: string;
  readonly Content: string;
  readonly Encoding?: 'text' | 'base64' | null;
  readonly Parameters?: Arguments | null;
  readonly Body?: Arguments | null;
}

function readUpload({ FileName, ContentType, Content, Encoding, Parameters, Body }: UploadBody) {
  const content = Buffer.from(Content, Encoding === 'base64' ? 'base64' : 'utf8');
  const file: UploadFile = { name: FileName, contentType: ContentType, content };
  return { file, args: { ...Parameters, ...(Body && { body: Body }) } };
}

interface RawRequestBody {
  readonly Verb: RawRequest['verb'];
  readonly Path: string;
  readonly Host?: string | null;
  readonly Query?: RawRequest['query'] | null;
  readonly Body?: unknown;
  readonly ContentType?: string | null;
}

function rawRequestOf({ Verb, Path, Host, Query, Body, ContentType }: RawRequestBody): RawRequest {
  return {
    verb: Verb,
    path: Path,
    ...(typeof Host === 'string' && { host: Host }),
    ...(Query && { query: Query }),
    ...(Body !== undefined && { body: Body }),
    ...(typeof ContentType === 'string' && { contentType: ContentType }),
  };
}

async function callMethod(runtime: Runtime, call: Call, given: MethodCall): Promise<Reply> {
  const read = readCallArguments(call.view.connector, call.method, given);
  const { account, view, method } = call;
  const options = keyedOptionsOf(call, method.readOnly, read);
  const result = await runtime.call(account, view.row.id, method.key, read.args, options);
  return replyOf(result, method);
}

function optionsOf({ signal, requestId }: Call, given?: CallArguments): CallOptions {
  const { settings = {}, merge = false, strict = false } = given ?? {};
  return { signal, requestId, merge, strict, ...(Object.keys(settings).length > 0 && { settings }) };
}

/**
 * With a key, the call goes on when the client goes away: who comes again with the key wants the answer, and a call that is
 * broken off leaves nothing but doubt.
 */
function keyedOptionsOf(call: Call, readOnly: boolean, given?: CallArguments): CallOptions {
  const options = optionsOf(call, given);
  const { idempotencyKey } = call;
  if (idempotencyKey === undefined || readOnly) return options;
  const { signal: _, ...lasting } = options;
  return { ...lasting, idempotencyKey };
}

function fromQuery({ method, body: given, rawQuery }: Call): MethodCall {
  if (!method.readOnly)
    throw new FishplateError(
      'input.invalid',
      `${method.name} changes something, so it is not called with GET`,
      {
        hint: 'Use POST.',
      },
    );
  const call = given as MethodCall;
  return { ...call, Parameters: { ...rawQuery, ...call.Parameters } };
}

function withParsedBody(call: MethodCall): MethodCall {
  if (typeof call.Body !== 'string') return call;
  const body = parseJson(call.Body);
  assertExactIntegers(call.Body);
  assertPlainShape(body, MOST_BODY_DEPTH);
  return { ...call, Body: body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FishplateError('input.unreadable', 'Body is a text, but not one of JSON', {
      hint: 'Send Body as JSON, or as a text that holds JSON.',
    });
  }
}
