import { expect, it } from 'vitest';
import { createAddressGuard } from '../../src/transport/address-guard.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { serveTcp } from './local-server.ts';

it('a connection with a fault is closed, also where Node.js leaves it open: after its TLS has failed', async () => {
  const [hostname = '', port = ''] = (await serveTcp(() => undefined)).split(':');
  const connect = createConnect(createAddressGuard(['loopback']), 5_000);
  const code = await new Promise((resolve, reject) => {
    connect({ hostname, host: hostname, protocol: 'http:', port }, (error, socket) => {
      if (error) return reject(error);
      socket.once('close', () => resolve('closed'));
      socket.emit('error', Object.assign(new Error('bad record'), { code: 'ERR_SSL_BAD_RECORD_TYPE' }));
    });
  });
  expect(code).toBe('closed');
});
