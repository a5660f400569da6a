/** Access comes in; the token endpoint goes out: client credentials for a bearer token (RFC 6749 section 4.4). */
import { FishplateError, isFishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { statusOf } from './error-response.ts';
import type { ErrorExtras, Route } from './route.ts';
import type { Services } from './services.ts';

interface TokenRequest {
  readonly grant_type?: string;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly scope?: string;
}

export function tokenRoutes({ access }: Services): Route[] {
  return [
    {
      verb: 'POST',
      path: '/oauth/token',
      operation: 'issueToken',
      tag: 'Token',
      summary:
        'Exchange an access key for a token. The key travels as HTTP Basic or in the body, form or JSON.',
      access: 'public',
      body: { schema: 'token-request', required: ['grant_type'], form: true },
      answer: 'access-token',
      attempt: ({ body, authorization }) =>
        readBasic(authorization)?.clientId ?? (body as TokenRequest).client_id ?? '',
      handle: async ({ body, authorization }) => {
        const { grant_type: grant, scope, ...inBody } = body as TokenRequest;
        if (grant !== 'client_credentials')
          throw new FishplateError('access.unsupported-grant', 'grant_type must be client_credentials');
        const client = readClient(authorization, inBody);
        const token = await access.tokens.issue({ ...client, ...(scope !== undefined && { scope }) });
        return {
          body: {
            access_token: token.accessToken,
            token_type: token.tokenType,
            expires_in: token.expiresIn,
            clientId: token.clientId,
            ...(token.scope !== undefined && { scope: token.scope }),
          },
          headers: { Pragma: 'no-cache' },
        };
      },
      describeError: (error, { authorization }) => describeTokenError(error, authorization),
    },
  ];
}

/** RFC 6749 section 2.3: one way at a time; with Basic, both parts are form-encoded first (section 2.3.1). */
function readClient(
  authorization: string,
  { client_id: id, client_secret: secret }: TokenRequest,
): { clientId: string; clientSecret: Secret } {
  if (authorization === '') {
    if (id === undefined || secret === undefined)
      throw new FishplateError('access.invalid-client', 'client_id and client_secret are missing');
    return { clientId: id, clientSecret: new Secret(secret) };
  }
  const basic = readBasic(authorization);
  if (!basic) throw new FishplateError('access.invalid-client', 'the Authorization header is not HTTP Basic');
  if (secret !== undefined || (id !== undefined && id !== basic.clientId))
    throw new FishplateError('input.invalid', 'the client is given both as HTTP Basic and in the body');
  return basic;
}

function readBasic(authorization: string): { clientId: string; clientSecret: Secret } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1];
  const plain = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  if (colon <= 0) return undefined;
  return {
    clientId: formDecode(plain.slice(0, colon)),
    clientSecret: new Secret(formDecode(plain.slice(colon + 1))),
  };
}

/** Our ids and secrets have no letter that form encoding changes, so a text that cannot be decoded is taken as it is. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 6749 section 5.2. */
function describeTokenError(error: FishplateError, authorization: string): ErrorExtras {
  const usedBasic = authorization !== '' && isFishplateError(error, 'access.invalid-client');
  return {
    headers: usedBasic ? { 'WWW-Authenticate': 'Basic realm="fishplate"' } : {},
    body: { error: oauthCode(error), error_description: printable(error.message) },
  };
}

function oauthCode(error: FishplateError): string {
  if (error.code === 'access.invalid-client') return 'invalid_client';
  if (error.code === 'access.bad-scope') return 'invalid_scope';
  if (error.code === 'access.unsupported-grant') return 'unsupported_grant_type';
  return statusOf(error) < 500 ? 'invalid_request' : 'server_error';
}

/** The characters that section 5.2 allows in a description. */
const printable = (text: string) => text.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ');
