/** Time from an instant to another, in ms since 1970; `to` is excluded. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the slot of an instant. The grid divides wall time into slots of 1/fps s, counted from
 * 1970, whose limits are whole milliseconds: slots of one grid leave no time between them.
 * @example slotAt(1500, 2) // { from: 1500, to: 2000 }
 */
export function slotAt(instant: number, fps: number): TimeSpan {
  let index = Math.floor((instant * fps) / 1000);
  while (slotStart(index, fps) > instant) index--;
  while (slotStart(index + 1, fps) <= instant) index++;
  return { from: slotStart(index, fps), to: slotStart(index + 1, fps) };
}

/** First whole millisecond of a slot. */
function slotStart(index: number, fps: number): number {
  return Math.ceil((index * 1000) / fps);
}
