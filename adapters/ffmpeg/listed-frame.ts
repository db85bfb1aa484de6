import { framePeriod } from '../../domain/video/timestamp.js';
import type { StreamInfo } from './probe-stream.js';

/** A packet or a decoded frame, as ffprobe lists it. */
export interface ListedFrame {
  /** undefined if the container has none. */
  readonly pts: number | undefined;
  readonly dts?: number | undefined;
  readonly isKey: boolean;
  readonly discard: boolean;
}

/** One way to list frames: ffprobe's entries, and how their lines are read. */
export interface Listing {
  readonly entries: string;
  readonly parse: (line: string) => ListedFrame;
  /** Whether frames are listed as a decoder returns them, in display order. */
  readonly isDecoded: boolean;
}

/** Packets in decoding order. */
export const PACKETS: Listing = {
  entries: 'packet=pts,dts,flags',
  parse: parsePacket,
  isDecoded: false,
};

/** Frames with the timestamps that a decoder returns. */
export const DECODED: Listing = {
  entries: 'frame=key_frame,best_effort_timestamp',
  parse: parseFrame,
  isDecoded: true,
};

/** Frames of a video without usable PTS: timestamps follow from its start and its frame rate. */
export function countedFrames(stream: StreamInfo): Listing {
  const { time_base, start_time_s } = stream;
  const start = (start_time_s * time_base.den) / time_base.num;
  let frame = 0;
  const parse = () => {
    const pts = Math.round(start + frame++ * framePeriod(stream));
    return { pts, isKey: false, discard: false };
  };
  return { entries: 'frame=key_frame', parse, isDecoded: true };
}

/** @example parsePacket('80000,76000,K_') */
function parsePacket(line: string): ListedFrame {
  const [pts, dts, flags = ''] = line.split(',');
  const times = { pts: integer(pts), dts: integer(dts) };
  return { ...times, isKey: flags.includes('K'), discard: flags.includes('D') };
}

/** @example parseFrame('1,80000') */
function parseFrame(line: string): ListedFrame {
  const [key, pts] = line.split(',');
  return { pts: integer(pts), isKey: key === '1', discard: false };
}

function integer(text: string | undefined): number | undefined {
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
