import { AppError, type ErrorCode, messageOf } from '../../domain/errors.js';
import { causeOf, type GapReason } from '../../domain/stream/gap.js';
import { stateOfGap } from '../../domain/stream/stream-state.js';
import type { StateNotice } from '../protocol.js';

/** Errors of the input of a scenario: another attempt fails too. */
const WRONG_INPUT: readonly ErrorCode[] = ['INVALID_INPUT', 'URL_FORBIDDEN'];
/** Errors of a file that is not a video, or of which a part is missing. */
const WRONG_FILE: readonly ErrorCode[] = ['BAD_VIDEO', 'LIMIT_EXCEEDED', 'DECODE_FAILED'];

/** Returns the error if the input of a scenario is wrong; undefined for a camera that may come back. */
export function wrongInput(error: unknown, isFile: boolean): AppError | undefined {
  if (!(error instanceof AppError)) return undefined;
  const codes = isFile ? [...WRONG_INPUT, ...WRONG_FILE] : WRONG_INPUT;
  return codes.includes(error.code) ? error : undefined;
}

/** How far a connection came. */
export interface ConnectionProgress {
  readonly wasOpen: boolean;
  /** It sent frames. */
  readonly wasLive: boolean;
}

/** Returns the state of a camera after an attempt to read it failed. */
export function stateAfter(error: unknown, progress: ConnectionProgress): Omit<StateNotice, 'at'> {
  const reason = reasonOf(error, progress);
  const state = reason === 'undecodable' ? 'unreachable' : stateOfGap(reason);
  return { state, cause: causeOf(reason, messageOf(error)) };
}

/** Reasons for codes: before the first frame of a connection, and after it. */
const REASONS: Partial<Record<ErrorCode, readonly [before: GapReason, after: GapReason]>> = {
  STREAM_AUTH_FAILED: ['camera_refused', 'camera_refused'],
  STREAM_TIMEOUT: ['camera_unreachable', 'camera_silent'],
  STREAM_CONNECTION_FAILED: ['camera_unreachable', 'camera_closed'],
  STREAM_NO_VIDEO: ['undecodable', 'undecodable'],
  LIMIT_EXCEEDED: ['undecodable', 'undecodable'],
  DECODE_FAILED: ['undecodable', 'undecodable'],
};

function reasonOf(error: unknown, { wasOpen, wasLive }: ConnectionProgress): GapReason {
  if (!(error instanceof AppError)) return 'camera_unreachable';
  // An open connection that carries no video is silent from its start.
  const isAfter = wasLive || (wasOpen && error.code === 'STREAM_TIMEOUT');
  return REASONS[error.code]?.[isAfter ? 1 : 0] ?? 'camera_unreachable';
}
