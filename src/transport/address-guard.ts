/** Networks that are allowed come in; a guard that tells which addresses may be connected to, after DNS, goes out. */
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { FishplateError } from '../errors.ts';

export interface AddressGuard {
  /** Whether an IPv4 or IPv6 address may be connected to. */
  allows(address: string): boolean;
  /**
   * Resolves names for `net.connect`: only addresses that may be connected to come out, so the address that was checked
   * is the one that is used. Fails with `ADDRESS_REFUSED` when none is left.
   */
  readonly lookup: LookupFunction;
}

/** `code` of the error of a refused address; it carries the `address`. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

/** Stands for the addresses of this machine where networks are listed. */
export const LOOPBACK = 'loopback';
const loopback = ['127.0.0.0/8', '::1/128'];

// IANA's special-purpose address registries (RFC 6890 and its successors), and multicast.
const refusedIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// The first holds unspecified, loopback, and IPv4 addresses written as IPv6 (mapped and compatible).
const refusedIpv6 = [
  '::/16',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/**
 * Creates a guard that lets connections go to public addresses only, and to what is allowed besides: addresses,
 * networks (`10.0.0.0/8`), or `loopback`. Throws `config.invalid` for anything else.
 */
export function createAddressGuard(
  allowed: readonly string[] = [],
  resolve: typeof systemLookup = systemLookup,
): AddressGuard {
  const allowList = createNetworks(allowed.flatMap((name) => (name === LOOPBACK ? loopback : [name])));
  const allows = (address: string) => {
    const [plain = ''] = address.split('%');
    return isIP(plain) !== 0 && (holds(allowList, plain) || !holds(refused, plain));
  };
  return {
    allows,
    lookup: (hostname, options, callback) =>
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        const usable = addresses.filter(({ address }) => allows(address));
        const [first] = usable;
        if (!first) return callback(addressRefused(addresses[0]?.address ?? ''), '');
        return options.all ? callback(null, usable) : callback(null, first.address, first.family);
      }),
  };
}

/** The error of a connection that the guard does not let happen. */
export const addressRefused = (address: string): NodeJS.ErrnoException =>
  Object.assign(new Error('the address may not be connected to'), { code: ADDRESS_REFUSED, address });

/** Splits a list of networks at commas, and checks each. Throws `config.invalid`, naming `source` and the entry. */
export function parseNetworks(text: string, source: string): string[] {
  const networks = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const network of networks)
    if (network !== LOOPBACK && !splitNetwork(network)) throw notANetwork(network, source);
  return networks;
}

// NAT64 (RFC 6052) takes IPv6 to the IPv4 address that ends it, so it is refused where that address is.
const refusedNat64 = refusedIpv4.map((network) => {
  const [address, prefix] = network.split('/');
  return `64:ff9b::${address}/${96 + Number(prefix)}`;
});

/** Kept apart: in one list, networks of IPv6 would hold the addresses of IPv4 that can be written as IPv6. */
interface Networks {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

const refused = createNetworks([...refusedIpv4, ...refusedIpv6, ...refusedNat64]);

function createNetworks(networks: readonly string[]): Networks {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const found = splitNetwork(network);
    if (!found) throw notANetwork(network, 'the list of allowed addresses');
    const family = isIP(found.address) === 6 ? 'ipv6' : 'ipv4';
    lists[family].addSubnet(found.address, found.prefix, family);
  }
  return lists;
}

/** An address of IPv4 that is written as IPv6 is found in both. */
const holds = ({ ipv4, ipv6 }: Networks, address: string) =>
  isIP(address) === 6
    ? ipv6.check(address, 'ipv6') || ipv4.check(address, 'ipv6')
    : ipv4.check(address, 'ipv4');

function splitNetwork(network: string): { readonly address: string; readonly prefix: number } | undefined {
  const [address = '', prefixText, ...rest] = network.split('/');
  const bits = isIP(address) === 6 ? 128 : isIP(address) === 4 ? 32 : undefined;
  if (bits === undefined || address.includes('%') || rest.length > 0) return undefined;
  if (prefixText === undefined) return { address, prefix: bits };
  const prefix = Number(prefixText);
  return /^\d{1,3}$/.test(prefixText) && prefix <= bits ? { address, prefix } : undefined;
}

const notANetwork = (network: string, source: string) =>
  new FishplateError('config.invalid', `${source} holds "${network}", which is no address and no network`, {
    hint: `Give addresses or networks such as 10.1.2.0/24 or fd00::/8, or the word ${LOOPBACK} for this machine, separated by commas.`,
  });
