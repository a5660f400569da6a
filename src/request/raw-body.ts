/** A request that no method describes comes in; how its body is written goes out: as the caller says, or as the methods of its host write theirs. */
import type { Body, Connector } from '../definition/connector.ts';
import type { InputProblem } from '../errors.ts';
import { FORM_TYPE } from './form.ts';

/** What a request in the caller's own words says of its body. */
export interface RawBody {
  readonly body?: unknown;
  /** `application/x-www-form-urlencoded`, or a JSON type; as most methods of the host write their bodies when absent. */
  readonly contentType?: string;
}

/** A media type (RFC 9110 section 8.3.1) that says JSON: `application/json`, or one that ends with `+json`. */
const JSON_TYPE =
  /^[a-z0-9][a-z0-9.-]*\/(?:json|[a-z0-9][a-z0-9.+-]*\+json)(?: *; *[a-z0-9-]+=[a-z0-9.-]+)*$/i;

type Written = Pick<Body, 'encoding' | 'formStyle' | 'contentType'>;

/** The body of the method; undefined where the request has none. */
export function rawBody(connector: Connector, request: RawBody, host: string): Body | undefined {
  if (request.body === undefined) return undefined;
  return { required: true, schema: true, closed: false, fill: [], ...written(connector, request, host) };
}

/** Nothing but JSON and forms is written, and a form has names. */
export function rawBodyProblems(connector: Connector, request: RawBody, host: string): InputProblem[] {
  const { body, contentType } = request;
  if (contentType !== undefined && body === undefined)
    return [{ path: 'contentType', message: 'goes with a body, and there is none' }];
  if (contentType !== undefined && !isForm(contentType) && !JSON_TYPE.test(contentType))
    return [{ path: 'contentType', message: `must be ${FORM_TYPE} or a JSON type, not ${contentType}` }];
  if (body === undefined || written(connector, request, host).encoding === 'json') return [];
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? []
    : [{ path: 'body', message: 'must be an object: it is sent as a form, whose fields have names' }];
}

function written(connector: Connector, { contentType }: RawBody, host: string): Written {
  if (contentType === undefined) return usual(connector, host) ?? { encoding: 'json' };
  if (!isForm(contentType)) return { encoding: 'json', contentType };
  const isFormBody = (body: Written) => body.encoding === 'form';
  return (
    usual(connector, host, isFormBody) ?? usual(connector, undefined, isFormBody) ?? { encoding: 'form' }
  );
}

const isForm = (type: string): boolean => type.split(';')[0]?.trim().toLowerCase() === FORM_TYPE;

/** How most methods of a host write their bodies; of all hosts without one. What a setting chooses is nobody's usual way. */
function usual(
  { methods }: Connector,
  host: string | undefined,
  counts: (body: Written) => boolean = () => true,
): Written | undefined {
  const ways = new Map<string, { readonly way: Written; methods: number }>();
  for (const { body, host: own } of Object.values(methods)) {
    if (!body || (host !== undefined && own !== host) || !counts(body)) continue;
    const { encoding, formStyle, contentType } = body;
    const way: Written = {
      encoding,
      ...(formStyle !== undefined && { formStyle }),
      ...(typeof contentType === 'string' && { contentType }),
    };
    const key = [encoding, formStyle, way.contentType].join();
    const known = ways.get(key) ?? { way, methods: 0 };
    known.methods++;
    ways.set(key, known);
  }
  return [...ways.values()].sort((a, b) => b.methods - a.methods)[0]?.way;
}
