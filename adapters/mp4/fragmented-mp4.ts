import {
  AppendOnlyStreamTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { createUnitClock } from '../../domain/stream/unit-clock.js';
import { MP4_CODECS } from './mp4-codecs.js';

export interface FragmentedMp4Options {
  readonly codec: NalCodec;
  /** Size of the coded frames, in pixels. */
  readonly size: Size;
  /** Receives the bytes of the file in order; the next ones wait until it resolves. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** An MP4 that can be read while it is written; it has one fragment for each keyframe. */
export interface FragmentedMp4 {
  /**
   * Adds the packet of a unit; the first one must be a keyframe. Resolves when the next one can be
   * added, with the time of the packet, in ms since 1970.
   * @throws Error if the unit is not in the format of its codec, or if writing fails.
   */
  add(unit: AccessUnit): Promise<number>;
  /** Writes the last fragment. Nothing is written before the first unit. */
  close(): Promise<void>;
}

/** Creates an MP4 of access units, whose packets are not encoded again. */
export function createFragmentedMp4({ codec, size, write }: FragmentedMp4Options): FragmentedMp4 {
  const source = new EncodedVideoPacketSource(MP4_CODECS[codec].name);
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0 }),
    target: new AppendOnlyStreamTarget(new WritableStream({ write })),
  });
  output.addVideoTrack(source);
  const clock = createUnitClock();
  const config = {
    codec: MP4_CODECS[codec].text,
    codedWidth: size.width,
    codedHeight: size.height,
  };
  let start: number | undefined;

  const open = async (ms: number) => {
    await output.start();
    start = ms;
    return ms;
  };
  return {
    async add(unit) {
      const ms = clock(unit);
      const isFirst = start === undefined;
      const seconds = (ms - (start ?? (await open(ms)))) / 1000;
      // The muxer derives durations from the next packets.
      const packet = new EncodedPacket(unit.data, unit.key ? 'key' : 'delta', seconds, 0);
      await source.add(packet, isFirst ? { decoderConfig: config } : undefined);
      return ms;
    },
    async close() {
      if (start !== undefined) await output.finalize();
    },
  };
}
