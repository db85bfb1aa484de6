import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../domain/errors.js';
import { isIpv4Compatible } from './denied-addresses.js';

export type Scheme = 'http' | 'https';

/** Schemes that are fetched by default. */
const SCHEMES: readonly Scheme[] = ['https', 'http'];
/** Schemes of live streams, which have no end. */
const STREAMS = /^(rtsps?|rtmps?|srt|udp|rtp):$/;

const RECORD_FIRST =
  'A job needs a video that ends: watch the camera with "vidette streams deploy", or record the camera ' +
  'to a file, such as with "ffmpeg -i URL -c copy -t 600 camera.mkv", and give that file.';

/** Parses a URL and checks it by its text alone. @throws AppError `URL_FORBIDDEN`. */
export function checkedUrl(text: string, schemes: readonly Scheme[] = SCHEMES): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const allowed = schemes.join(' or ');
  if (!url) throw forbidden('This is not a URL', `Expected ${allowed}.`);
  if (!schemes.some((scheme) => url.protocol === `${scheme}:`)) {
    const advice = STREAMS.test(url.protocol) ? RECORD_FIRST : `Use ${allowed}.`;
    throw forbidden(`URLs with ${url.protocol} are not fetched`, advice);
  }
  if (url.username !== '' || url.password !== '') {
    const advice = 'Download the file yourself and give its path.';
    throw forbidden('A URL with a user name or password is not fetched', advice);
  }
  return url;
}

/**
 * Rejects a URL whose host is literally this host or an address of a private network; names are
 * checked when they are resolved. @throws AppError `URL_FORBIDDEN`.
 */
export function expectPublic(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isUnicast(host);
  if (isLocal) throw privateAddress(url);
}

/** An IPv6 address that maps an IPv4 address is checked as IPv4. */
function isUnicast(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast' && !isIpv4Compatible(address);
}

/** The error for an address of this host or a private network. */
export function privateAddress(url: URL): AppError {
  return forbidden(
    `${shownUrl(url)} leads to this host or a private network`,
    'Such URLs are fetched only with VIDETTE_ALLOW_PRIVATE_ADDRESSES=true.',
  );
}

/** The target of a redirect, checked like the URL itself; never from https to http. */
export function checkedRedirect(location: string, from: URL, schemes?: readonly Scheme[]): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from).href : location;
  const url = checkedUrl(target, schemes);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    const advice = 'A response over http can be changed on its way.';
    throw forbidden(`${shownUrl(from)} redirects from https to http`, advice);
  }
  return url;
}

/** A URL without its query, which often contains tokens. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

export function forbidden(what: string, advice: string): AppError {
  return new AppError('URL_FORBIDDEN', `${what}. ${advice}`);
}
