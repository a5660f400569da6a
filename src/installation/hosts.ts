/** The values of settings come in, the base URLs of the environment they choose go out: requests go nowhere else. */
import type { Connector } from '../definition/connector.ts';
import { fillTemplate, type Template } from '../definition/template.ts';
import type { InputProblem } from '../errors.ts';

/** The text of a setting's value; undefined when it has none. */
type ReadSetting = (key: string) => string | undefined;

/** The hosts that follow from the settings, or what stands in the way of them. */
export function resolveHosts(
  connector: Connector,
  read: ReadSetting,
): { hosts: Record<string, string>; environment: string } | { problems: InputProblem[] } {
  const { setting, named, other } = connector.environments;
  const chosen = setting === undefined ? Object.keys(named)[0] : read(setting);
  const environment = chosen === undefined ? undefined : Object.hasOwn(named, chosen) ? named[chosen] : other;
  if (chosen === undefined || !environment) {
    const message = `there is no environment "${chosen ?? ''}"; there are ${Object.keys(named).join(', ')}`;
    return { problems: [{ path: setting ?? '', message }] };
  }
  const hosts: Record<string, string> = {};
  const problems: InputProblem[] = [];
  for (const [host, template] of Object.entries(environment.hosts)) {
    const override = connector.overrides[host];
    const given = override === undefined ? undefined : read(override);
    const found =
      override === undefined || given === undefined
        ? fillHost(connector, host, template, read)
        : overridingHost(connector, override, given);
    if (typeof found === 'string') hosts[host] = found;
    else problems.push(...found);
  }
  return problems.length > 0 ? { problems } : { hosts, environment: chosen };
}

/** The base URL that the environment gives a host, whatever replaces it; undefined when there is none. */
export function vendorBase(connector: Connector, host: string, read: ReadSetting): string | undefined {
  const found = resolveHosts({ ...connector, overrides: {} }, read);
  return 'hosts' in found ? found.hosts[host] : undefined;
}

// What may stand in a host name, or be all of it. No slash, @, ? or #: they would end the host name and begin another.
const HOST_PART = /^\w(?:[\w.-]*\w)?(?::\d{1,5})?$/;

function fillHost(
  connector: Connector,
  host: string,
  template: Template,
  read: ReadSetting,
): string | InputProblem[] {
  const problems: InputProblem[] = [];
  const url = fillTemplate(
    template,
    (name) => read(name) ?? '',
    (value, name) => {
      const what = value === '' ? 'is missing' : 'cannot be part of a host name';
      const message = `${connector.settings[name]?.label ?? name} ${what}`;
      if (!HOST_PART.test(value)) problems.push({ path: name, message });
      return value;
    },
  );
  if (problems.length > 0) return problems;
  return URL.canParse(url)
    ? url
    : [{ path: connector.environments.setting ?? '', message: `${url} is no URL of the host "${host}"` }];
}

function overridingHost(connector: Connector, override: string, given: string): string | InputProblem[] {
  const url = baseUrl(given);
  if (url !== undefined) return url;
  const what = 'must be a base URL such as https://proxy.example.com; http only for this machine';
  return [{ path: override, message: `${connector.settings[override]?.label ?? override} ${what}` }];
}

/** A base URL without its last slash; undefined when it is none, carries credentials, or is http to another machine. */
function baseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
