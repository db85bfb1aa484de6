import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { sampledFrames } from '../../domain/video/frame-range.js';
import { PLAIN_WORDS } from '../corpus/check-job.js';
import { readCorpus } from '../corpus/corpus-files.js';
import { testDataFolder } from '../parity/test-data.js';
import { decodeAllRanges } from '../support/decode-all.js';

const { signal } = new AbortController();
const ENDS_WITHIN_MS = 120_000;

const files = await readCorpus(join(testDataFolder(), 'corpus'));
let folder: string;
let tools: VideoTools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-corpus-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Frames that are decoded; undefined if the probe rejects the file in plain words. */
async function decodedFrames(path: string): Promise<number | undefined> {
  const home = await mkdtemp(join(folder, 'file-'));
  try {
    const probed = await tools.probe({ source: path, folder: home, signal });
    const decoded = await decodeAllRanges(tools, path, { probed, folder: home, signal });
    const all = decoded.flatMap(({ frames, skipped }) => [...frames, ...skipped]);
    const numbers = all.map(({ frame }) => frame).sort((a, b) => a - b);
    expect(numbers).toEqual(sampledFrames(0, probed.video.frame_count, 1));
    return decoded.reduce((sum, { frames }) => sum + frames.length, 0);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(['BAD_VIDEO', 'LIMIT_EXCEEDED']).toContain(error.code);
    expect(error.message).toMatch(PLAIN_WORDS);
    expect(error.message).not.toContain(folder);
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

describe('the video tools on every file of the collection', () => {
  it.concurrent.each(files)(
    'decode all frames or name the reason: $name',
    async ({ path, ffmpegFrames }) => {
      const frames = await decodedFrames(path);
      if (frames === undefined) expect(ffmpegFrames).toBe(0);
      else expect(frames).toBeGreaterThanOrEqual(Math.max(1, ffmpegFrames));
    },
    ENDS_WITHIN_MS,
  );
});
