import type { Problem } from '../../api/types.js';
import { reportLost } from './connection.js';

/** Error of a request that the API rejected or that did not reach the API. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    message: string,
    readonly problem?: Problem,
  ) {
    super(message);
  }

  /** Last segment of the problem's type, such as `frame-not-stored`. */
  get kind(): string | undefined {
    return this.problem?.type.split('/').at(-1);
  }

  /** Whether a retry may succeed: the API, or a server that it depends on, was unavailable. */
  get isTemporary(): boolean {
    const { status } = this.problem ?? { status: SERVER_ERROR };
    return status >= SERVER_ERROR && status !== NOT_IN_ROLE;
  }
}

/** Window event: the API rejected a request because it had no valid key. */
export const KEY_NEEDED = 'keyneeded';

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;
/** The process serves single images only. */
const NOT_IN_ROLE = 501;

/** Sends a request to the API. @throws RequestError with the detail of the API's problem */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetchApi(path, options);
  if (response.ok) return response;
  throw toRequestError(response.status, await response.text());
}

/** Returns the API's response with any status. @throws RequestError if the API does not respond */
export function fetchApi(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(path, options).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    reportLost();
    throw new RequestError(
      'Vidette is not responding. Check that it is running and that this computer is online.',
    );
  });
}

/** Converts the status and body of a failed response to an error. */
export function toRequestError(status: number, text: string): RequestError {
  if (status === UNAUTHORIZED) dispatchEvent(new Event(KEY_NEEDED));
  try {
    const problem = JSON.parse(text) as Problem; // matches the API's schema
    return new RequestError(problem.detail ?? problem.error, problem);
  } catch {
    return new RequestError(`The request failed with status ${status}.`);
  }
}

/** Stores a key in a cookie, which later requests for data, images and videos send. */
export async function saveKey(key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  await request('/api/v1/session', { method: 'POST', headers });
}

/** Name and scopes of the key in use, and whether the API requires keys. */
interface Session {
  readonly auth: 'keys' | 'none';
  /** Name of the key; null without a key. */
  readonly name: string | null;
  readonly scopes: readonly string[];
}

export const getSession = () => getJson<Session>('/api/v1/session');

/** Removes the key from this browser. */
export async function forgetKey(): Promise<void> {
  await request('/api/v1/session', { method: 'DELETE' });
}

/** Sends a GET and returns the JSON of the response. @throws RequestError */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await request(path, { signal: signal ?? null });
  return (await response.json()) as Answer; // checked by the API's response schema
}

/** Sends a POST with a JSON body and returns the JSON of the response. @throws RequestError */
export function postJson<Answer>(path: string, body: unknown): Promise<Answer> {
  return sendJson('POST', path, body);
}

/** Sends a request with a JSON body and returns the JSON of the response. @throws RequestError */
export async function sendJson<Answer>(
  method: 'POST' | 'PATCH' | 'PUT',
  path: string,
  body: unknown,
): Promise<Answer> {
  const response = await request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer; // checked by the API's response schema
}

/** Whether a retry of a failed request may succeed. */
export function isTemporary(error: unknown): boolean {
  return error instanceof RequestError && error.isTemporary;
}

/** Returns the text to show for an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
