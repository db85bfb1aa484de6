import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { AppError } from '../../domain/errors.js';
import { forbidden } from './checked-url.js';
import { createIsDenied, createIsListed, type IsDenied } from './denied-addresses.js';

/** Addresses at which cameras may be. */
export interface CameraNetworks {
  /** Only allowed networks, as IP or CIDR; default: all unicast addresses but loopback. */
  readonly cameraNetworks?: readonly string[];
  /** Addresses that are never contacted, as IP or CIDR. */
  readonly deniedAddresses?: readonly string[];
}

/** Metadata services of clouds outside of the link-local ranges. */
const METADATA = ['100.100.100.200', 'fd00:ec2::254'];

/** Ranges that are denied even if `cameraNetworks` contains them. */
const NEVER: ReadonlySet<string> = new Set(['unspecified', 'linkLocal', 'multicast', 'broadcast']);

/** Ranges that are allowed without `cameraNetworks`; private ones are the usual case of a camera. */
const BY_DEFAULT: ReadonlySet<string> = new Set([
  'unicast',
  'private',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** Returns a check whether an address is denied to cameras; IPv4 addresses also in their IPv6 form. */
export function createIsCameraDenied(networks: CameraNetworks): IsDenied {
  const { cameraNetworks = [], deniedAddresses = [] } = networks;
  const isDenied = createIsDenied([...METADATA, ...deniedAddresses]);
  const isInNetworks = createIsListed(cameraNetworks);
  return (address) => {
    if (isIP(address) === 0) return false;
    // Only link-local addresses have a zone.
    if (address.includes('%') || isDenied(address)) return true;
    const range = ipaddr.process(address).range();
    if (NEVER.has(range)) return true;
    return cameraNetworks.length > 0 ? !isInNetworks(address) : !BY_DEFAULT.has(range);
  };
}

/** The error for a camera at a denied address. @param shown URL without secrets. */
export function forbiddenCamera(shown: string): AppError {
  return forbidden(
    `Failed to open video: ${shown} leads to an address at which cameras are not allowed`,
    'VIDETTE_CAMERA_NETWORKS allows networks; link-local, multicast and denied addresses are never contacted.',
  );
}
