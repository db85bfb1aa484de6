import type { EndedTracks } from './tracks/row-tracks.js';

/** Reasons for which a camera has no rows for some time. */
export const GAP_REASONS = {
  starting: 'The scenario was started, and its first connection was not yet attempted.',
  waiting_slot: 'All slots of the stream workers are taken.',
  connecting: 'The connection to the camera is being established.',
  camera_unreachable: 'The camera does not answer.',
  camera_refused: 'The camera rejects the credentials.',
  camera_closed: 'The camera closed the connection.',
  camera_silent: 'The connection is open, but no video arrives.',
  picture_frozen: 'The camera repeats the same image.',
  undecodable: 'The frame cannot be decoded, or the model failed on it.',
  overload: 'The machine is too slow for all frames; the newest were processed.',
  worker_lost: 'The worker of the camera crashed or became unavailable.',
  host_suspended: 'The machine, or the process of the camera, was suspended.',
  paused: 'The scenario was paused.',
  store_full: 'The object store was unavailable, and the journal of the worker was full.',
  clock_changed: 'The clock of the machine was changed.',
  ended: 'The file has ended, or the scenario was stopped.',
} as const;

export type GapReason = keyof typeof GAP_REASONS;

/** Cause of a gap. */
export interface GapCause {
  readonly reason: GapReason;
  /** What happened and what to do; without secrets. */
  readonly message: string;
}

/** Time without rows, from one instant to another, in ISO 8601 with milliseconds. */
export interface Gap extends GapCause {
  readonly from: string;
  /** Excluded. */
  readonly to: string;
}

/** A gap as it is stored and sent. */
export interface StreamGap {
  readonly scenario_uuid: string;
  readonly gap: Gap;
  /** Present if tracks in a zone ended in the gap. */
  readonly tracks?: EndedTracks;
}

/** Returns the cause of a gap; the message is the meaning of the reason unless another is given. */
export function causeOf(reason: GapReason, message: string = GAP_REASONS[reason]): GapCause {
  return { reason, message };
}

/** Whether a text is a reason of gaps. */
export function isGapReason(text: string): text is GapReason {
  return Object.hasOwn(GAP_REASONS, text);
}
