import type { Problem } from '../../api/types.js';

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
}

/** Event of the window: a request was refused because it came without a key. */
export const KEY_NEEDED = 'keyneeded';

const UNAUTHORIZED = 401;

/** A request to the API. @throws RequestError with the problem's own words. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, options).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new RequestError('Vidette does not answer. Is it running, and is this computer online?');
  });
  if (response.ok) return response;
  throw refusal(response.status, await response.text());
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
