/** A kind of authentication comes in; the settings and the auth section of a new connector go out, as lines of YAML. */

export const scaffoldAuths = ['client-credentials', 'api-key', 'bearer', 'basic', 'login'] as const;
export type ScaffoldAuth = (typeof scaffoldAuths)[number];

export interface AuthParts {
  /** Below `settings:`. */
  readonly settings: string;
  /** Below `auth:`. */
  readonly auth: string;
  /** Whether tokens come from a host of their own. */
  readonly tokenHost: boolean;
  /** What the README says is to be made at the vendor. */
  readonly key: string;
}

/** The parts of a connector that differ with the kind. `name` is in upper case, as environment variables are. */
export function authParts(kind: ScaffoldAuth, name: string): AuthParts {
  return kinds[kind](name);
}

const secretNote = '    secret: true # never shown again, neither to people nor in logs\n';

const kinds: Readonly<Record<ScaffoldAuth, (name: string) => AuthParts>> = {
  'client-credentials': (name) => ({
    tokenHost: true,
    key: 'an API client with its id and its secret',
    settings: pair(
      ['clientId', 'Client ID', 'The id of an API client.', `${name}_CLIENT_ID`],
      ['clientSecret', 'Client secret', 'The secret of that client.', `${name}_CLIENT_SECRET`],
    ),
    auth: `  # OAuth 2.0 client credentials (RFC 6749 section 4.4): the pair is exchanged for a token, which is renewed in time.
  - id: client
    label: API client
    kind: client-credentials
    host: token
    path: /oauth/token
    clientId: '{{clientId}}'
    clientSecret: '{{clientSecret}}'
    credentials: basic # or body: where the vendor expects the pair
    encoding: form # or json: how the body of the token request is written
    lifetimeSeconds: 3600 # assumed when the answer does not say expires_in
`,
  }),
  'api-key': (name) => ({
    tokenHost: false,
    key: 'an API key',
    settings: single('apiKey', 'API key', `${name}_API_KEY`),
    auth: `  # A fixed key, sent with every call. in: header, query or cookie; a prefix may stand before it.
  - { id: key, label: API key, kind: api-key, in: header, name: X-Api-Key, value: '{{apiKey}}' }
`,
  }),
  bearer: (name) => ({
    tokenHost: false,
    key: 'an access token that does not expire',
    settings: single('accessToken', 'Access token', `${name}_ACCESS_TOKEN`),
    auth: `  # A fixed token, sent as "Authorization: Bearer ..." (RFC 6750).
  - { id: token, label: Access token, kind: bearer, token: '{{accessToken}}' }
`,
  }),
  basic: (name) => ({
    tokenHost: false,
    key: 'a user with a password for the API',
    settings: pair(
      ['username', 'User name', 'The user that the API is called as.', `${name}_USERNAME`],
      ['password', 'Password', 'The password of that user.', `${name}_PASSWORD`],
    ),
    auth: `  # HTTP Basic (RFC 7617), sent with every call.
  - { id: user, label: User and password, kind: basic, username: '{{username}}', password: '{{password}}' }
`,
  }),
  login: (name) => ({
    tokenHost: false,
    key: 'a user with a password for the API',
    settings: pair(
      ['username', 'User name', 'The user that the API is called as.', `${name}_USERNAME`],
      ['password', 'Password', 'The password of that user.', `${name}_PASSWORD`],
    ),
    auth: `  # A call that opens a session. What it hands out goes onto the calls of the session, and is renewed in time.
  - id: session
    label: User and password
    kind: login
    host: api
    path: /login
    fields: { username: '{{username}}', password: '{{password}}' }
    token: { body: session.token } # or { header: X-Session }, or { cookie: SID }: where the answer has the token
    place: { in: header, name: Authorization, prefix: 'Bearer ' } # where the calls carry it
    lifetime: session.expiresIn # seconds, in the same answer
    lifetimeSeconds: 1200 # assumed when the answer does not say
`,
  }),
};

type SettingText = readonly [key: string, label: string, description: string, alias: string];

const pair = (id: SettingText, secret: SettingText): string =>
  setting(
    id,
    "    group: credentials # both come from one place: an id never meets another one's secret\n",
    true,
  ) +
  setting(
    secret,
    `${secretNote}    group: credentials
`,
    false,
  );

const single = (key: string, label: string, alias: string): string =>
  setting([key, label, "Made in the vendor's settings, under API.", alias], secretNote, true);

/** What a key means is said where it stands first. */
const setting = ([key, label, description, alias]: SettingText, more: string, first: boolean): string =>
  `  ${key}:
    label: ${label}
    description: ${description}
    level: either${first ? ' # given by the console for every account, or by an account for itself' : ''}
${more}    aliases: [${alias}]${first ? ' # names that a pasted block of environment variables may use' : ''}
`;
