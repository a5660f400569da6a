/** One HTTP exchange with the vendor: request and response of node:http come in; faults, vendor and log do their part. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connector } from '../definition/connector.ts';
import { formatTemplate } from '../definition/template.ts';
import type { World } from '../wire.ts';
import type { createAdmin } from './admin.ts';
import type { Fault, Faults } from './faults.ts';
import type { FileContent } from './file-content.ts';
import { isFilePath } from './file-server.ts';
import { FILES_PREFIX } from './links.ts';
import { isLocalRequest } from './local.ts';
import type { Port } from './ports.ts';
import { Refusal } from './refusal.ts';
import type { RequestLog } from './request-log.ts';
import { basePath, type RouteAnswer } from './routes.ts';
import { seenRequest } from './seen-request.ts';
import type { Vendor } from './vendor.ts';
import { readBody, type VendorAnswer, type VendorRequest } from './vendor-request.ts';

export interface ServeParts {
  readonly connector: Connector;
  readonly world: World;
  readonly vendor: Vendor;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly admin: ReturnType<typeof createAdmin>;
}

/** No vendor takes more than this; what a vendor itself allows is in sandbox.yaml. */
const MOST_BODY_BYTES = 32 * 1024 * 1024;
const ADMIN_PREFIX = '/_sandbox';

/** Answers requests that arrive at a port. `closing` ends waits when the server is closed. */
export function createServe(
  parts: ServeParts,
  port: Port,
  closing: AbortSignal,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const { world, vendor, faults, requests } = parts;

  const prefixes = adminPrefixesOf(parts.connector, port);
  /** What is asked of the screens; undefined for what is asked of the vendor. */
  const adminPath = (path: string) => {
    const prefix = prefixes.find((each) => path === each || path.startsWith(`${each}/`));
    return prefix === undefined ? undefined : path.slice(prefix.length + 1);
  };

  async function serveVendor(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = readHead(incoming, port);
    const { method, host } = isFilePath(request.path) ? file : purposeOf(vendor.route(request));
    const hosts = host === undefined ? port.hosts : [host];
    const fault = faults.take({ hosts, method, path: request.path });
    const isFile = isFilePath(request.path);
    const { found } = isFile ? {} : vendor.route(request);
    const purpose = found?.target.kind === 'method' ? found.target.method : found && 'token';
    let arrived: Uint8Array = new Uint8Array();
    const log = (status?: number) =>
      requests.add({
        at: world.now(),
        hosts: port.hosts,
        verb: request.verb,
        path: isFilePath(request.path) ? `${FILES_PREFIX}***` : request.path,
        query: maskedQuery(parts.connector, request.query),
        ...(status !== undefined && { status }),
        ...(method !== undefined && { method }),
        ...seenRequest(parts.connector, purpose, { ...request, body: isFile ? new Uint8Array() : arrived }),
        bodyBytes: arrived.length,
        fault: fault !== undefined,
      });
    if (fault?.drop === 'before') {
      log();
      incoming.socket.destroy();
      return;
    }
    const body = await readBytes(incoming);
    arrived = body ?? arrived;
    if (fault?.delayMs !== undefined) await world.sleep(fault.delayMs, closing);
    const answer = answerWith(vendor, body && { ...request, body }, fault, method);
    if (fault?.drop === 'after') {
      log();
      incoming.socket.destroy();
      return;
    }
    log(answer.status);
    writeAnswer(outgoing, answer, fault);
  }

  async function serveAdmin(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = readHead(incoming, port);
    if (!isLocalRequest(incoming)) {
      const message =
        'Only programs on this machine may use /_sandbox: no Origin header, and a loopback Host';
      writeAnswer(outgoing, { status: 403, body: { message } });
      return;
    }
    const body = await readBytes(incoming);
    const segments = decodeSegments(adminPath(request.path) ?? '');
    try {
      if (!body || !segments) throw new Refusal('badQuery', 'The request cannot be read');
      const parsed = readBody({ ...request, body });
      writeAnswer(
        outgoing,
        parts.admin({ verb: request.verb, segments, query: request.query, body: parsed }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      writeAnswer(outgoing, { status: 400, body: { message: error.message } });
    }
  }

  return async (incoming, outgoing) => {
    const { path } = readHead(incoming, port);
    const isAdmin = adminPath(path) !== undefined;
    try {
      await (isAdmin ? serveAdmin(incoming, outgoing) : serveVendor(incoming, outgoing));
    } catch (error) {
      // Of a request that was read to its end, `incoming` is destroyed although somebody waits.
      if (closing.aborted || outgoing.destroyed) incoming.socket.destroy();
      else writeAnswer(outgoing, { status: 500, body: { message: `The sandbox failed: ${String(error)}` } });
    }
  };
}

/** Below the origin, and below each base URL with a path: that is what somebody has who was given the URL of the API. */
const adminPrefixesOf = (connector: Connector, { isApi, hosts }: Port): string[] =>
  isApi
    ? [...new Set(['', ...hosts.map((host) => formatTemplate(basePath(connector, host)))])].map(
        (base) => `${base.replace(/\/$/, '')}${ADMIN_PREFIX}`,
      )
    : [];

/** Downloads and uploads: their URLs are good for whoever has them, so the log does not show them. */
const file = { method: 'file', host: undefined } as const;

/** What the log and faults call a request's purpose, and the host of the definition that it is meant for. */
function purposeOf({ found }: RouteAnswer): { method: string | undefined; host: string | undefined } {
  if (!found) return { method: undefined, host: undefined };
  const { target } = found;
  if (target.kind === 'token') return { method: 'token', host: target.auths[0]?.host };
  return { method: target.method.key, host: target.method.host };
}

function readHead(incoming: IncomingMessage, port: Port): Omit<VendorRequest, 'body'> {
  const target = (incoming.url ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  const mark = target.indexOf('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    verb: incoming.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)),
    headers,
    ...(!port.isApi && { hosts: port.hosts }),
  };
}

/** The whole body; undefined when it is larger than any vendor would take. */
async function readBytes(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return length <= MOST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function answerWith(
  vendor: Vendor,
  request: VendorRequest | undefined,
  fault: Fault | undefined,
  method: string | undefined,
): VendorAnswer {
  if (fault?.status !== undefined) {
    const usual = vendor.errorBody(fault.status, `A fault was asked for: status ${fault.status}`, method);
    return { status: fault.status, body: fault.body === undefined ? usual : fault.body };
  }
  if (request) return vendor.answer(request);
  return vendor.refuse(new Refusal('bodyTooLarge', `The request body is over ${MOST_BODY_BYTES} bytes`));
}

function writeAnswer(outgoing: ServerResponse, answer: VendorAnswer, fault?: Fault): void {
  const { type, bytes } = contentOf(answer, fault);
  const body = Buffer.from(bytes);
  outgoing.writeHead(answer.status, {
    // Clients that parse what calls itself JSON stumble over an empty answer of that type.
    ...((body.length > 0 || fault?.contentType !== undefined) && {
      'Content-Type': fault?.contentType ?? type,
    }),
    ...(answer.status !== 204 && { 'Content-Length': body.length }),
    ...answer.headers,
    ...fault?.headers,
  });
  if (!fault?.truncate) {
    outgoing.end(body);
    return;
  }
  // The first half has to be on its way before the connection breaks.
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
}

function contentOf({ body, file: sent }: VendorAnswer, fault: Fault | undefined): FileContent {
  if (sent) return sent;
  const isText = fault?.status !== undefined && typeof body === 'string';
  const text = body === undefined ? '' : isText ? String(body) : JSON.stringify(body);
  return { type: isText ? 'text/plain; charset=utf-8' : 'application/json', bytes: Buffer.from(text) };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** API keys may travel in the query; they are not for the log. */
function maskedQuery(connector: Connector, query: URLSearchParams): string {
  const masked = new URLSearchParams(query);
  for (const auth of connector.auth) {
    const place = auth.kind === 'api-key' ? auth : auth.kind === 'login' ? auth.place : undefined;
    if (place?.in === 'query' && masked.has(place.name)) masked.set(place.name, '***');
  }
  return masked.toString();
}
