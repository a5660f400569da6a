/** A request comes in; whether a program on this machine, and not a web page, has sent it goes out. */
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/**
 * No Origin header (a page of any site sends one with each change), a loopback name as Host (a name that was made to
 * point at 127.0.0.1 is none), a loopback address at the other end.
 */
export function isLocalRequest(request: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const { origin, host } = request.headers;
  if (origin !== undefined || host === undefined) return false;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return isLoopback(name) && isLoopback(request.socket.remoteAddress ?? '');
}

function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:/i, '');
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}
