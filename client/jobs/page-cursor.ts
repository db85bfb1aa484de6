import { z } from 'zod';
import { ID } from '../../domain/names.js';
import type { EventPosition } from '../../domain/ports/document-store.js';
import { invalidCursor } from '../paging.js';

const cursorSchema = z.strictObject({
  created_at: z.iso.datetime().transform((text) => new Date(text)),
  event_id: z.string().regex(ID),
});

/** Encodes the place of the last job of a page as letters, digits, "-" and "_". */
export function encodeCursor({ created_at, event_id }: EventPosition): string {
  return Buffer.from(JSON.stringify({ created_at, event_id })).toString('base64url');
}

/** Decodes a cursor of {@link encodeCursor}. @throws AppError `INVALID_INPUT`. */
export function decodeCursor(text: string): EventPosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw invalidCursor();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
