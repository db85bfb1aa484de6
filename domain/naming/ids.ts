import { AppError } from '../errors.js';

/** Pattern of event ids, video ids and model names. */
export const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a text can be an event id, a video id or a model name: no separators, at most 128. */
export function isId(text: unknown): boolean {
  return typeof text === 'string' && ID.test(text);
}

/**
 * An id as it may become part of a key or a filter; `kind` is its name with an article.
 * @throws AppError `INVALID_INPUT` for anything else, texts or not.
 */
export function expectId(kind: string, text: unknown): string {
  if (typeof text === 'string' && isId(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected ${kind} of at most 128 letters, digits, "_" or "-", received ${received}`,
  );
}

/** Pattern of scenario ids: a UUID in lower case. */
export const SCENARIO_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A scenario_uuid as it may become part of a key or a filter.
 * @throws AppError `INVALID_INPUT` for anything else, also for a UUID in upper case.
 */
export function expectScenarioUuid(text: unknown): string {
  if (typeof text === 'string' && SCENARIO_UUID.test(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected a scenario_uuid such as 5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c, received ${received}`,
  );
}

/** Pattern of a SHA-256 in lower-case hexadecimal. */
export const SHA256 = /^[0-9a-f]{64}$/;

/**
 * A SHA-256 as it may become part of a key or a filter.
 * @throws AppError `INVALID_INPUT` for anything else.
 */
export function expectSha256(text: unknown): string {
  if (typeof text === 'string' && SHA256.test(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected a SHA-256 of 64 digits in lower-case hexadecimal, received ${received}`,
  );
}

/** `_id` of a prediction document. */
export function predictionId(eventId: string, frame: number): string {
  return `${eventId}/${frame}`;
}
