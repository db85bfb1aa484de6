import type { FrameIdentity } from '../../domain/video/frame-range.js';
import { examineKeyframes } from './examined-keyframes.js';
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
  /** Origin of the timestamps: the file, the order in which a decoder returns frames, or a count. */
  readonly timedBy: 'file' | 'decoder' | 'count';
  /** Whether the clock of the video is set back, as after a restart of a camera. */
  readonly jumpsBack: boolean;
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
  if (isUsable(packets)) return { table: packets, identity: 'pts', timedBy: 'file', jumpsBack };
  const timedBy = hasHidden || packets ? 'file' : 'decoder';
  const decoded = jumpsBack ? undefined : await list(DECODED);
  if (
    isUsable(decoded) &&
    (timedBy === 'file' || (await areSeeksExact(settings, request, decoded)))
  ) {
    return { table: decoded, identity: 'pts', timedBy, jumpsBack };
  }
  const table = (await list(countedFrames(stream)))!; // a counted frame has a PTS
  return { table, identity: 'ordinal', timedBy: 'count', jumpsBack };
}

function isUsable(table: ListedTable | undefined): table is ListedTable {
  return table !== undefined && !table.disordered && !table.jumpsBack;
}

/**
 * Whether a decoder returns keyframes with the same timestamps after a seek to them, if none are in
 * the file: a shift by one frame or more gives the timestamp of a keyframe to another frame.
 */
async function areSeeksExact(
  settings: ProbeSettings,
  request: ListRequest,
  { keyframes }: ListedTable,
): Promise<boolean> {
  const examine = { ...request, keyframes, packets: 2 * DECODER_DELAY_MAX };
  const frames = await examineKeyframes(settings, examine);
  return frames.every((frame) => frame?.isKey === true);
}
