import type { GapReason } from './gap.js';

/** States of a scenario. */
export const STREAM_STATES = [
  ...(['waiting', 'connecting', 'live', 'silent', 'frozen', 'refused', 'unreachable'] as const),
  ...(['overloaded', 'paused', 'stopped', 'ended'] as const),
] as const;

export type StreamState = (typeof STREAM_STATES)[number];

/** Whether a scenario in this state has no further rows: its workflow is closed. */
export function isFinal(state: StreamState): boolean {
  return state === 'stopped' || state === 'ended';
}

const STATES: Readonly<Record<GapReason, StreamState>> = {
  starting: 'waiting',
  waiting_slot: 'waiting',
  connecting: 'connecting',
  camera_unreachable: 'unreachable',
  camera_refused: 'refused',
  camera_closed: 'connecting',
  camera_silent: 'silent',
  picture_frozen: 'frozen',
  undecodable: 'live',
  overload: 'overloaded',
  worker_lost: 'waiting',
  host_suspended: 'connecting',
  paused: 'paused',
  store_full: 'live',
  clock_changed: 'live',
  ended: 'ended',
};

/** Returns the state in which a scenario has gaps of this reason. */
export function stateOfGap(reason: GapReason): StreamState {
  return STATES[reason];
}
