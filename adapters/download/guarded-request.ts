import { type ClientRequest, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { type AppError, messageOf } from '../../domain/errors.js';
import { forbidden, privateAddress, type Scheme, shownUrl } from './checked-url.js';
import { createIsDenied, DeniedAddressError, denyingLookup } from './denied-addresses.js';

/** Addresses that requests may reach. */
export interface GuardSettings {
  /** Whether requests may reach this host and private networks. */
  readonly allowPrivateAddresses: boolean;
  /** Private addresses that requests may reach, as IP or CIDR. */
  readonly allowedAddresses?: readonly string[];
  /** Addresses that requests never reach, as IP or CIDR. */
  readonly deniedAddresses?: readonly string[];
  /** Default: https and http. */
  readonly schemes?: readonly Scheme[];
  /** Resolves names; default: that of the system. */
  readonly lookup?: LookupFunction;
}

/**
 * Opens a request that cannot reach this host, a private network or the deny list. The address is
 * checked after the name is resolved, when the connection is made.
 */
export function openGuarded(
  url: URL,
  { allowPrivateAddresses, allowedAddresses = [], deniedAddresses, lookup }: GuardSettings,
  given: RequestOptions,
): ClientRequest {
  const isDenied = createIsDenied(deniedAddresses);
  // A literal address is not resolved.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isDenied(literal)) throw new DeniedAddressError(literal);
  // One agent per request, because a kept-alive connection would not be checked again.
  const filter = {
    allowPrivateIPAddress: allowPrivateAddresses,
    allowMetaIPAddress: allowPrivateAddresses,
    allowIPAddressList: [...allowedAddresses],
    keepAlive: false,
  };
  const headers = { 'user-agent': 'vidette', ...given.headers };
  const options = { ...given, headers, lookup: denyingLookup(isDenied, lookup) };
  return url.protocol === 'https:'
    ? requestHttps(url, { ...options, agent: new RequestFilteringHttpsAgent(filter) })
    : requestHttp(url, { ...options, agent: new RequestFilteringHttpAgent(filter) });
}

/** The error for an address that the guard rejected; undefined for other errors. */
export function refusalOf(url: URL, error: unknown): AppError | undefined {
  if (error instanceof DeniedAddressError) {
    const advice = 'It is denied by VIDETTE_DENIED_ADDRESSES, or always.';
    return forbidden(`${shownUrl(url)} leads to an address that is never fetched`, advice);
  }
  if (!/is not allowed\. Because/.test(messageOf(error))) return undefined;
  return privateAddress(url);
}
