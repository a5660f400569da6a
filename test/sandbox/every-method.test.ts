import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bed, type MadeKey, openBed } from '../../src/conformance/bed.ts';
import { createKnown } from '../../src/conformance/known.ts';
import { createNeeds } from '../../src/conformance/needs.ts';
import { orderMethods, READING } from '../../src/conformance/order.ts';
import { createSamples, type Samples } from '../../src/conformance/samples.ts';
import { readConformanceScript } from '../../src/conformance/script.ts';
import type { Method } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { loadSource } from '../../src/definition/source.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createPlan } from '../../src/sandbox/plan.ts';
import { shapeOf } from '../../src/sandbox/schema-shape.ts';
import { basicHeader, call } from './open-sandbox.ts';

// That every method answers a valid request as its schema says is for the connector suite; here is what is refused.
const connector = await loadConnectorOrThrow('connector/m3ter');
const given = readConformanceScript(await loadSource('connector/m3ter'));
const result = await loadSandboxScript('connector/m3ter', connector);
if ('problems' in result) throw new Error(JSON.stringify(result.problems));
const { script } = result;
const [home = '', foreign = ''] = script.organisations.map(({ id }) => id);
const [auth] = connector.auth;
if (!auth) throw new Error('no auth');
const methods = Object.values(connector.methods);

let bed: Bed;
let samples: Samples;
let administrator: string;
let reader: string;

const urlOf = (host: string) => String(bed.connector.environments.named.sandbox?.hosts[host]?.[0]);

async function enter(key: MadeKey): Promise<string> {
  const [id = '', secret = ''] = Object.values(key.values);
  const reply = await call(`${urlOf('token')}/oauth/token`, {
    body: { grant_type: 'client_credentials' },
    headers: { authorization: basicHeader(id, secret) },
  });
  return reply.json.access_token;
}

interface Change {
  readonly organisation?: string;
  readonly id?: string;
  readonly body?: unknown;
}

const send = (method: Method, token: string, change: Change = {}) => {
  const args = samples.argumentsOf(method);
  const body = 'body' in change ? change.body : args.body;
  return call(`${urlOf(method.host)}${pathOf(method, args, change)}`, {
    token,
    method: method.verb,
    ...(body !== undefined && { body }),
  });
};

function pathOf(
  { path }: Method,
  args: Readonly<Record<string, unknown>>,
  { organisation = home, id }: Change,
): string {
  const last = path.findLast((part) => typeof part === 'object');
  return path
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.name === 'organisationId') return organisation;
      return encodeURIComponent(String(id !== undefined && part === last ? id : args[part.name]));
    })
    .join('');
}

/** A body that breaks the method's schema; undefined where none can. */
function brokenBody({ body }: Method): unknown {
  if (!body) return undefined;
  const { fields, required } = shapeOf(body.schema, connector.types);
  if (required.length > 0) return {};
  const typed = Object.entries(fields).find(
    ([, schema]) => shapeOf(schema, connector.types).type !== undefined,
  );
  if (!typed) return undefined;
  const [name, schema] = typed;
  return { [name]: shapeOf(schema, connector.types).type === 'string' ? 1 : 'wrong' };
}

/** Reads, replaces or deletes one entity by its id. */
const isOfOne = ({ verb, path }: Method) => {
  const last = path.at(-1);
  return verb !== 'POST' && typeof last === 'object' && last.name === 'id';
};

beforeAll(async () => {
  bed = await openBed(connector, script, given);
  const key = bed.makeKey(auth);
  administrator = await enter(key);
  reader = await enter(bed.makeKey(auth, { policies: ['ReadOnly'] }));
  const plan = createPlan(bed.connector, script);
  const known = createKnown(plan, script);
  const needs = createNeeds(bed.connector, plan, script.organisationSetting, given);
  samples = createSamples({ connector: bed.connector, script, given, plan, known, needs });
  const { making } = orderMethods(methods, plan, needs, given);
  // The rows of a table are there once they have been put.
  const putting = methods.filter(({ key }) => key === 'lookupTableData.update');
  for (const method of [...making.slice(0, READING + 1).flat(), ...putting])
    known.learn(method, (await send(method, administrator)).json);
}, 60_000);
afterAll(() => bed.close());

/** Keys of the methods for which something is not as it should be. */
async function wrong(
  list: readonly Method[],
  isRight: (method: Method) => Promise<boolean>,
): Promise<string[]> {
  const keys: string[] = [];
  for (const method of list) if (!(await isRight(method))) keys.push(method.key);
  return keys;
}

describe('every method of m3ter', () => {
  it('is refused with 403 and a message in the organisation of somebody else', async () => {
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { organisation: foreign });
      return status === 403 && typeof json.message === 'string';
    };
    expect(await wrong(methods, isRefused)).toEqual([]);
  });

  it('is refused with 403 for ReadOnly when it changes something, and only then', async () => {
    const writing = methods.filter(({ readOnly }) => !readOnly);
    expect(await wrong(writing, async (method) => (await send(method, reader)).status === 403)).toEqual([]);
    const reading = methods.filter(({ readOnly }) => readOnly);
    expect(await wrong(reading, async (method) => (await send(method, reader)).status !== 403)).toEqual([]);
  });

  it('answers 400 and nothing but a message to a body that breaks the schema', async () => {
    const breakable = methods.filter((method) => brokenBody(method) !== undefined);
    expect(breakable.length).toBeGreaterThan(110);
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { body: brokenBody(method) });
      return status === 400 && Object.keys(json).join() === 'message' && json.message !== '';
    };
    expect(await wrong(breakable, isRefused)).toEqual([]);
  });

  it('answers 404 for an id that nothing has', async () => {
    const single = methods.filter(isOfOne);
    expect(single.length).toBeGreaterThan(120);
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { id: 'nobody' });
      return status === 404 && json.message.includes('nobody');
    };
    expect(await wrong(single, isRefused)).toEqual([]);
  });
});
