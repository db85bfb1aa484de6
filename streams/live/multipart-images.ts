import { isoTime } from '../../domain/stream/entry.js';
import { type StoredRow, toStreamRow } from '../../domain/stream/row.js';
import type { LiveFrame } from './live-frames.js';
import type { LiveJpeg } from './live-jpegs.js';

const BOUNDARY = 'vidette-frame';

/** Content type of {@link multipartImage}s and {@link multipartFrame}s. */
export const MULTIPART_TYPE = `multipart/x-mixed-replace; boundary=${BOUNDARY}`;

/** Returns an image as a part of a response, with the timestamp of its row. */
export function multipartImage({ arrival, jpeg }: LiveJpeg): Buffer {
  return multipartOf('image/jpeg', arrival, jpeg);
}

/** Returns a coded frame as a part of a response, with the timestamp that its row would have. */
export function multipartFrame({ unit, codecText }: LiveFrame): Buffer {
  const { codec, key, arrival, data } = unit;
  const type = `video/${codec}; codecs="${codecText}"`;
  return multipartOf(type, arrival, data, [`X-Keyframe: ${key}`]);
}

/** Returns a row as a part of a response. It is not part of the log yet, and says so. */
export function multipartRow(row: StoredRow): Buffer {
  const text = JSON.stringify({ ...toStreamRow(row, false), committed: false });
  return multipartOf('application/json', Date.parse(row.timestamp), Buffer.from(text));
}

function multipartOf(
  type: string,
  arrival: number,
  data: Buffer,
  headers: readonly string[] = [],
): Buffer {
  const header = [
    `--${BOUNDARY}`,
    `Content-Type: ${type}`,
    `Content-Length: ${data.length}`,
    `X-Timestamp: ${isoTime(arrival)}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${header.join('\r\n')}\r\n\r\n`), data, Buffer.from('\r\n')]);
}
