import { encodeJpeg } from './encode-jpeg.js';
import type { DecodedFrame } from './frame-sink.js';
import type { UnitFeeds } from './unit-feeds.js';

/** Returns the newest image of a camera as JPEG, in the size of the model if it must be encoded. */
export async function takeSnapshot(
  feeds: Pick<UnitFeeds, 'lastGop'>,
  newest: DecodedFrame | undefined,
): Promise<Buffer | undefined> {
  const unit = feeds.lastGop().at(-1);
  if (unit?.codec === 'mjpeg' && unit.arrival >= (newest?.arrival ?? 0)) return unit.data;
  return newest && encodeJpeg(newest);
}
