import { type Absence } from './absence.js';
import type { GapReason } from './gap.js';
import type { StreamHeartbeat } from './scenario-contracts.js';
import type { StreamState } from './stream-state.js';

/** States in which a camera gives no frames for reasons of its own, and the reason of their gaps. */
const AWAY: Readonly<Partial<Record<StreamState, GapReason>>> = {
  unreachable: 'camera_unreachable',
  refused: 'camera_refused',
  silent: 'camera_silent',
};

type CameraState = Pick<StreamHeartbeat, 'state' | 'since' | 'message'>;

/** Whether a camera has been away for some seconds. */
export function isAwayFor(seconds: number, { state, since }: CameraState, now: number): boolean {
  return AWAY[state] !== undefined && now - Date.parse(since) >= seconds * 1000;
}

/**
 * Returns the cause of the time since the attempt before, whose last heartbeat had this state: the
 * camera was away and still is. None for another state: the worker was lost.
 */
export function absenceAfter(state: CameraState | undefined, now: number): readonly Absence[] {
  const reason = state && AWAY[state.state];
  return reason ? [{ to: now, reason, message: state.message }] : [];
}
