import { execa } from 'execa';
import { type DisplayedPlane, readNumber } from './numbered-clip.js';

/** A frame from a plain decoding of the whole file. */
export interface TrueFrame {
  /** Timestamp in units of the stream's time base. */
  readonly pts: number;
  /** Number that the frame shows. */
  readonly number: number;
}

/** Returns every frame of a clip in display order, independently of the code under test. */
export async function decodedTruth(path: string, plane: DisplayedPlane): Promise<TrueFrame[]> {
  const [pts, numbers] = await Promise.all([decodedPts(path), decodedNumbers(path, plane)]);
  if (pts.length !== numbers.length) {
    throw new Error(`ffprobe shows ${pts.length} frames of ${path}, ffmpeg ${numbers.length}`);
  }
  return pts.map((each, i) => ({ pts: each, number: numbers[i]! }));
}

async function decodedPts(path: string): Promise<number[]> {
  const entries = [
    '-show_frames',
    '-show_entries',
    'frame=best_effort_timestamp',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await execa('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    ...entries,
    path,
  ]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => Number.parseInt(line, 10));
}

async function decodedNumbers(path: string, plane: DisplayedPlane): Promise<number[]> {
  const output = [
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-pix_fmt',
    'gray',
    '-f',
    'rawvideo',
    '-',
  ];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...output], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  });
  const bytes = plane.size.width * plane.size.height;
  const frames = Array.from({ length: stdout.length / bytes }, (_, i) => i * bytes);
  return frames.map((at) =>
    readNumber(Buffer.from(stdout.buffer, stdout.byteOffset + at, bytes), plane),
  );
}
