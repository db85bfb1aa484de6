import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS_UNIT_BYTES_MAX, type AccessUnit } from '../../domain/stream/access-unit.js';
import { slotAt } from '../../domain/stream/slots.js';
import { ProtocolError } from '../rtsp/stream-error.js';
import { createMultipartParser } from './multipart.js';

type Body = AsyncIterable<Buffer>;

/**
 * Reads the JPEGs of a `multipart/x-mixed-replace` body until it ends. Other parts are left out.
 * @throws ProtocolError if the body breaks the format or a limit.
 */
export async function* readMjpeg(
  body: Body,
  boundary: string,
  arrivals: () => number,
): AsyncGenerator<AccessUnit, void, undefined> {
  const parser = createMultipartParser(boundary, { partBytes: ACCESS_UNIT_BYTES_MAX });
  for await (const chunk of body) {
    for (const part of parser.push(chunk)) {
      if (isJpeg(part)) yield jpegUnit(part, arrivals());
    }
    if (parser.isEnded()) return;
  }
}

export interface PollOptions {
  /** JPEGs per second. */
  readonly fps: number;
  readonly arrivals: () => number;
  readonly signal: AbortSignal;
}

/** Time by which a timer may end before the clock shows its end, in ms. */
const EARLY_MS = 1;

/**
 * Requests a JPEG at the start of each slot, one at a time, until a request fails.
 * @param first response that is open already.
 * @throws ProtocolError if a response is too large or not a JPEG.
 */
export async function* pollJpegs(
  first: Body,
  request: () => Promise<Body>,
  { fps, arrivals, signal }: PollOptions,
): AsyncGenerator<AccessUnit, void, undefined> {
  for (let body = first; ; body = await request()) {
    const jpeg = await readJpeg(body);
    const arrival = arrivals();
    yield jpegUnit(jpeg, arrival);
    await sleep(slotAt(arrival, fps).to - arrival + EARLY_MS, undefined, { signal });
  }
}

async function readJpeg(body: Body): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ACCESS_UNIT_BYTES_MAX) {
      throw new ProtocolError(`sends an image of more than ${ACCESS_UNIT_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  const jpeg = Buffer.concat(chunks);
  if (!isJpeg(jpeg)) throw new ProtocolError('sends an image that is not a JPEG');
  return jpeg;
}

/** Whether data starts like a JPEG: with its start marker and another one. */
function isJpeg(data: Buffer): boolean {
  return data.length > 3 && data[0] === 0xff && data[1] === 0xd8 && data[2] === 0xff;
}

/** A JPEG depends on no other unit, so each is a keyframe. */
function jpegUnit(data: Buffer, arrival: number): AccessUnit {
  return { ts: 0, cameraTime: null, arrival, key: true, damaged: false, data, codec: 'mjpeg' };
}
