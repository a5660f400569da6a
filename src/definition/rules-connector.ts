/** Rules of connector.yaml: hosts, settings, auth, failures and the names that join them. */
import type { RawEnvironment } from './raw.ts';
import type { Path, RuleContext } from './rule-context.ts';
import { rulesOfAuth } from './rules-auth.ts';
import { checkDefaults } from './rules-methods.ts';

export function rulesOfConnector(context: RuleContext): void {
  checkSettings(context);
  checkEnvironments(context);
  checkOverrides(context);
  rulesOfAuth(context);
  checkTest(context);
  checkFailures(context);
  checkNamedParts(context);
  checkIcon(context);
  checkDefaults(context, context.connectorFile, ['defaults'], context.connector.defaults);
}

function checkSettings(context: RuleContext): void {
  const { connector, connectorFile: file, report } = context;
  for (const [key, setting] of Object.entries(connector.settings)) {
    const path: Path = ['settings', key];
    if (setting.pattern !== undefined) context.expectPattern(file, [...path, 'pattern'], setting.pattern);
    if (setting.default === undefined) continue;
    if (setting.secret)
      report(
        file,
        [...path, 'default'],
        'definition.bad-value',
        `the secret "${key}" cannot have a default`,
        { hint: 'definitions are not secret' },
      );
    const listed = setting.choices?.map((choice) => choice.value);
    if (listed && !setting.open && !listed.includes(setting.default))
      report(
        file,
        [...path, 'default'],
        'definition.bad-value',
        `the default "${setting.default}" is not one of the choices`,
        { hint: `choices: ${listed.join(', ')}` },
      );
  }
}

function checkEnvironments(context: RuleContext): void {
  const { connector, connectorFile: file, report, expectName } = context;
  const { setting, named, other } = connector.environments;
  expectName(file, ['environments', 'setting'], 'setting', setting, Object.keys(connector.settings));
  if (setting === undefined && (Object.keys(named).length > 1 || other))
    report(
      file,
      ['environments'],
      'definition.missing-key',
      'several environments need a setting that chooses between them',
      { hint: 'add setting: environment', at: 'key' },
    );
  const places: [Path, RawEnvironment][] = Object.entries(named).map(([name, environment]) => [
    ['environments', 'named', name],
    environment,
  ]);
  if (other) places.push([['environments', 'other'], other]);
  for (const [path, environment] of places) {
    const absent = context.hostNames.filter((host) => !Object.hasOwn(environment.hosts, host));
    if (absent.length > 0)
      report(
        file,
        [...path, 'hosts'],
        'definition.incomplete-environment',
        `no URL for the host ${absent.map((host) => `"${host}"`).join(', ')}`,
        { hint: 'an environment switches all hosts at once', at: 'key' },
      );
    for (const [host, url] of Object.entries(environment.hosts))
      checkHost(context, [...path, 'hosts', host], url);
  }
  const choices = setting === undefined ? undefined : connector.settings[setting]?.choices;
  for (const [index, { value }] of (choices ?? []).entries()) {
    if (!other && setting !== undefined)
      expectName(file, ['settings', setting, 'choices', index], 'environment', value, Object.keys(named));
  }
}

function checkHost(context: RuleContext, path: Path, url: string): void {
  const { connector, connectorFile: file, report } = context;
  const names = context.expectTemplate(file, path, url, Object.keys(connector.settings), 'settings');
  context.expectNoSecret(file, path, names);
  if (!url.startsWith('https://'))
    report(file, path, 'definition.insecure-host', `the host ${url} is not https`, {
      hint: `https://${url.replace(/^[a-z]+:\/\//, '')}`,
    });
  else if (!/^https:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/.test(url) || url.endsWith('/'))
    report(file, path, 'definition.bad-value', `"${url}" is not a base URL`, {
      hint: 'write scheme, host and path only, without a slash at the end',
    });
  else checkOpenHost(context, path, url);
}

/**
 * What an account writes into a host name must stay in front of the vendor's domain: `{{tenant}}.vendor.com`, but not
 * `{{host}}`. Unless no secret is shared: then an account can only send its own.
 */
function checkOpenHost(
  { connector, connectorFile: file, report }: RuleContext,
  path: Path,
  url: string,
): void {
  const settings = Object.values(connector.settings);
  if (!settings.some(({ secret, level }) => secret && level !== 'account')) return;
  const host = url.slice('https://'.length).split('/')[0] ?? '';
  for (const [, name = ''] of host.matchAll(/\{\{(\w+)/g)) {
    const setting = connector.settings[name];
    const isFree =
      setting !== undefined && setting.level !== 'console' && !(setting.choices && !setting.open);
    const domain = host.slice(host.lastIndexOf('}') + 1);
    if (!isFree || /^\.(?:[\w-]+\.)+[a-z]{2,}$/i.test(domain)) continue;
    report(
      file,
      path,
      'definition.open-override',
      `"${name}" can be set by an account and chooses the host`,
      {
        hint: 'end the host name with the domain of the vendor, or make the secrets or the setting of one level only',
      },
    );
  }
}

function checkOverrides({
  connector,
  connectorFile: file,
  hostNames,
  report,
  expectName,
}: RuleContext): void {
  for (const [host, setting] of Object.entries(connector.overrides ?? {})) {
    expectName(file, ['overrides', host], 'host', host, hostNames);
    expectName(file, ['overrides', host], 'setting', setting, Object.keys(connector.settings));
    const level = connector.settings[setting]?.level;
    if (level !== undefined && level !== 'console')
      report(
        file,
        ['settings', setting, 'level'],
        'definition.open-override',
        `"${setting}" replaces the host "${host}" and can be set by an account`,
        {
          hint: 'make its level console: an account could send console secrets to a host of its own',
        },
      );
  }
}

function checkTest({
  connector,
  connectorFile: file,
  methods,
  methodKeys,
  report,
  expectName,
}: RuleContext): void {
  const { method: key, identity, organisation } = connector.test;
  expectName(file, ['test', 'method'], 'method', key, methodKeys);
  if (organisation !== undefined)
    expectName(file, ['test', 'organisation'], 'identity field', organisation, Object.keys(identity));
  const method = methods.find((candidate) => candidate.key === key)?.method;
  if (method && !(method.readOnly ?? method.verb === 'GET'))
    report(
      file,
      ['test', 'method'],
      'definition.bad-value',
      `the connection test "${key}" changes things at the vendor`,
      { hint: 'choose a method that only reads' },
    );
  if (method?.warning !== undefined)
    report(
      file,
      ['test', 'method'],
      'definition.bad-value',
      `the connection test "${key}" is a method that people are warned of`,
      { hint: 'choose one that can be called at any time' },
    );
}

function checkFailures({
  connector,
  connectorFile: file,
  hostNames,
  methodKeys,
  expectName,
  expectTemplate,
}: RuleContext): void {
  for (const [index, { when }] of (connector.failures ?? []).entries()) {
    const path: Path = ['failures', index, 'when'];
    expectName(file, [...path, 'host'], 'host', when.host, hostNames);
    for (const [at, key] of (when.methods ?? []).entries())
      expectName(file, [...path, 'methods', at], 'method', key, methodKeys);
    if (when.claim)
      expectTemplate(
        file,
        [...path, 'claim', 'differsFrom'],
        when.claim.differsFrom,
        Object.keys(connector.settings),
        'settings',
      );
  }
}

function checkNamedParts({ connector, connectorFile: file, methodKeys, expectName }: RuleContext): void {
  for (const [name, limit] of Object.entries(connector.limits ?? {}))
    for (const [index, setting] of (limit.sharedBy ?? []).entries())
      expectName(
        file,
        ['limits', name, 'sharedBy', index],
        'setting',
        setting,
        Object.keys(connector.settings),
      );
  expectName(file, ['customFields', 'method'], 'method', connector.customFields?.method, methodKeys);
  const categories = [...new Set(methodKeys.map((key) => key.split('.')[0] ?? ''))];
  for (const category of Object.keys(connector.customFields?.entities ?? {}))
    expectName(file, ['customFields', 'entities', category], 'category', category, categories);
  for (const [name, upload] of Object.entries(connector.uploads ?? {})) {
    expectName(file, ['uploads', name, 'request'], 'method', upload.request, methodKeys);
    expectName(file, ['uploads', name, 'poll', 'method'], 'method', upload.poll.method, methodKeys);
  }
  for (const [name, lookup] of Object.entries(connector.lookups ?? {}))
    expectName(file, ['lookups', name, 'method'], 'method', lookup.method, methodKeys);
}

const LARGEST_ICON_BYTES = 64 * 1024;

/** Script, and whatever else an image has no need of: entities that hide it, and things that are fetched from elsewhere. */
const HOSTILE_SVG =
  /<script|[\s/"']on\w+\s*=|<foreignObject|javascript:|<!ENTITY|href\s*=\s*["']?\s*[^#"'\s]|@import|url\(\s*["']?\s*[^#"'\s]/i;

function checkIcon({ connector, connectorFile: file, assets, report }: RuleContext): void {
  if (connector.icon === undefined) return;
  const bytes = assets[connector.icon];
  if (!bytes)
    report(file, ['icon'], 'definition.icon', `there is no file ${connector.icon} beside connector.yaml`);
  else if (bytes.length > LARGEST_ICON_BYTES)
    report(
      file,
      ['icon'],
      'definition.icon',
      `the icon has ${bytes.length} bytes; ${LARGEST_ICON_BYTES} are allowed`,
    );
  else if (connector.icon.endsWith('.svg') && HOSTILE_SVG.test(Buffer.from(bytes).toString('utf8')))
    report(file, ['icon'], 'definition.icon', 'the icon holds script', { hint: 'export it as plain shapes' });
}
