/** Rules of the auth methods in connector.yaml: their hosts, what they are made of, and where credentials stand. */
import type { Placement } from './connector.ts';
import type { RawAuth, RawClientCredentials, RawLogin } from './raw.ts';
import type { Path, RuleContext } from './rule-context.ts';

export function rulesOfAuth(context: RuleContext): void {
  const { connector, connectorFile: file, report } = context;
  for (const [index, auth] of connector.auth.entries()) {
    const path: Path = ['auth', index];
    if (connector.auth.findIndex(({ id }) => id === auth.id) < index)
      report(file, [...path, 'id'], 'definition.bad-value', `two auth methods have the id "${auth.id}"`);
    checkTemplates(context, auth, path);
    if (auth.kind === 'api-key') checkPlace(context, auth, path);
    else if (auth.kind === 'login') checkLogin(context, auth, path);
    else if (auth.kind === 'client-credentials') checkClient(context, auth, path);
  }
}

/** Texts that may hold any setting, by where they stand. */
function templatesOf(auth: RawAuth): [Path, unknown][] {
  switch (auth.kind) {
    case 'basic':
      return [
        [['username'], auth.username],
        [['password'], auth.password],
      ];
    case 'bearer':
      return [[['token'], auth.token]];
    case 'api-key':
      return [[['value'], auth.value]];
    case 'login':
      return [...inside('headers', auth.headers), ...inside('fields', auth.fields)];
    case 'client-credentials': {
      const { lifetimeSeconds: _, algorithm: __, ...texts } = auth.assertion ?? {};
      return [
        [['clientId'], auth.clientId],
        [['clientSecret'], auth.clientSecret],
        ...inside('assertion', texts),
        ...inside('fields', auth.fields),
      ];
    }
  }
}

const inside = (key: string, texts: Readonly<Record<string, unknown>> = {}) =>
  Object.entries(texts).map(([name, text]): [Path, unknown] => [[key, name], text]);

function checkTemplates(context: RuleContext, auth: RawAuth, path: Path): void {
  const { connector, connectorFile: file, expectTemplate } = context;
  const settings = Object.keys(connector.settings);
  for (const [place, text] of templatesOf(auth))
    if (typeof text === 'string') expectTemplate(file, [...path, ...place], text, settings, 'settings');
  if (auth.kind !== 'client-credentials' && auth.kind !== 'login') return;
  context.expectName(file, [...path, 'host'], 'host', auth.host, context.hostNames);
  const inPath = expectTemplate(file, [...path, 'path'], auth.path, settings, 'settings');
  context.expectNoSecret(file, [...path, 'path'], inPath);
}

/** RFC 9110 section 5.6.2, which is also what RFC 6265 has for the names of cookies. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

function checkPlace({ connectorFile: file, report }: RuleContext, place: Placement, path: Path): void {
  if (place.in !== 'query' && !TOKEN.test(place.name))
    report(file, [...path, 'name'], 'definition.bad-value', `no ${place.in} can be called "${place.name}"`);
}

function checkLogin(context: RuleContext, auth: RawLogin, path: Path): void {
  const { connectorFile: file, report } = context;
  checkPlace(context, auth.place, [...path, 'place']);
  if (auth.verb === 'GET' && auth.fields)
    report(file, [...path, 'fields'], 'definition.bad-value', 'a GET request has no body', { at: 'key' });
}

function checkClient(context: RuleContext, auth: RawClientCredentials, path: Path): void {
  const { connector, connectorFile: file, report } = context;
  const { credentials = 'basic', clientSecret, assertion } = auth;
  const signs = credentials === 'private_key_jwt';
  const [needed, odd] = signs
    ? (['assertion', 'clientSecret'] as const)
    : (['clientSecret', 'assertion'] as const);
  const hint = signs ? "write assertion: { key: '{{privateKey}}', algorithm: RS256 }" : undefined;
  if (auth[needed] === undefined)
    report(file, path, 'definition.missing-key', `${credentials} needs the key "${needed}"`, {
      hint,
      at: 'key',
    });
  if ((signs ? clientSecret : assertion) !== undefined)
    report(file, [...path, odd], 'definition.bad-value', `${credentials} does without "${odd}"`, {
      at: 'key',
    });
  const [, name = ''] = /\{\{\s*(\w+)/.exec(assertion?.key ?? '') ?? [];
  const setting = connector.settings[name];
  const isFirst = connector.auth.find(
    (each) => each.kind === 'client-credentials' && each.assertion?.key === assertion?.key,
  );
  if (setting && isFirst === auth && !(setting.multiline && setting.secret))
    report(
      file,
      ['settings', name],
      'definition.bad-value',
      `"${name}" is a private key: it has several lines, and is a secret`,
      { hint: 'add secret: true and multiline: true', at: 'key' },
    );
}
