import type { AccessUnit } from './access-unit.js';

/** Difference between camera and arrival above which the camera's clock has jumped, in ms. */
const JUMP_MS = 5000;
/** Part of the difference that is made up for at each keyframe, and its limit in ms. */
const SLEW = 0.05;
const SLEW_MAX_MS = 2;
/** Ticks of a camera's clock per ms. */
const TICKS_PER_MS = 90;

/**
 * Returns a function that gives access units their presentation times, in ms since 1970. They have the
 * even distances of the camera's clock, also for frames that are sent out of order, and follow the
 * arrivals over jumps and drift. Units must be given in the order of their arrival. No time is earlier
 * than those before the last keyframe.
 */
export function createUnitClock(): (unit: Pick<AccessUnit, 'ts' | 'arrival' | 'key'>) => number {
  let anchor: { readonly ts: number; readonly ms: number } | undefined;
  let [latest, floor] = [-Infinity, -Infinity];

  return ({ ts, arrival, key }) => {
    if (key) floor = latest + 1;
    const sent = anchor && anchor.ms + ticksFrom(anchor.ts, ts) / TICKS_PER_MS;
    const isFollowed = sent !== undefined && ts !== 0 && Math.abs(sent - arrival) <= JUMP_MS;
    // After a jump, time continues: a frame before the latest one would be shown out of order.
    const ms = isFollowed ? Math.max(sent, floor) : Math.max(arrival, latest + 1);
    if (!isFollowed) anchor = { ts, ms };
    else if (key) anchor = { ts, ms: ms + slewOf(arrival - ms) };
    latest = Math.max(latest, ms);
    return ms;
  };
}

function slewOf(difference: number): number {
  return Math.max(-SLEW_MAX_MS, Math.min(SLEW_MAX_MS, difference * SLEW));
}

/** Ticks from one timestamp of 32 bits to another one, which may be before it. */
function ticksFrom(ts: number, later: number): number {
  return (later - ts) | 0;
}
