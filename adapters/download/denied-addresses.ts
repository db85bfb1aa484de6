import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Public-looking addresses inside a cloud: the virtual host of Azure. */
const ALWAYS_DENIED = ['168.63.129.16'];

const COMPATIBLE = new BlockList();
COMPATIBLE.addSubnet('::', 96, 'ipv6');
/** `::` and `::1`, which are part of `::/96` and have a meaning of their own. */
const LOCAL = new BlockList();
LOCAL.addSubnet('::', 127, 'ipv6');

/**
 * Whether an address is an IPv4-compatible one, such as `::7f00:1`: a deprecated form (RFC 4291) that a
 * system may route to the IPv4 address in it.
 */
export function isIpv4Compatible(address: string): boolean {
  return isIP(address) === 6 && COMPATIBLE.check(address, 'ipv6') && !LOCAL.check(address, 'ipv6');
}

/** Whether an address is denied; IPv4 addresses also in their IPv6 form. */
export type IsDenied = (address: string) => boolean;

/** @param addresses as IP or CIDR. */
export function createIsDenied(addresses: readonly string[] = []): IsDenied {
  const isListed = createIsListed([...ALWAYS_DENIED, ...addresses]);
  return (address) => isIP(address) !== 0 && (isIpv4Compatible(address) || isListed(address));
}

/** Returns a check whether an IP address is in a list of IPs and CIDRs. */
export function createIsListed(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Resolves names as `lookup` does, and fails if one of the addresses is denied. */
export function denyingLookup(
  isDenied: IsDenied,
  lookup: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(addressOf);
      const isRefused = !error && addresses.some(isDenied);
      callback(isRefused ? new DeniedAddressError(hostname) : error, found, family);
    });
  };
}

function addressOf({ address }: { readonly address: string }): string {
  return address;
}

/** A name resolves to a denied address. */
export class DeniedAddressError extends Error {
  override readonly name = 'DeniedAddressError';
  constructor(hostname: string) {
    super(`${hostname} leads to a denied address`);
  }
}
