import type { Readable } from 'node:stream';

/**
 * Reads frames of exactly `frameBytes` bytes from the output of a decoder, each into a buffer of its
 * own. An incomplete frame at the end is left out.
 */
export async function* readPlanes(
  stream: Readable,
  frameBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  let frame = Buffer.allocUnsafe(frameBytes);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(frame, filled, at);
      at += copied;
      filled += copied;
      if (filled < frameBytes) continue;
      yield frame;
      frame = Buffer.allocUnsafe(frameBytes);
      filled = 0;
    }
  }
}
