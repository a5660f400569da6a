/** A connector comes in; which of its hosts share a port goes out. */
import type { Connector } from '../definition/connector.ts';
import { formatTemplate } from '../definition/template.ts';
import { basePath, playedHosts } from './routes.ts';

export interface Port {
  /** The names of the hosts that the port stands for. */
  readonly hosts: readonly string[];
  /** The API port answers every path: clients that derive one host from another's name end up there. */
  readonly isApi: boolean;
}

/** Hosts with the same origin share a port. The API port is that of the connection test. */
export function portsOf(connector: Connector): Port[] {
  const byOrigin = new Map<string, string[]>();
  for (const [host, template] of Object.entries(playedHosts(connector))) {
    const origin = /^[^/]*\/\/[^/]*/.exec(formatTemplate(template))?.[0] ?? '';
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), host]);
  }
  const groups = [...byOrigin.values()];
  const apiHost = connector.methods[connector.test.method]?.host;
  const api = groups.find((hosts) => apiHost !== undefined && hosts.includes(apiHost)) ?? groups[0];
  return groups.map((hosts) => ({ hosts, isApi: hosts === api }));
}

/** Base URLs by host name, once the ports are known. */
export function urlsOf(connector: Connector, origins: ReadonlyMap<Port, string>): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const [port, origin] of origins)
    for (const host of port.hosts) urls[host] = origin + formatTemplate(basePath(connector, host));
  return urls;
}
