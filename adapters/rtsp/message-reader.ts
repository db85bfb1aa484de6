import { type ByteQueue, createByteQueue } from './byte-queue.js';
import { bodyBytes, type Message, type MessageHead, notRtsp, parseHead } from './message.js';
import { ProtocolError } from './stream-error.js';

export interface MessageHandlers {
  readonly onMessage: (message: Message) => void;
  /** An interleaved packet; `payload` is valid during the call only. */
  readonly onData: (channel: number, payload: Buffer) => void;
}

interface PendingMessage {
  readonly head: MessageHead;
  /** Size of the body in bytes. */
  readonly length: number;
}

/** First byte of an interleaved packet (RFC 2326, 10.12), then channel and length in 16 bits. */
const INTERLEAVED = 0x24;
const INTERLEAVED_HEADER_BYTES = 4;
const HEAD_MAX_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';
const [CR, LF] = [0x0d, 0x0a];

/**
 * Splits what a server sends into messages and interleaved packets. At most a head or a body of 64
 * KiB, or one packet, is buffered. @throws ProtocolError from the returned function.
 */
export function createMessageReader(handlers: MessageHandlers): (chunk: Buffer) => void {
  const queue = createByteQueue();
  /** The message whose body is being received. */
  let pending: PendingMessage | undefined;
  const finish = ({ head, length }: PendingMessage): boolean => {
    const bytes = queue.bytes();
    if (bytes.length < length) return false;
    const body = bytes.toString('utf8', 0, length);
    queue.drop(length);
    pending = undefined;
    handlers.onMessage({ ...head, body });
    return true;
  };
  const readNext = (): boolean => {
    if (pending) return finish(pending);
    skipLineEnds(queue);
    if (queue.bytes()[0] === INTERLEAVED) return takeData(queue, handlers);
    pending = takeHead(queue);
    return pending !== undefined;
  };
  return (chunk) => {
    queue.append(chunk);
    for (let hasMore = true; hasMore;) hasMore = readNext();
  };
}

function takeData(queue: ByteQueue, { onData }: MessageHandlers): boolean {
  const bytes = queue.bytes();
  if (bytes.length < INTERLEAVED_HEADER_BYTES) return false;
  const end = INTERLEAVED_HEADER_BYTES + bytes.readUInt16BE(2);
  if (bytes.length < end) return false;
  onData(bytes.readUInt8(1), bytes.subarray(INTERLEAVED_HEADER_BYTES, end));
  queue.drop(end);
  return true;
}

function takeHead(queue: ByteQueue): PendingMessage | undefined {
  const bytes = queue.bytes();
  const [first] = bytes;
  if (first === undefined) return undefined;
  if (first < 0x41 || first > 0x5a) throw notRtsp(); // messages begin with a capital letter
  const end = bytes.indexOf(HEAD_END);
  const length = end < 0 ? bytes.length : end;
  if (length > HEAD_MAX_BYTES) {
    throw new ProtocolError(`sent a header of more than ${HEAD_MAX_BYTES} bytes`);
  }
  if (end < 0) return undefined;
  const head = parseHead(bytes.subarray(0, end));
  queue.drop(end + HEAD_END.length);
  return { head, length: bodyBytes(head) };
}

/** Some servers send empty lines between messages. */
function skipLineEnds(queue: ByteQueue): void {
  const bytes = queue.bytes();
  const count = bytes.findIndex((byte) => byte !== CR && byte !== LF);
  queue.drop(count < 0 ? bytes.length : count);
}
