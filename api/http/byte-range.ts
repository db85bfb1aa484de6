import type { ByteSpan } from '../../domain/ports/object-store.js';

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * Returns the span of a Range header. Undefined means the whole file: without a header, and for one
 * that is invalid or has several ranges, which a server may ignore (RFC 9110, 14.2). Null means a
 * range outside the file.
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
