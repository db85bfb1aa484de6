import { type ClientRequest, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { AppError, messageOf } from '../../domain/errors.js';

export interface GuardSettings {
  /** Whether addresses of this host and of private networks may be asked. */
  readonly allowPrivateAddresses: boolean;
  /** Addresses that may be asked though they are private, as IP or CIDR. */
  readonly allowedAddresses?: readonly string[];
}

/** The address as a URL that may be asked for, as far as its text tells. @throws AppError `URL_FORBIDDEN`. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw forbidden('This is no address', 'Expected http://... or https://...');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw forbidden(`Addresses with ${url.protocol} are not fetched`, 'Use http or https.');
  }
  if (url.username !== '' || url.password !== '') {
    const advice = 'Download the file yourself and give its path.';
    throw forbidden('An address with a user name or password is not fetched', advice);
  }
  return url;
}

/** Opens a request that reaches no address of this host or a private network, after its name is resolved. */
export function openGuarded(
  url: URL,
  { allowPrivateAddresses, allowedAddresses = [] }: GuardSettings,
  options: RequestOptions,
): ClientRequest {
  // An agent for each request: a connection that is kept alive would not be checked again.
  const filter = {
    allowPrivateIPAddress: allowPrivateAddresses,
    allowMetaIPAddress: allowPrivateAddresses,
    allowIPAddressList: [...allowedAddresses],
    keepAlive: false,
  };
  const headers = { 'user-agent': 'vidette', ...options.headers };
  return url.protocol === 'https:'
    ? requestHttps(url, { ...options, headers, agent: new RequestFilteringHttpsAgent(filter) })
    : requestHttp(url, { ...options, headers, agent: new RequestFilteringHttpAgent(filter) });
}

/** The error of an address that the guard refused; undefined for other errors. */
export function refusalOf(url: URL, error: unknown): AppError | undefined {
  if (!/is not allowed\. Because/.test(messageOf(error))) return undefined;
  return forbidden(
    `${shown(url)} leads to this host or a private network`,
    'Such addresses are fetched only with VIDETTE_ALLOW_PRIVATE_ADDRESSES=true.',
  );
}

/** An address as it may be shown: queries often hold tokens. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function forbidden(what: string, advice: string): AppError {
  return new AppError('URL_FORBIDDEN', `${what}. ${advice}`);
}
