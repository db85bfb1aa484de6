import type { ByteSpan } from '../../domain/ports/object-store.js';

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The span that a Range header asks for. Undefined is the whole: for no header, and for one that is
 * not understood or asks for several ranges, which a server may leave aside (RFC 9110, 14.2); null is
 * a range that the file does not have.
 */
export function byteSpanOf(header: string | undefined, size: number): ByteSpan | null | undefined {
  const [, from, to] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from === '') return lastBytes(Number(to), size);
  const [first, last] = [Number(from), to === '' ? size - 1 : Number(to)];
  if (to !== '' && last < first) return undefined;
  if (first >= size) return null;
  return { offset: first, length: Math.min(last, size - 1) - first + 1 };
}

function lastBytes(count: number, size: number): ByteSpan | null {
  const length = Math.min(count, size);
  return length === 0 ? null : { offset: size - length, length };
}
