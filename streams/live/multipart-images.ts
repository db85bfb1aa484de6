import { isoTime } from '../../domain/stream/entry.js';
import type { LiveJpeg } from './live-jpegs.js';

const BOUNDARY = 'vidette-frame';

/** Content type of {@link multipartImage}s. */
export const MULTIPART_TYPE = `multipart/x-mixed-replace; boundary=${BOUNDARY}`;

/** Returns an image as a part of a response, with the timestamp of its row. */
export function multipartImage({ arrival, jpeg }: LiveJpeg): Buffer {
  const header = [
    `--${BOUNDARY}`,
    'Content-Type: image/jpeg',
    `Content-Length: ${jpeg.length}`,
    `X-Timestamp: ${isoTime(arrival)}`,
  ];
  return Buffer.concat([Buffer.from(`${header.join('\r\n')}\r\n\r\n`), jpeg, Buffer.from('\r\n')]);
}
