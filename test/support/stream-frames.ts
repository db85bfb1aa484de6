import type { FrameNotice } from '../../streams/protocol.js';

/** A frame of a camera at 2 frames per second, for the model `mock`. */
export function frameNotice(arrival: number, fields: Partial<FrameNotice> = {}): FrameNotice {
  return {
    ...{ slot: 0, layout: 'planes', size: { width: 64, height: 64 } },
    ...{ content: { width: 64, height: 64 }, arrival, scene: arrival },
    ...{ damaged: false, cameraTime: null, keep: false, fps: 2, losses: [] },
    ...fields,
  };
}
