import { AppError } from '../../domain/errors.js';

/** Maximum number of scans of a progressive JPEG; encoders write about 10, and each one is decoded. */
const MAX_SCANS = 100;
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/**
 * Rejects a JPEG that would take minutes to decode. Its compressed data contains no such marker,
 * because an FF byte is followed by 00 or a restart marker there.
 * @throws AppError `DECODE_FAILED` for more than {@link MAX_SCANS} scans.
 */
export function expectFewScans(jpeg: Buffer): void {
  let at = jpeg.indexOf(START_OF_SCAN);
  for (let scans = 1; at >= 0; scans++) {
    if (scans > MAX_SCANS) {
      throw new AppError(
        'DECODE_FAILED',
        `it is a JPEG of more than ${MAX_SCANS} scans; save it as a baseline JPEG`,
      );
    }
    at = jpeg.indexOf(START_OF_SCAN, at + START_OF_SCAN.length);
  }
}
