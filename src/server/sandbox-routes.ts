/** The vendors that this machine plays come in; routes to their own screens go out, for whoever may set connectors up. */
import { actorOf } from '../access/authenticate.ts';
import { type ErrorCode, FishplateError, type InputProblem } from '../errors.ts';
import { isTellingName } from '../secret.ts';
import { param, type Route } from './route.ts';
import type { Services } from './services.ts';

/** A checked sandbox-request.schema.json. */
interface SandboxRequest {
  readonly Verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly Path: string;
  readonly Body?: unknown;
}

const tag = 'Sandboxes';
const path = '/v1.0/sandboxes';

export function sandboxRoutes({ access, sandboxes = [] }: Services): Route[] {
  return [
    {
      verb: 'GET',
      path,
      operation: 'listSandboxes',
      tag,
      summary: 'List the vendors that are played on this machine; none outside of a harness.',
      access: { action: 'connectors:read', resources: ['connector/*'] },
      answer: { list: 'sandbox-record' },
      handle: async () => ({ body: sandboxes.map(({ name, title }) => ({ Name: name, Title: title })) }),
    },
    {
      verb: 'POST',
      path: `${path}/{sandbox}`,
      operation: 'askSandbox',
      tag,
      summary: "Ask one of a played vendor's own screens: service users, keys, faults, requests, data.",
      access: { action: 'connectors:setup', resources: ['connector/*'] },
      body: { schema: 'sandbox-request', required: ['Verb', 'Path'] },
      answer: 'anything',
      handle: async (call) => {
        const name = param(call, 'sandbox');
        const sandbox = sandboxes.find((one) => one.name === name);
        if (!sandbox) throw new FishplateError('sandbox.unknown', `no vendor "${name}" is played here`);
        const { Verb, Path, Body } = call.body as SandboxRequest;
        const answer = await sandbox.ask(Verb, Path, Body);
        if (answer.status >= 400) throw refusal(answer);
        const secretShown = showsSecret(answer.body);
        if (Verb !== 'GET' || secretShown)
          await access.audit.record({
            ...{ actor: actorOf(call.caller), action: 'sandbox.ask', target: `sandbox/${name}` },
            accountId: null,
            detail: { verb: Verb, path: Path, secretShown, requestId: call.requestId },
          });
        return { body: answer.body };
      },
    },
  ];
}

/** What the screens say of an error; docs/sandbox.md. */
interface ScreenError {
  readonly message?: unknown;
  readonly hint?: unknown;
  readonly problems?: readonly InputProblem[];
}

/** The vendor's own words go on, with what to do and the fields that are wrong. */
function refusal({ status, body }: { readonly status: number; readonly body: unknown }): FishplateError {
  const said = (body ?? {}) as ScreenError;
  const message = typeof said.message === 'string' ? said.message : `the sandbox answered ${status}`;
  const problems = Array.isArray(said.problems) ? said.problems : [];
  const hint = typeof said.hint === 'string' ? { hint: said.hint } : {};
  return new FishplateError(codes[status] ?? 'input.invalid', message, { problems, ...hint });
}

const codes: Readonly<Record<number, ErrorCode>> = { 404: 'sandbox.unknown', 409: 'sandbox.not-allowed' };

/** A played vendor shows the secret of a key when it makes one, as the real one does. */
const showsSecret = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).some(isTellingName);
