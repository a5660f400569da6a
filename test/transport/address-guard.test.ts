import type { LookupAddress, lookup } from 'node:dns';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ADDRESS_REFUSED, createAddressGuard, parseNetworks } from '../../src/transport/address-guard.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { errorOf } from './error-of.ts';
import { adapters, createLocalSend, serve } from './local-server.ts';

describe('without an allow-list', () => {
  it.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['the metadata service', '169.254.169.254'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '203.0.113.7'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4 in IPv6, dotted', '::ffff:127.0.0.1'],
    ['IPv4 in IPv6, in hexadecimal', '::ffff:a9fe:a9fe'],
    ['IPv4 in IPv6, of old', '::7f00:1'],
    ['private behind NAT64', '64:ff9b::10.0.0.1'],
    ['the metadata service behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['local NAT64', '64:ff9b:1::1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001::1'],
    ['documentation', '2001:db8::1'],
    ['unique local', 'fc00::1'],
    ['unique local, the metadata service', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['no address at all', 'localhost'],
  ])('does not connect to %s: %s', (_, address) => {
    expect(createAddressGuard().allows(address)).toBe(false);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1111', '64:ff9b::1.1.1.1'])(
    'connects to %s, which is public',
    (address) => expect(createAddressGuard().allows(address)).toBe(true),
  );
});

describe('an allow-list', () => {
  it('opens what it names, and nothing beside it', () => {
    const { allows } = createAddressGuard(['10.1.0.0/16', '192.168.7.7', 'fd00:1::/32']);
    for (const address of ['10.1.2.3', '192.168.7.7', 'fd00:1::5', '1.1.1.1'])
      expect(allows(address), address).toBe(true);
    for (const address of ['10.2.0.1', '192.168.7.8', 'fd00:2::5', '127.0.0.1'])
      expect(allows(address), address).toBe(false);
  });

  it('knows this machine by name', () => {
    const { allows } = createAddressGuard(['loopback']);
    expect(['127.0.0.1', '127.9.9.9', '::1', '169.254.169.254'].map(allows)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.0/-1', 'intern', 'fe80::1%eth0'])(
    'is refused with %s, and says so',
    (network) => {
      expect(() => createAddressGuard([network])).toThrow(
        expect.objectContaining({ code: 'config.invalid' }),
      );
      expect(() => parseNetworks(`127.0.0.1, ${network}`, 'FISHPLATE_ALLOW_ADDRESSES')).toThrow(
        `FISHPLATE_ALLOW_ADDRESSES holds "${network}"`,
      );
    },
  );

  it('is split at commas', () => {
    expect(parseNetworks(' loopback , 10.0.0.0/8,,::1 ', 'X')).toEqual(['loopback', '10.0.0.0/8', '::1']);
    expect(parseNetworks('', 'X')).toEqual([]);
  });
});

type Found = LookupAddress[];
const resolver = (...answers: Found[]) =>
  ((_: string, __: unknown, done: (error: null, found: Found) => void) =>
    done(null, answers.shift() ?? [])) as unknown as typeof lookup;

describe('a name', () => {
  const ask = (guard: ReturnType<typeof createAddressGuard>, all: boolean) =>
    new Promise((resolve) => {
      guard.lookup('vendor.example', { all }, (error, address, family) =>
        resolve(error ? { error } : { address, family }),
      );
    });

  it('that leads to private addresses only leads nowhere', async () => {
    const found = [
      { address: '10.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    expect(await ask(createAddressGuard([], resolver(found)), true)).toMatchObject({
      error: { code: ADDRESS_REFUSED, address: '10.0.0.1' },
    });
  });

  it('that leads to both is connected to at its public addresses', async () => {
    const found = [
      { address: '10.0.0.1', family: 4 },
      { address: '1.1.1.1', family: 4 },
    ];
    const guard = createAddressGuard([], resolver(found, found));
    expect(await ask(guard, true)).toEqual({ address: [found[1]] });
    expect(await ask(guard, false)).toEqual({ address: '1.1.1.1', family: 4 });
  });

  it('that changes its mind is checked each time it is connected to', async () => {
    const guard = createAddressGuard(
      [],
      resolver([{ address: '1.1.1.1', family: 4 }], [{ address: '169.254.169.254', family: 4 }]),
    );
    expect(await ask(guard, true)).toMatchObject({ address: [{ address: '1.1.1.1' }] });
    expect(await ask(guard, true)).toMatchObject({ error: { address: '169.254.169.254' } });
  });
});

describe.each(adapters)('over %s', (adapter) => {
  it('a server on this machine gets nothing, however its address is spelt, and the error says where to allow it', async () => {
    let reached = 0;
    const origin = await serve((_, response) => {
      reached++;
      response.end();
    });
    const { port } = new URL(origin);
    const spellings = [
      ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0.0.0.0', '127.0.0.1.'],
      ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::]', 'localhost', 'LOCALHOST'],
    ];
    const send = createLocalSend({ adapter, allowAddresses: [] });
    for (const spelling of spellings)
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${spelling}:${port}/?key=s3cret`;
        const error = await errorOf(send({ method: 'POST', url, headers: {}, body: 's3cret' }));
        expect(error, url).toMatchObject({
          code: 'transport.address-refused',
          category: 'setup',
          outcome: 'not-sent',
          hint: expect.stringContaining('FISHPLATE_ALLOW_ADDRESSES'),
        });
        expect(error.message).not.toContain('s3cret');
      }
    expect(reached).toBe(0);
  });

  it('is guarded unless told otherwise, and open where told so', async () => {
    const origin = await serve((_, response) => void response.end('here'));
    const request = { method: 'GET', url: origin, headers: {} };
    const usual = createAxiosSend({ adapter });
    onTestFinished(() => usual.close());
    expect(await errorOf(usual(request))).toMatchObject({
      message: `${new URL(origin).host} is at an address that is not public (127.0.0.1)`,
    });
    const send = createLocalSend({ adapter, allowAddresses: ['127.0.0.1/32'] });
    expect((await send(request)).body).toBe('here');
    const { port } = new URL(origin);
    expect((await createLocalSend({ adapter })({ ...request, url: `http://localhost:${port}/` })).body).toBe(
      'here',
    );
  });
});
