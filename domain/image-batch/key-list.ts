import { AppError } from '../errors.js';

/** Line of a list of keys: an object, and the name of its row if that is another one. */
export interface ListedKey {
  readonly key: string;
  readonly name?: string;
}

const KEY_MAX = 1024;

/**
 * Parses a line of a list of keys: a key, or a JSON object with `key` and optionally `name`; undefined
 * for an empty line.
 * @param number number of the line, from 1, for messages; the text may be secret and is not repeated.
 * @throws AppError `INVALID_INPUT`.
 */
export function parseListedKey(line: string, number: number): ListedKey | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  if (!text.startsWith('{')) return { key: expectKey(text, number) };
  const { key, name } = parseObject(text, number);
  if (name === undefined) return { key: expectKey(key, number) };
  return { key: expectKey(key, number), name: expectKey(name, number) };
}

function parseObject(text: string, number: number): { key?: unknown; name?: unknown } {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw invalidLine(number);
  }
}

function expectKey(value: unknown, number: number): string {
  if (typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= KEY_MAX)
    return value;
  throw invalidLine(number);
}

function invalidLine(number: number): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Line ${number} of the list is not a key of at most ${KEY_MAX} bytes or an object {"key", "name"}. Correct the list.`,
  );
}
