import { describe, expect, it } from 'vitest';
import { accessUnit } from '../../test/support/access-units.js';
import { multipartFrame, multipartImage } from '../../streams/live/multipart-images.js';
import { readParts } from './multipart.js';

const TIME = Date.UTC(2026, 0, 11, 12);
const image = (text: string, ms: number) =>
  multipartImage({ arrival: TIME + ms, jpeg: Buffer.from(text) });

/** A response that arrives in chunks of a size. */
function responseOf(bytes: Uint8Array, size: number): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) {
          controller.enqueue(bytes.slice(at, at + size));
        }
        controller.close();
      },
    }),
  );
}

async function read(bytes: Uint8Array, size: number) {
  const images: (readonly [number, string])[] = [];
  for await (const { timestampMs, data } of readParts(responseOf(bytes, size))) {
    images.push([timestampMs - TIME, Buffer.from(data).toString()]);
  }
  return images;
}

describe('readParts', () => {
  const two = Buffer.concat([image('first', 0), image('a\r\n\r\nb', 500)]);

  it.each([1, 7, 100, 10_000])('reads images in chunks of %d bytes', async (size) => {
    expect(await read(two, size)).toEqual([
      [0, 'first'],
      [500, 'a\r\n\r\nb'],
    ]);
  });

  it('leaves out an image that did not arrive completely', async () => {
    expect(await read(two.subarray(0, -4), 50)).toEqual([[0, 'first']]);
  });

  it('rejects a part without its length', async () => {
    const part = Buffer.from('--b\r\nContent-Type: image/jpeg\r\n\r\nx');
    await expect(read(part, 100)).rejects.toThrow('no content-length');
  });

  it('reads coded frames with their codec, and whether they are keyframes', async () => {
    const frame = (key: boolean, ms: number) =>
      multipartFrame({ unit: accessUnit(TIME + ms, { key }), codecText: 'avc1.4d4028' });
    const parts = await Array.fromAsync(
      readParts(responseOf(Buffer.concat([frame(true, 0), frame(false, 40)]), 50)),
    );
    const type = 'video/h264; codecs="avc1.4d4028"';
    expect(parts).toMatchObject([
      { timestampMs: TIME, isKey: true, type },
      { timestampMs: TIME + 40, isKey: false, type },
    ]);
  });
});
