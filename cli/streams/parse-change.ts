import type { StreamChange } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';

/** Parses new values of parameters; the scenario checks their names and values. */
export function parseChange(text: string): StreamChange {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AppError(
    'INVALID_INPUT',
    'Expected a JSON object with new values, such as \'{"fps": 5, "classes": ["car"]}\'.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
