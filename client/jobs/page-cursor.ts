import { z } from 'zod';
import { AppError } from '../../domain/errors.js';

/** Where the next page of jobs begins: in Temporal's list, and after it in that of the events. */
const cursorSchema = z.union([
  z.strictObject({ token: z.base64() }),
  z.strictObject({ before: z.iso.datetime() }),
]);

export type PageCursor = z.infer<typeof cursorSchema>;

/** A cursor as callers pass it on: letters, digits, "-" and "_". */
export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Reads what {@link encodeCursor} wrote. @throws AppError `INVALID_INPUT`. */
export function decodeCursor(text: string): PageCursor {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(text, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('INVALID_INPUT', 'Expected a cursor that a page of jobs gave as its "next".');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
