/** Access comes in; the routes by which a browser signs in, asks who it is, and signs out go out. */
import type { Access } from '../access/access.ts';
import { actorOf } from '../access/authenticate.ts';
import { actionsOf } from '../access/permissions.ts';
import type { IssuedToken } from '../access/tokens.ts';
import { FishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { dateOf } from './installation-view.ts';
import type { Call, Route } from './route.ts';
import type { Services } from './services.ts';
import { SESSION_SECONDS } from './session.ts';

/** A checked sign-in.schema.json. */
interface SignIn {
  readonly Link?: string;
  readonly ClientId?: string;
  readonly ClientSecret?: string;
}

const path = '/v1.0/session';
const tag = 'Session';

export function sessionRoutes(services: Services): Route[] {
  const { access } = services;
  return [
    {
      verb: 'POST',
      path,
      operation: 'signIn',
      tag,
      summary: 'Sign a browser in with a one-time link or an access key; the session is an http-only cookie.',
      access: 'public',
      body: { schema: 'sign-in' },
      answer: 'session',
      attempt: ({ body }) => (body as SignIn).ClientId ?? '',
      handle: async (call) => {
        call.page.assertOwn();
        const given = call.body as SignIn;
        const token = await signIn(services, given);
        const caller = await access.authenticate(token.accessToken);
        await access.audit.record({
          ...{ actor: actorOf(caller), action: 'session.start', target: caller.accessKeyId },
          accountId: caller.accountId,
          detail: { by: given.Link === undefined ? 'access-key' : 'link', requestId: call.requestId },
        });
        return {
          body: await describe(services, token.accessToken),
          headers: { 'Set-Cookie': call.page.cookie(token.accessToken, token.expiresIn) },
        };
      },
    },
    {
      verb: 'GET',
      path,
      operation: 'getSession',
      tag,
      summary: 'Say whose token or session it is, and what it may do.',
      access: 'public',
      answer: 'session',
      handle: async (call) => ({ body: await describe(services, bearerOf(call)) }),
    },
    {
      verb: 'POST',
      path: `${path}/link`,
      operation: 'createSignInLink',
      tag,
      summary: 'Make a link that signs one browser in as the caller, once, within ten minutes.',
      access: 'public',
      answer: 'sign-in-link',
      handle: async (call) => {
        const caller = await access.authenticate(bearerOf(call));
        if (caller.accountId !== null)
          throw new FishplateError('access.forbidden', 'a pinned token makes no sign-in links', {
            hint: 'A session reaches to every account of its service user: use a token without scope.',
          });
        const {
          token,
          path: page,
          expiresAt,
        } = await createSignInLink(access, actorOf(caller), caller.accessKeyId);
        return { body: { Token: token, Path: page, ExpiresDate: dateOf(expiresAt) } };
      },
    },
    {
      verb: 'DELETE',
      path,
      operation: 'signOut',
      tag,
      summary: 'End the session and its token.',
      access: 'public',
      answer: 'message',
      handle: async (call) => {
        const bearer = bearerOf(call);
        const caller = await access.authenticate(bearer);
        await access.tokens.revoke(bearer);
        await access.audit.record({
          ...{ actor: actorOf(caller), action: 'session.end', target: caller.accessKeyId },
          ...{ accountId: caller.accountId, detail: { requestId: call.requestId } },
        });
        return { body: { Message: 'Signed out.' }, headers: { 'Set-Cookie': call.page.cookie('', 0) } };
      },
    },
  ];
}

const LINK_LIFETIME_MS = 600_000;

/** For whoever holds the access key already. Browsers send what stands behind the # to no server. */
export async function createSignInLink(
  { links }: Access,
  actor: string,
  accessKeyId: string,
): Promise<{ readonly token: string; readonly path: string; readonly expiresAt: number }> {
  const { token, link } = await links.create(actor, {
    ...{ kind: 'sign-in', accountId: null, target: { accessKeyId }, lifetimeMs: LINK_LIFETIME_MS },
  });
  return { token, path: `/console/sign-in#${token}`, expiresAt: link.expiresAt };
}

async function signIn({ access }: Services, { Link, ClientId, ClientSecret }: SignIn): Promise<IssuedToken> {
  if (Link !== undefined) {
    const link = await access.links.open('sign-in', Link);
    const use = [access.links.prepareUse(link)];
    return access.tokens
      .issueTo(String(link.target.accessKeyId), SESSION_SECONDS, use)
      .catch(async (error) => {
        // Was it the link that somebody else used in between?
        await access.links.open('sign-in', Link);
        throw error;
      });
  }
  if (ClientId === undefined || ClientSecret === undefined)
    throw new FishplateError('input.invalid', 'neither Link nor ClientId and ClientSecret are given', {
      hint: 'Give the id and secret of an access key, or the token of a sign-in link.',
    });
  return access.tokens.issue({ clientId: ClientId, clientSecret: new Secret(ClientSecret) }, SESSION_SECONDS);
}

const bearerOf = ({ authorization }: Call) => /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';

/** `May` is what the caller may do somewhere; each request is judged by itself all the same. */
async function describe({ access, runtime }: Services, bearer: string): Promise<Record<string, unknown>> {
  const caller = await access.authenticate(bearer);
  const user = await runtime.store.get('serviceUser', caller.serviceUserId);
  return {
    ServiceUser: { Id: caller.serviceUserId, Name: user?.name ?? '', Policies: user?.policies ?? [] },
    AccountId: caller.accountId,
    May: actionsOf(caller),
  };
}
