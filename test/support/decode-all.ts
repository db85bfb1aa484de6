import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodedFrames, ProbedVideo, VideoTools } from '../../domain/ports/video-tools.js';
import { sampledFrames } from '../../domain/video/frame-range.js';
import { planRanges } from '../../domain/video/plan.js';

export interface DecodeAllOptions {
  readonly probed: ProbedVideo;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Decodes every frame of a video, range by range, each in a separate folder. */
export async function decodeAllRanges(
  tools: VideoTools,
  path: string,
  { probed, folder, signal }: DecodeAllOptions,
): Promise<DecodedFrames[]> {
  const { video, identity, keyframes } = probed;
  const { frame_count: frameCount, size } = video;
  const table = await readFile(probed.tablePath);
  const decoded: DecodedFrames[] = [];
  for (const range of planRanges({ frameCount, keyframes, every: 1, size }).ranges) {
    const home = await mkdtemp(join(folder, 'range-'));
    const frames = sampledFrames(range.from, range.to, 1).map((frame) => ({
      frame,
      pts: Number(table.readBigInt64LE(frame * 8)),
    }));
    const source = { source: path, folder: home, video, identity, seekPts: range.seek_pts, frames };
    const output = { format: 'yuv420p' } as const;
    decoded.push(await tools.decode({ ...source, preprocess: false, output, signal }));
  }
  return decoded;
}
