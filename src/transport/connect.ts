/** A guard and a time come in; a function that opens guarded connections, TLS 1.2 or newer, goes out. */
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressGuard, addressRefused } from './address-guard.ts';
import { RESET } from './transport-error.ts';

export type Connect = buildConnector.connector;

/**
 * Creates the one way in which connections are opened. Names resolve through the guard; addresses that stand in the URL
 * itself never resolve, so they are checked here. Certificates are always checked: `NODE_TLS_REJECT_UNAUTHORIZED`
 * does not change that.
 */
export function createConnect(guard: AddressGuard, timeoutMs: number): Connect {
  const connect = buildConnector({
    lookup: guard.lookup,
    timeout: timeoutMs,
    // RFC 8305: IPv6 and IPv4 are tried side by side.
    autoSelectFamily: true,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  });
  return (options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(hostname) === 0 || guard.allows(hostname))
      return connect({ ...options, hostname }, (...[error, socket]: Parameters<buildConnector.Callback>) => {
        if (error) return callback(error, null);
        socket.on('error', (fault: NodeJS.ErrnoException) => {
          if (fault.code === 'ECONNRESET') fault.code = RESET;
          // Node.js keeps one open whose TLS has failed, and its request would wait for its time to be over.
          socket.destroy(fault);
        });
        callback(null, socket);
      });
    process.nextTick(() => callback(addressRefused(hostname), null));
  };
}
