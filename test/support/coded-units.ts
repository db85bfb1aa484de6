import { readFile } from 'node:fs/promises';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import type { Size } from '../../domain/result/detection.js';
import { makeNumberedClip } from './numbered-clip.js';

export interface CodedUnits {
  readonly codec: NalCodec;
  readonly size: Size;
  readonly frames: number;
  /** Frames from one keyframe to the next. */
  readonly gop: number;
  /** Arrival of the first unit, in ms; the others follow at 25 frames per second. */
  readonly startMs: number;
}

const FRAME_MS = 40;
const CODECS = {
  h264: {
    encoder: 'libx264',
    params: '-x264-params',
    options: 'aud=1:bframes=0:scenecut=0',
    delimiter: Buffer.from('0000000109', 'hex'),
  },
  h265: {
    encoder: 'libx265',
    params: '-x265-params',
    options: 'aud=1:bframes=0:scenecut=0:repeat-headers=1:log-level=none',
    delimiter: Buffer.from('0000000146', 'hex'),
  },
} as const;

/** Encodes frames that show their numbers, and returns them as access units of a camera. */
export async function makeCodedUnits(path: string, clip: CodedUnits): Promise<AccessUnit[]> {
  const { size, frames } = clip;
  await makeNumberedClip(path, { size, frames, options: unitOptions(clip) });
  return readUnits(path, clip);
}

type Coding = Pick<CodedUnits, 'codec' | 'gop'>;

/** Options of ffmpeg for a file that {@link readUnits} reads. */
export function unitOptions({ codec, gop }: Coding): string[] {
  const { encoder, params, options } = CODECS[codec];
  const coding = [params, `${options}:keyint=${gop}:min-keyint=${gop}`, '-preset', 'ultrafast'];
  return ['-c:v', encoder, ...coding, '-f', codec === 'h264' ? 'h264' : 'hevc'];
}

/** Reads the access units of an Annex B file. */
export async function readUnits(
  path: string,
  { codec, gop, startMs }: Coding & Pick<CodedUnits, 'startMs'>,
): Promise<AccessUnit[]> {
  return splitAt(await readFile(path), CODECS[codec].delimiter).map((data, i) => ({
    ...{ ts: i * FRAME_MS * 90, cameraTime: null, damaged: false, codec, data },
    arrival: startMs + i * FRAME_MS,
    key: i % gop === 0,
  }));
}

/** Splits Annex B at each access unit delimiter. */
function splitAt(bytes: Buffer, delimiter: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, at + 1)) {
    starts.push(at);
  }
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}
