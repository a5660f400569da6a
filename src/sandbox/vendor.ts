/** The vendor without its network: a request comes in, the answer goes out. What was checked in which order is here. */
import type { Body, Connector, Method } from '../definition/connector.ts';
import { createSchemaChecker } from '../schema.ts';
import type { SchemaFault } from '../schema-faults.ts';
import type { World } from '../wire.ts';
import type { SandboxAccess } from './access.ts';
import { type Call, requestValues } from './call.ts';
import { type Caller, callerValues, identifyCaller, momentValues } from './caller.ts';
import type { Collections } from './collections.ts';
import { createKeyOf } from './credentials.ts';
import { createEngine } from './engine.ts';
import { isFilePath } from './file-server.ts';
import { readForm } from './form.ts';
import { isAllowed } from './permission.ts';
import { createPlan, type Plan } from './plan.ts';
import { readQuery } from './query.ts';
import { createRates, type RateSwitch } from './rates.ts';
import { describeRefusal, fillErrorBody, Refusal, type RefusalChanges } from './refusal.ts';
import { createRights } from './rights.ts';
import { createRoutes, type RouteAnswer, type RouteMatch } from './routes.ts';
import { entityRulesOf, errorBodyOf, type SandboxScript, tokenRulesOf } from './script.ts';
import { createTags } from './tags.ts';
import type { Tokens } from './token.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import { typedValues } from './typed.ts';
import { createVendorKeys } from './vendor-keys.ts';
import { formText, readJson, type VendorAnswer, type VendorRequest } from './vendor-request.ts';

/** What can be changed while the sandbox runs. */
export interface Switches {
  /** Lifetime of the tokens that are issued from now on. */
  readonly tokenLifetimeSeconds?: number;
  /** How far the vendor's clock is ahead of the world's; negative: behind. */
  readonly clockSkewSeconds?: number;
  readonly refusals?: RefusalChanges;
  /** Enforces the limits of the definition. */
  readonly limits?: RateSwitch;
}

export interface VendorParts {
  readonly connector: Connector;
  readonly script: SandboxScript;
  readonly world: World;
  readonly access: SandboxAccess;
  readonly tokens: Tokens;
  readonly collections: Collections;
  readonly switches: () => Switches;
}

export interface Vendor {
  readonly plan: Plan;
  /** Finds what a request is for, before anything is read or checked. */
  route(request: Pick<VendorRequest, 'verb' | 'path' | 'hosts'>): RouteAnswer;
  /** Never throws a refusal: it is the answer. */
  answer(request: VendorRequest): VendorAnswer;
  /** `method`: the key of the one that is refused, or `token`. */
  refuse(refusal: Refusal, method?: string): VendorAnswer;
  /** The vendor's error body around a message. */
  errorBody(status: number, message: string, method?: string): unknown;
  /** Puts the script's seeds into every organisation. */
  seed(): void;
}

/** Puts the vendor together. Throws `sandbox.invalid` when script and definition do not fit each other. */
export function createVendor(parts: VendorParts): Vendor {
  const { connector, script, world, access, tokens, collections, switches } = parts;
  const { types } = connector;
  const routes = createRoutes(connector);
  const plan = createPlan(connector, script);
  const checker = createSchemaChecker(types);
  const keyOf = createKeyOf(connector, script, access);
  const oncePerKey = createVendorKeys();
  const rates = createRates(connector, script.organisationSetting);
  const { play, answerFile, start } = createEngine({
    plan,
    script,
    types,
    collections,
    checker,
    world,
    rights: createRights(access),
    tags: createTags(connector),
    refusing: connector.failures.flatMap(({ when }) => when.body?.[0]?.path ?? []),
  });
  const tokenEndpoint = {
    rules: tokenRulesOf(script),
    ...{ ownAnswer: script.token?.answer, keyOf, access, tokens },
    used: new Set<string>(),
  };
  const now = () => world.now() + (switches().clockSkewSeconds ?? 0) * 1000;

  function refuse(refusal: Refusal, method?: string): VendorAnswer {
    const form = errorBodyOf(script, method);
    const described = describeRefusal(refusal, form, script.refusals, switches().refusals);
    return { ...described, headers: refusal.headers };
  }

  function answerCall(method: Method, path: RouteMatch['values'], request: VendorRequest): VendorAnswer {
    const caller = identifyCaller({ connector, access, tokens, keyOf }, request, now());
    checkOrganisation(caller, path);
    checkRate(method, caller);
    if (!isAllowed(caller.policies, method, caller.serviceUser.details ?? {}))
      throw new Refusal('forbidden', 'Forbidden: the permission policies do not allow this call');
    checkSize(method, request);
    const body = readCheckedBody(method, request);
    const query = readQuery(method, request.query, request.headers, types, checker, body);
    const organisationId = caller.organisation.id;
    const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
    const search = request.query.toString();
    const url = `${origin}${request.path}${search === '' ? '' : `?${search}`}`;
    const typed = typedValues(path, method.parameters, types);
    const values = { ...requestValues(typed, query, body), ...callerValues(caller, now()), origin, url };
    return oncePerKey(method, organisationId, request, () =>
      succeed(method, { method, organisationId, path, query, body, values, headers: {} }),
    );
  }

  function checkRate(method: Method, { organisation, serviceUser }: Caller): void {
    const { limits } = switches();
    const call = { method, organisationId: organisation.id, serviceUserId: serviceUser.id, now: now() };
    if (limits) rates.check(call, limits);
    else rates.clear();
  }

  function checkOrganisation(caller: Caller, path: RouteMatch['values']): void {
    const { organisationSetting } = script;
    const given = organisationSetting === undefined ? undefined : path[organisationSetting];
    if (given !== undefined && given !== caller.organisation.id)
      throw new Refusal('wrongOrganisation', `Forbidden: no access to the organization ${given}`);
  }

  function checkSize(method: Method, request: VendorRequest): void {
    const most = script.bodyLimits?.[method.host];
    if (most !== undefined && request.body.length > most)
      throw new Refusal(
        'bodyTooLarge',
        `The request body has ${request.body.length} bytes; ${most} are allowed`,
      );
  }

  function readCheckedBody(method: Method, request: VendorRequest): unknown {
    if (!method.body) return undefined;
    const body = method.body.encoding === 'form' ? readFormOf(method.body, request) : readJson(request);
    if (body === undefined) {
      if (method.body.required) throw new Refusal('badBody', 'The request body is missing');
      return undefined;
    }
    const faults = checker
      .checkOf(method.body.schema)(body)
      .filter((fault) => !isTolerated(fault, method));
    if (faults.length > 0) throw new Refusal('badBody', faults.map(describeFault).join('; '));
    return body;
  }

  /** A form without fields is empty, as one that is not sent: what must be in it is then missing. */
  function readFormOf(body: Body, request: VendorRequest): unknown {
    const text = formText(request);
    return text === undefined && !body.required ? undefined : readForm(text ?? '', body, types);
  }

  /** Unknown fields do no harm; what is wrong with the version is said when it is compared with the stored one. */
  function isTolerated(fault: SchemaFault, method: Method): boolean {
    if (fault.keyword === 'additionalProperties' || fault.keyword === 'unevaluatedProperties') return true;
    const does = plan.methods.get(method.key)?.behaviour.does ?? 'sample';
    const isVersion =
      (fault.keyword === 'required' ? fault.property : fault.path[0]) === entityRulesOf(script).version;
    const atTop = fault.path.length === (fault.keyword === 'required' ? 0 : 1);
    return isVersion && atTop && versioned.has(does);
  }

  function succeed(method: Method, call: Call): VendorAnswer {
    const body = play(call);
    const headers = call.headers ?? {};
    const behaviour = plan.methods.get(method.key)?.behaviour;
    const { create = 200, delete: remove = 200, empty = 204 } = script.statuses ?? {};
    if (body === undefined) return { status: empty, headers };
    const status =
      behaviour?.does === 'create'
        ? create
        : behaviour?.does === 'delete'
          ? remove
          : behaviour?.does === 'answer'
            ? (behaviour.rule.status ?? 200)
            : 200;
    const type = Object.entries(method.headers).find(([name]) => name.toLowerCase() === 'accept')?.[1];
    // A text in place of JSON, where the method asks for one.
    if (typeof body === 'string' && type !== undefined && !/json|\*/.test(type))
      return { status, headers, file: { type, bytes: Buffer.from(body) } };
    return { status, headers, body };
  }

  function answer(request: VendorRequest): VendorAnswer {
    if (isFilePath(request.path)) return answerFile(request, now());
    const { found, verbs } = routes.find(request.verb, request.path, request.hosts);
    if (!found) throw notRouted(request, verbs);
    if (found.target.kind === 'method') return answerCall(found.target.method, found.values, request);
    const { tokenLifetimeSeconds } = switches();
    return answerTokenRequest(tokenEndpoint, found.target.auths, request, now(), tokenLifetimeSeconds);
  }

  function purposeOf({ verb, path, hosts }: VendorRequest): string | undefined {
    const target = routes.find(verb, path, hosts).found?.target;
    return target?.kind === 'method' ? target.method.key : target?.kind;
  }

  return {
    plan,
    refuse,
    errorBody: (status, message, method) => fillErrorBody(errorBodyOf(script, method), status, message),
    route: ({ verb, path, hosts }) => routes.find(verb, path, hosts),
    answer: (request) => {
      try {
        return answer(request);
      } catch (error) {
        if (error instanceof Refusal) return refuse(error, purposeOf(request));
        throw error;
      }
    },
    seed: () => {
      for (const { id } of script.organisations) start(id, { ...momentValues(now()), organisationId: id });
    },
  };
}

/** What says itself what is wrong with a version, once the stored one is known. */
const versioned: ReadonlySet<string> = new Set(['create', 'update', 'write', 'change', 'table']);

function notRouted({ verb, path }: VendorRequest, verbs: readonly string[]): Refusal {
  if (verbs.length === 0) return new Refusal('unknownPath', `There is nothing at ${path}`);
  const allow = verbs.join(', ');
  return new Refusal('wrongVerb', `${verb} is not possible here, only ${allow}`, { Allow: allow });
}

function describeFault(fault: SchemaFault): string {
  const isMissing = fault.keyword === 'required' && fault.property !== undefined;
  const path = [...fault.path, ...(isMissing ? [fault.property] : [])].join('.');
  const message = isMissing ? 'is missing' : fault.message;
  return path === '' ? `the body ${message}` : `${path} ${message}`;
}
