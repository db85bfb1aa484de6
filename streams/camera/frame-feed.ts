import { createArrivalOrder } from '../../domain/stream/access-unit.js';
import type { CameraContext } from './context.js';
import { encodeJpeg } from './encode-jpeg.js';
import type { DecodedFrame } from './frame-sink.js';

/**
 * Creates the feed of a source whose coded frames are not available: of files and containers. Its
 * decoded frames are encoded as JPEGs while clips are recorded or someone watches.
 * @returns a function that feeds a frame, in order.
 */
export function createFrameFeed({
  feeds,
  parameters,
}: Pick<CameraContext, 'feeds' | 'parameters'>): (frame: DecodedFrame) => Promise<void> {
  const orderOf = createArrivalOrder();
  feeds.clear();
  return async (frame) => {
    if (parameters().clipBeforeMs === undefined && !feeds.isRead()) return;
    const { cameraTime, damaged } = frame;
    const data = await encodeJpeg(frame);
    const arrival = orderOf(frame.arrival);
    feeds.push({ ts: 0, cameraTime, arrival, key: true, damaged, data, codec: 'mjpeg' });
  };
}
