import type { Problem } from '../../api/types.js';
import { noteLost } from './connection.js';

/** A request that the API refused, or that did not reach it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    message: string,
    readonly problem?: Problem,
  ) {
    super(message);
  }

  /** Last part of the problem's type, such as `frame-not-stored`. */
  get kind(): string | undefined {
    return this.problem?.type.split('/').at(-1);
  }

  /** Whether the same request may succeed later: nothing answered, or something behind the API is away. */
  get isTemporary(): boolean {
    return this.problem === undefined || this.problem.status >= SERVER_ERROR;
  }
}

/** Event of the window: a request was refused because it came without a key. */
export const KEY_NEEDED = 'keyneeded';

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;

/** A request to the API. @throws RequestError with the problem's own words. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await answerTo(path, options);
  if (response.ok) return response;
  throw refusal(response.status, await response.text());
}

/** Whatever the API answers, a refusal as well. @throws RequestError when nothing answers. */
export function answerTo(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(path, options).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    noteLost();
    throw new RequestError('Vidette does not answer. Is it running, and is this computer online?');
  });
}

/** What a refused request tells, from the text of its answer. */
export function refusal(status: number, text: string): RequestError {
  if (status === UNAUTHORIZED) dispatchEvent(new Event(KEY_NEEDED));
  try {
    const problem = JSON.parse(text) as Problem; // the API's own writing
    return new RequestError(problem.detail ?? problem.error, problem);
  } catch {
    return new RequestError(`Vidette answered with status ${status}.`);
  }
}

/** Keeps a key for this and all later requests, also those for pictures and videos. */
export async function keepKey(key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  await request('/api/v1/session', { method: 'POST', headers });
}

/** Whose key this browser keeps, and whether one is needed at all. */
export interface Session {
  readonly auth: 'keys' | 'none';
  /** Null without a key. */
  readonly name: string | null;
  readonly scopes: readonly string[];
}

export const getSession = () => getJson<Session>('/api/v1/session');

/** Forgets the key of this browser. */
export async function forgetKey(): Promise<void> {
  await request('/api/v1/session', { method: 'DELETE' });
}

/** The JSON answer to a GET; its shape is that of the API's schema. */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await request(path, { signal: signal ?? null });
  return (await response.json()) as Answer; // checked by the API's response schema
}

/** The JSON answer to a POST of JSON. */
export async function postJson<Answer>(path: string, body: unknown): Promise<Answer> {
  const response = await request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer; // checked by the API's response schema
}

/** What to tell a person of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
