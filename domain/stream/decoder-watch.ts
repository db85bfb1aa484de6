/** Time without a frame that the decoder must give, after which it counts as stuck, in ms. */
export const DECODER_STUCK_MS = 5000;

/**
 * Notices a decoder that takes units and returns no frame. A frame is due once a unit of a slot
 * later than that of the last frame was written, so that low frame rates raise no false alarm.
 */
export interface DecoderWatch {
  /** Reports that a unit is being written to the decoder. @param slot start of its slot. */
  unit(now: number, slot: number): void;
  /** Reports a decoded frame. */
  frame(now: number, slot: number): void;
  isStuck(now: number): boolean;
}

export function createDecoderWatch(limitMs = DECODER_STUCK_MS): DecoderWatch {
  let newestUnit = -Infinity;
  let newestFrame = -Infinity;
  let dueSince: number | undefined;
  const update = (now: number) => {
    if (newestUnit <= newestFrame) dueSince = undefined;
    else dueSince ??= now;
  };
  return {
    unit(now, slot) {
      newestUnit = slot;
      update(now);
    },
    frame(now, slot) {
      newestFrame = slot;
      dueSince = undefined;
      update(now);
    },
    isStuck: (now) => dueSince !== undefined && now - dueSince > limitMs,
  };
}
