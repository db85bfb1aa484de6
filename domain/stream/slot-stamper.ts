import { slotAt, type TimeSpan } from './slots.js';

/** Decides which frame fills which slot: the first one in it. */
export interface SlotStamper {
  /** Returns the slot that a frame fills; undefined if this slot or a later one is filled. */
  fill(arrival: number): TimeSpan | undefined;
}

export function createSlotStamper(fps: number): SlotStamper {
  let filledTo = -Infinity;
  return {
    fill(arrival) {
      if (arrival < filledTo) return undefined;
      const slot = slotAt(arrival, fps);
      filledTo = slot.to;
      return slot;
    },
  };
}
