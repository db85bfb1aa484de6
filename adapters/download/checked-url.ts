import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../domain/errors.js';

export type Scheme = 'http' | 'https';

/** Schemes of addresses that are fetched unless the configuration says otherwise. */
const SCHEMES: readonly Scheme[] = ['https', 'http'];

/** The address as a URL that may be asked for, as far as its text tells. @throws AppError `URL_FORBIDDEN`. */
export function checkedUrl(text: string, schemes: readonly Scheme[] = SCHEMES): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const allowed = schemes.join(' or ');
  if (!url) throw forbidden('This is no address', `Expected ${allowed}.`);
  if (!schemes.some((scheme) => url.protocol === `${scheme}:`)) {
    throw forbidden(`Addresses with ${url.protocol} are not fetched`, `Use ${allowed}.`);
  }
  if (url.username !== '' || url.password !== '') {
    const advice = 'Download the file yourself and give its path.';
    throw forbidden('An address with a user name or password is not fetched', advice);
  }
  return url;
}

/**
 * Refuses an address that by its text alone is on this host or in a private network; where names lead
 * is seen when they are asked. @throws AppError `URL_FORBIDDEN`.
 */
export function expectPublic(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isUnicast(host);
  if (isLocal) throw privateAddress(url);
}

/** Of IPv6, the address of IPv4 that it stands for counts. */
function isUnicast(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

/** The refusal of an address inside. */
export function privateAddress(url: URL): AppError {
  return forbidden(
    `${shownUrl(url)} leads to this host or a private network`,
    'Such addresses are asked only with VIDETTE_ALLOW_PRIVATE_ADDRESSES=true.',
  );
}

/** Where a redirect leads, checked like the address itself; never from https to http. */
export function checkedRedirect(location: string, from: URL, schemes?: readonly Scheme[]): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from).href : location;
  const url = checkedUrl(target, schemes);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    const advice = 'What comes over http can be changed on its way.';
    throw forbidden(`${shownUrl(from)} redirects from https to http`, advice);
  }
  return url;
}

/** An address as it may be shown: queries often hold tokens. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

export function forbidden(what: string, advice: string): AppError {
  return new AppError('URL_FORBIDDEN', `${what}. ${advice}`);
}
