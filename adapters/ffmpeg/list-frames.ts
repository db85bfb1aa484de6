import type { FrameIdentity } from '../../domain/video/frame-range.js';
import { examineKeyframes, type ExaminedFrame } from './examined-keyframes.js';
import { countedFrames, DECODED, type Listing, PACKETS } from './listed-frame.js';
import type { ProbeSettings } from './probe-stream.js';
import {
  DECODER_DELAY_MAX,
  type ListedTable,
  type ListRequest,
  tabulateFrames,
} from './tabulate-frames.js';

/** Codecs whose packets may hold a frame that is never shown. */
const HIDDEN_FRAMES = new Set(['vp8']);

/** Frames of a video in display order, and how they are found again. */
export interface FrameList {
  readonly table: ListedTable;
  readonly identity: FrameIdentity;
  /** Whether the clock of the video is set back, as after a restart of a camera. */
  readonly jumpsBack: boolean;
  /** Frames after a seek to some keyframes, if the list had to be checked with them. */
  readonly examined?: readonly (ExaminedFrame | undefined)[];
}

/**
 * Lists the frames of a video. The list comes from its packets, without decoding; if those have no
 * PTS or the same twice, it comes from one decoding pass. Frames whose timestamps do not identify
 * them, as after a clock was set back, are counted.
 */
export async function listFrames(
  settings: ProbeSettings,
  request: ListRequest,
): Promise<FrameList> {
  const { stream } = request;
  const list = (listing: Listing) => tabulateFrames(settings, request, listing);
  const hasHidden = HIDDEN_FRAMES.has(stream.codec);
  const packets = hasHidden ? undefined : await list(PACKETS);
  const jumpsBack = packets?.jumpsBack ?? false;
  if (isUsable(packets)) return { table: packets, identity: 'pts', jumpsBack };
  const decoded = jumpsBack ? undefined : await list(DECODED);
  if (isUsable(decoded)) {
    const isTimed = hasHidden || packets !== undefined;
    const examined = isTimed ? undefined : await examineSeeks(settings, request, decoded);
    if (!examined || areExact(examined)) {
      return { table: decoded, identity: 'pts', jumpsBack, ...(examined && { examined }) };
    }
  }
  const table = (await list(countedFrames(stream)))!; // a counted frame has a PTS
  return { table, identity: 'ordinal', jumpsBack };
}

function isUsable(table: ListedTable | undefined): table is ListedTable {
  return table !== undefined && !table.disordered && !table.jumpsBack;
}

/** Seeks to keyframes whose timestamps come from a decoder, which may hold frames back. */
function examineSeeks(
  settings: ProbeSettings,
  request: ListRequest,
  { keyframes }: ListedTable,
): Promise<readonly (ExaminedFrame | undefined)[]> {
  const packets = 2 * DECODER_DELAY_MAX;
  return examineKeyframes(settings, { ...request, keyframes, packets });
}

/**
 * Whether a decoder returns keyframes with the same timestamps after a seek to them: a shift by one
 * frame or more gives the timestamp of a keyframe to another frame.
 */
function areExact(examined: readonly (ExaminedFrame | undefined)[]): boolean {
  return examined.every((frame) => frame?.isKey === true);
}
