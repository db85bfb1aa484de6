import { createStillScene, type StillScene } from '../../detection/still-scene.js';
import { STILL_THRESHOLD } from '../../domain/job/job-input.js';
import type { DecodedFrame } from './frame-sink.js';

/** Recognises frames that look like the ones before. */
export interface Scenes {
  /** Arrival of the frame that the newest one looks like. */
  readonly arrival: number;
  /** Whether a frame looks like the ones before it. */
  isStill(frame: DecodedFrame): boolean;
  /** Makes the next frame count as changed. */
  forget(): void;
}

export function createScenes(): Scenes {
  let current: { readonly kind: string; readonly still: StillScene } | undefined;
  let arrival = 0;
  return {
    isStill(frame) {
      const { layout, content, pixels } = frame;
      const kind = `${layout} ${content.width}x${content.height}`;
      if (current?.kind !== kind) {
        current = { kind, still: createStillScene(content, STILL_THRESHOLD) };
      }
      const isStill = current.still.isStill(pixels, layout);
      if (!isStill) arrival = frame.arrival;
      return isStill;
    },
    forget: () => current?.still.forget(),
    get arrival() {
      return arrival;
    },
  };
}
