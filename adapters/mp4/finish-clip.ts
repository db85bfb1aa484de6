import {
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  FilePathTarget,
  Input,
  type InputVideoTrack,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { AppError } from '../../domain/errors.js';
import { cutToWholeFragments } from './whole-fragments.js';

export interface FinishClipOptions {
  /** Path of a fragmented MP4; if its end is missing, it is cut off after its last whole fragment. */
  readonly source: string;
  /** Path of the clip; an existing file is replaced. */
  readonly output: string;
  /** Time after the first packet at which the clip ends, in ms; a packet at this time is part of it. */
  readonly lengthMs: number;
}

/**
 * Writes a clip that has its index at the front, so that players can search in it and start before
 * they have read all of it. Packets are not encoded again.
 * @returns time of the last packet, in ms after the first one.
 * @throws AppError `BAD_VIDEO` if the source has no whole fragment.
 */
export async function finishClip(options: FinishClipOptions): Promise<number> {
  const { source, output, lengthMs } = options;
  await cutToWholeFragments(source);
  return withVideoTrack(source, async (track) => {
    const part = track && (await measure(track, lengthMs / 1000));
    if (!part) throw new AppError('BAD_VIDEO', 'No frame was stored before the recording ended.');
    await copy(part, output);
    return Math.round(part.lastS * 1000);
  });
}

/** Returns the time of the last packet of an MP4, in ms; undefined if it has none. */
export async function measureMp4(path: string): Promise<number | undefined> {
  return withVideoTrack(path, async (track) => {
    const part = track && (await measure(track, Infinity));
    return part && Math.round(part.lastS * 1000);
  });
}

/** Opens an MP4; calls back with undefined if it has no video track. */
async function withVideoTrack<T>(
  path: string,
  use: (track: InputVideoTrack | undefined) => Promise<T>,
): Promise<T> {
  const input = new Input({ source: new FilePathSource(path), formats: [MP4] });
  try {
    return await use((await input.getPrimaryVideoTrack().catch(() => null)) ?? undefined);
  } finally {
    input.dispose();
  }
}

/** Packets of a track from the first one on. */
interface TrackPart {
  readonly track: InputVideoTrack;
  readonly count: number;
  /** First packet after the part; undefined if it is the whole track. */
  readonly end: EncodedPacket | undefined;
  /** Largest time of a packet. */
  readonly lastS: number;
}

/** Rounding of times in an MP4. */
const TOLERANCE_S = 0.0005;

/** Measures the part up to a time; undefined if it is empty. */
async function measure(track: InputVideoTrack, lengthS: number): Promise<TrackPart | undefined> {
  let [count, lastS] = [0, 0];
  let end: EncodedPacket | undefined;
  const sink = new EncodedPacketSink(track);
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (packet.timestamp > lengthS + TOLERANCE_S) {
      end = packet;
      break;
    }
    count++;
    lastS = Math.max(lastS, packet.timestamp);
  }
  return count > 0 ? { track, count, end, lastS } : undefined;
}

async function copy({ track, count, end }: TrackPart, path: string): Promise<void> {
  const [codec, decoderConfig] = [await track.getCodec(), await track.getDecoderConfig()];
  if (!codec || !decoderConfig) throw new AppError('BAD_VIDEO', 'The clip has an unknown codec.');
  const source = new EncodedVideoPacketSource(codec);
  const format = new Mp4OutputFormat({ fastStart: 'reserve' });
  const output = new Output({ format, target: new FilePathTarget(path) });
  output.addVideoTrack(source, { maximumPacketCount: count });
  await output.start();
  let duration = 0;
  for await (const packet of new EncodedPacketSink(track).packets(undefined, end)) {
    // The last packet of a recording has no duration: nothing follows it.
    duration = packet.duration || duration;
    await source.add(packet.clone({ duration }), { decoderConfig });
  }
  await output.finalize();
}
