import { createByteQueue } from '../rtsp/byte-queue.js';
import { ProtocolError } from '../rtsp/stream-error.js';

/** Splits the body of a `multipart/x-mixed-replace` response into its parts. */
export interface MultipartParser {
  /**
   * Adds bytes and returns the parts that they complete.
   * @throws ProtocolError if a part or its header exceeds its limit or is invalid.
   */
  push(chunk: Buffer): Buffer[];
  /** Whether the sender has closed the last part. */
  isEnded(): boolean;
}

export interface MultipartLimits {
  readonly partBytes: number;
  readonly headerBytes?: number;
}

const HEADER_BYTES = 8192;
/** Maximum length of a boundary (RFC 2046). */
const BOUNDARY = /^[\x20-\x7e]{1,70}$/;
const CLOSING = '--';

/**
 * Returns the boundary of a content type, without leading hyphens: some cameras declare the whole
 * delimiter as their boundary.
 * @example boundaryOf('multipart/x-mixed-replace; boundary="--frame"') // 'frame'
 * @throws ProtocolError if there is none, or if it is invalid.
 */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const boundary = (quoted ?? plain ?? '').replace(/^-+/, '');
  if (!BOUNDARY.test(boundary)) {
    throw new ProtocolError('sends an MJPEG stream with a missing or invalid boundary');
  }
  return boundary;
}

type State =
  | { readonly at: 'delimiter' | 'header' | 'end' }
  /** A part of a declared length, or one that ends at the next delimiter. */
  | { readonly at: 'body'; readonly length: number | undefined };

/** @param boundary without leading hyphens, as {@link boundaryOf} returns it. */
export function createMultipartParser(
  boundary: string,
  { partBytes, headerBytes = HEADER_BYTES }: MultipartLimits,
): MultipartParser {
  const delimiter = Buffer.from(`--${boundary}`);
  const queue = createByteQueue();
  let state: State = { at: 'delimiter' };
  /** Bytes that were searched for a delimiter before. */
  let searched = 0;

  /** Position of the next delimiter; undefined if it has not arrived. */
  const findDelimiter = () => {
    const bytes = queue.bytes();
    const found = bytes.indexOf(delimiter, searched);
    searched = found === -1 ? Math.max(0, bytes.length - delimiter.length) : 0;
    return found === -1 ? undefined : found;
  };
  const take = (count: number) => {
    const taken = Buffer.from(queue.bytes().subarray(0, count));
    queue.drop(count);
    searched = 0;
    return taken;
  };
  const expectAtMost = (count: number, limit: number, what: string) => {
    if (count > limit) throw new ProtocolError(`sends ${what} of more than ${limit} bytes`);
  };

  /** Each reader returns whether it made progress; `readBody` may add a part. */
  const readers = {
    delimiter() {
      const found = findDelimiter();
      // What precedes the delimiter is not part of any image.
      queue.drop(found ?? searched);
      searched = 0;
      const bytes = queue.bytes();
      if (found === undefined || bytes.length < delimiter.length + CLOSING.length) return false;
      queue.drop(delimiter.length);
      const isClosed = queue.bytes().subarray(0, CLOSING.length).toString() === CLOSING;
      state = { at: isClosed ? 'end' : 'header' };
      return true;
    },
    header() {
      const bytes = queue.bytes();
      const end = bytes.subarray(0, headerBytes + 1).indexOf('\r\n\r\n');
      if (end === -1) {
        expectAtMost(bytes.length, headerBytes, 'a header');
        return false;
      }
      const header = bytes.subarray(0, end).toString('latin1');
      queue.drop(end + 4);
      state = { at: 'body', length: lengthOf(header) };
      expectAtMost(state.length ?? 0, partBytes, 'an image');
      return true;
    },
    body(parts: Buffer[], length: number | undefined) {
      const arrived = queue.bytes().length;
      const end = length ?? findDelimiter();
      if (length === undefined) {
        // The line break before a delimiter, and a part of it, may have arrived.
        expectAtMost(end ?? arrived, partBytes + delimiter.length + 2, 'an image');
      }
      if (end === undefined || arrived < end) return false;
      const part = take(end);
      parts.push(length === undefined ? withoutLineEnd(part) : part);
      state = { at: 'delimiter' };
      return true;
    },
    end() {
      queue.drop(queue.bytes().length);
      return false;
    },
  };
  return {
    push(chunk) {
      const parts: Buffer[] = [];
      queue.append(chunk);
      while (state.at === 'body' ? readers.body(parts, state.length) : readers[state.at]());
      return parts;
    },
    isEnded: () => state.at === 'end',
  };
}

/** Length that a header declares; undefined if it does not. */
function lengthOf(header: string): number | undefined {
  const text = /^content-length:([^\r\n]*)/im.exec(header)?.[1]?.trim();
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new ProtocolError('sends an image with an invalid length');
  return Number(text);
}

/** A part without the line break, and the additional hyphens, before its delimiter. */
function withoutLineEnd(part: Buffer): Buffer {
  let end = part.length;
  while (part[end - 1] === 0x2d) end--;
  if (part[end - 1] !== 0x0a) return part;
  return part.subarray(0, part[end - 2] === 0x0d ? end - 2 : end - 1);
}
