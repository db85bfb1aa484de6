import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request as send } from 'undici';
import { hasProxy } from '../../config/proxy.js';

const CONNECT_TIMEOUT_MS = 5000;
const STALL_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;
/** Time for an answer: a proxy that closes connections is connected to again without end. */
const ANSWER_TIMEOUT_MS = CONNECT_TIMEOUT_MS + STALL_TIMEOUT_MS;

export type Response = Dispatcher.ResponseData;

/** Reasons in plain words, by error code; other codes are shown as they are. */
const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`,
  UND_ERR_HEADERS_TIMEOUT: `no answer within ${STALL_TIMEOUT_MS / 1000} s`,
  UND_ERR_BODY_TIMEOUT: `no data arrived for ${STALL_TIMEOUT_MS / 1000} s`,
};

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection; must be aborted when the content is not needed any more. */
  readonly signal: AbortSignal;
  /** Time until the answer begins, in milliseconds. */
  readonly answerMs?: number;
}

/**
 * Sends a GET request, through the proxy in `HTTPS_PROXY` or `HTTP_PROXY` unless `NO_PROXY` lists the
 * host. Rejects if the host does not accept a connection within 5 s or sends nothing for 30 s.
 */
export async function request(
  url: string,
  { headers, signal, answerMs = ANSWER_TIMEOUT_MS }: RequestOptions,
): Promise<Response> {
  const connect = { timeout: CONNECT_TIMEOUT_MS };
  const agent = new EnvHttpProxyAgent({
    ...{ connect, proxyTls: connect, requestTls: connect },
    ...{ headersTimeout: STALL_TIMEOUT_MS, bodyTimeout: STALL_TIMEOUT_MS },
  });
  signal.addEventListener('abort', () => void agent.destroy(), { once: true });
  const redirect = interceptors.redirect({ maxRedirections: MAX_REDIRECTS });
  const answered = new AbortController();
  try {
    const answer = send(url, { dispatcher: agent.compose(redirect), signal, headers });
    return await Promise.race([answer, expire(answerMs, answered.signal)]);
  } catch (error) {
    const proxy = hasProxy() ? '; HTTPS_PROXY or HTTP_PROXY is set' : '';
    const { hostname } = new URL(url);
    throw new Error(`${hostname} is not reachable (${reasonOf(error)}${proxy})`, { cause: error });
  } finally {
    answered.abort();
  }
}

/** Rejects after a time unless the signal aborts. */
async function expire(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal });
  throw new Error(`no answer within ${ms / 1000} s`);
}

/** Returns the first value of a header. */
export function headerOf({ headers }: Response, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** @throws Error unless a response has the content of a file. */
export function assertIsFile(response: Response, url: string): void {
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${url} answered ${statusCode}`);
  if (headerOf(response, 'content-type')?.startsWith('text/html') !== true) return;
  throw new Error(
    `${url} answered with a web page instead of the file. Check the URL and the proxy.`,
  );
}

/** Returns the reason of a failed transfer: that of the innermost error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code in REASONS) return REASONS[code] ?? code;
  return code === '' || code.startsWith('UND_ERR') ? error.message : code;
}
